"""What a quote is, declared once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.platform.access import rights_of, tells
from vinculo.platform.events import emit
from vinculo.platform.formats import money_text
from vinculo.platform.models import User
from vinculo.products.entities import currency_field, currency_of
from vinculo.records.entity import Badge, Entity, Figure, Section
from vinculo.records.fields import Field
from vinculo.records.parts import Parts
from vinculo.records.registry import register
from vinculo.sales.quotes.derived import refresh
from vinculo.sales.quotes.models import Issued, Quote, QuoteLine, Status
from vinculo.sales.quotes.numbering import quote_settings
from vinculo.sales.quotes.of_deals import begun_in_form
from vinculo.sales.quotes.offering.models import QuoteAnswer, QuoteLink
from vinculo.sales.quotes.offering.panel import ANSWERS
from vinculo.sales.quotes.panels import LINES
from vinculo.sales.quotes.rules import fixed_of, prepare_quote

KEY = "sales.quote"
TONES = {
    Status.DRAFT: "",
    Status.APPROVAL: "is-warn",
    Status.SENT: "is-info",
    Status.ACCEPTED: "is-ok",
    Status.REJECTED: "is-bad",
    Status.EXPIRED: "is-bad",
}


def _sees(user: User, name: str) -> bool:
    return rights_of(user).field_rule(KEY, name) != "hidden"


def badges(user: User, quote: Quote) -> list[Badge]:
    """Where it stands, and under which number."""
    shown = []
    if _sees(user, "status"):
        tone = TONES.get(Status(quote.status), "")
        title = quote.answer if _sees(user, "answer") else ""
        shown.append(Badge(quote.get_status_display(), f"with-dot {tone}".strip(), title))
    if quote.number and _sees(user, "number"):
        shown.append(Badge(quote.full_number, title=pgettext("of a quote", "Number")))
    return shown


def figures(user: User, quote: Quote) -> list[Figure]:
    """What it comes to."""
    if not _sees(user, "gross"):
        return []
    currency = currency_of(quote)
    note = gettext("%(net)s without taxes") % {"net": money_text(quote.net, currency)}
    return [Figure(pgettext("of a quote", "Total"), money_text(quote.gross, currency), note)]


def beginning(user: User) -> dict[str, Any]:
    """A new quote is valid for the usual time."""
    today = timezone.localdate(now())
    return {"valid_until": today + timedelta(days=quote_settings().valid_days)}


def created(user: User, quote: Quote) -> None:
    """Tell of a new quote."""
    emit("sales.quote_created", {"quote": quote.pk, "deal": quote.deal_id})


QUOTE = register(
    Entity(
        key=KEY,
        model=Quote,
        path="quotes",
        icon="file-text",
        nav="sales",
        nav_order=40,
        add_label=_("New quote"),
        fields=(
            Field("name", searched=True, required=False),
            Field("number", searched=True, editable=False),
            Field("version", editable=False),
            Field("status", editable=False),
            "deal",
            Field("company", searched=True),
            Field("person", searched=True),
            currency_field(),
            "language",
            "valid_until",
            "discount_percent",
            Field("discount_amount", currency_of=currency_of),
            Field("net", editable=False, currency_of=currency_of),
            Field("tax", editable=False, currency_of=currency_of),
            Field("gross", editable=False, currency_of=currency_of),
            "terms",
            Field("answer", editable=False),
            Field("issued_on", editable=False),
            Field("decided_on", editable=False),
            "owner",
            "team",
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "number", "company", "status", "gross", "valid_until", "owner"),
        form=("name", "deal", "company", "person", "currency", "language", "valid_until", "owner"),
        sections=(
            Section(_("Facts"), ("deal", "company", "person", "valid_until", "currency",
                                 "language", "owner", "team")),
            Section(_("Discount on everything"), ("discount_percent", "discount_amount")),
            Section(_("More"), ("terms", "answer", "issued_on", "decided_on")),
        ),
        subtitle=("company", "person"),
        needs=("currency", "status", "number", "version", "answer"),
        default_sort="-created_at",
        beginning=beginning,
        search="search",
        search_late=True,
        derive=refresh,
        prepare=prepare_quote,
        fixed=fixed_of,
        created=created,
        created_from=begun_in_form,
        badges=badges,
        figures=[figures],
        history=((QuoteLine, "quote_id"), (Issued, "quote_id"), (QuoteLink, "quote_id"),
                 (QuoteAnswer, "quote_id")),
        panels=[LINES, ANSWERS],
        parts=(Parts("lines", LINES.label, QuoteLine, "quote", leads_to={"product": "products.product"}),),
    )
)  # fmt: skip

# What a quote comes to is told by its parts: hidden wherever the total is.
for told in ("net", "tax", "discount_percent", "discount_amount"):
    tells(KEY, told, of=(KEY, "gross"))
