"""The lines on a deal's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import reaches, rights_of
from vinculo.products.entities import currency_of
from vinculo.records.entity import Panel
from vinculo.sales.deals.models import Deal
from vinculo.sales.deals.worth_of_lines import lines_of, reckoned

KEY = "sales.deal"


def lines(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """Line by line what a deal is about, and what it comes to; None for who may not see that, and
    where there is nothing and nothing to add."""
    user: Any = request.user
    rules = {rights_of(user).field_rule(KEY, name) for name in ("amount", "product")}
    if "hidden" in rules:
        return None
    rows = lines_of(deal)
    editable = not any(rules) and reaches(user, deal, "edit")
    if not rows and not editable:
        return None
    currency = currency_of(deal)
    sums = reckoned(rows, currency)
    return {
        "lines": list(zip(rows, sums.lines, strict=True)),
        "sums": sums,
        "currency": currency,
        "editable": editable,
        "url": f"/deals/{deal.pk}",
    }


LINES = Panel(
    "lines", pgettext_lazy("of a quote", "Lines"), "sales/panel_deal_lines.html", lines,
    place="main", order=5,
)  # fmt: skip
