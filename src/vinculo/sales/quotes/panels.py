"""The lines on a quote's page, and the quotes on the pages of deals and customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Scope, reaches, rights_of
from vinculo.products.entities import currency_of
from vinculo.records.entity import Panel
from vinculo.records.registry import entity
from vinculo.sales.quotes.derived import lines_of, reckoned
from vinculo.sales.quotes.document.seeing import rules_allow
from vinculo.sales.quotes.models import Quote, Status

KEY = "sales.quote"
MOST_QUOTES = 20


def lines(request: HttpRequest, quote: Quote) -> dict[str, Any] | None:
    """Line by line what is offered, and what it comes to; None for who may not see the total."""
    user: Any = request.user
    if rights_of(user).field_rule(KEY, "gross") == "hidden":
        return None
    rows = lines_of(quote)
    sums = reckoned(quote, rows)
    return {
        "lines": list(zip(rows, sums.lines, strict=True)),
        "sums": sums,
        "currency": currency_of(quote),
        "editable": quote.status == Status.DRAFT and reaches(user, quote, "edit"),
        "url": f"/quotes/{quote.pk}",
        "pdf_url": f"/quotes/{quote.pk}/pdf" if rows and rules_allow(user, quote) else "",
        "last": len(rows),
    }


def quotes_of(column: str) -> Any:
    """The quotes of a deal or a customer, the newest first; None for who sees none."""

    def found(request: HttpRequest, record: Any) -> dict[str, Any] | None:
        user: Any = request.user
        if rights_of(user).scope(KEY) is Scope.NONE:
            return None
        declared = entity(KEY)
        seen = {one.name for one in declared.fields_for(user)}
        if column not in seen or "name" not in seen:
            return None
        rows = list(
            declared.visible(user).filter(**{column: record.pk}).order_by("-pk")[: MOST_QUOTES + 1]
        )
        return {
            "quotes": rows[:MOST_QUOTES],
            "seen": seen,
            "more": len(rows) > MOST_QUOTES,
            "all_url": f"/quotes?{column}.is={record.pk}",
            "new_url": f"/quotes/new?{column}={record.pk}"
            if rights_of(user).scope(KEY, "add") is not Scope.NONE
            else "",
        }

    return found


LINES = Panel(
    "lines", pgettext_lazy("of a quote", "Lines"), "sales/quotes/panel_lines.html", lines,
    place="main", order=10,
)  # fmt: skip
QUOTES = {
    column: Panel("quotes", _("Quotes"), "sales/quotes/panel_quotes.html", quotes_of(column),
                  order=17)
    for column in ("deal", "company", "person")
}  # fmt: skip
