"""From a deal to its quote, and back: lines go over when a quote is begun, and come back when the
customer accepts it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _t

from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, tell_changed
from vinculo.sales.deals.models import Deal, DealLine
from vinculo.sales.deals.worth_of_lines import follow_lines
from vinculo.sales.lines.models import PricedLine
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.quotes.derived import lines_of, reckoned, refresh
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.scoring.points.counting import count_points

DEAL, QUOTE = "sales.deal", "sales.quote"
#: What both kinds of lines have.
SAME = ("place", "product_id", "name", "description", "quantity", "unit", "price", "list_price",
        "discount_percent", "discount_amount")  # fmt: skip


@action("sales.quote_deal", label=_t("Make a quote"), done=_t("The quote is a draft."), on=DEAL,
        subject="deal", icon="file-plus", order=30)  # fmt: skip
def quote_deal(*, actor: User, deal: Deal) -> Quote:
    """Begin a quote for a deal's customer, with the deal's lines."""
    made: Quote = create_record(actor=actor, entity=entity(QUOTE), data={"deal": deal})
    take_lines(actor, made)
    return made


def begun_in_form(user: User, quote: Quote, query: QueryDict, values: dict[str, Any]) -> None:
    """A quote that a form makes of a deal begins with the deal's lines."""
    take_lines(user, quote)


def take_lines(actor: User, quote: Quote) -> None:
    """Put the lines of its deal on a new quote: those that the actor may see, where both are in one
    currency."""
    deal = quote.deal
    if deal is None or deal.currency != quote.currency:
        return
    if rights_of(actor).field_rule(QUOTE, "gross") == "hidden":
        return
    rows = DealLine.objects.filter(deal=deal).visible_to(actor).select_related("product")
    lines = [one for one in rows.order_by("place", "pk") if one.told_to(actor)]
    QuoteLine.objects.bulk_create(
        [
            QuoteLine(
                quote=quote, **_same(one), tax_rate=(one.product and one.product.tax_rate) or 0
            )
            for one in lines
        ]
    )
    if lines:
        refresh([quote.pk])


def deal_follows(quote: Quote) -> None:
    """An open deal is about what the customer has accepted, and worth that without taxes."""
    rows = Deal.objects.select_for_update(of=("self",), no_key=True)
    deal = rows.filter(pk=quote.deal_id or 0, status=Ends.OPEN).first()
    if deal is None:
        return
    lines = lines_of(quote)
    accepted = []
    for line, sums in zip(lines, reckoned(quote, lines).lines, strict=True):
        if not line.counts:
            continue
        one = DealLine(deal=deal, **_same(line))
        if sums.share:  # of the discount on everything, which a deal has no place for
            one.discount_percent, one.discount_amount = None, (sums.discount + sums.share).amount
        accepted.append(one)
    DealLine.objects.filter(deal=deal).delete()
    DealLine.objects.bulk_create(accepted)
    deal.currency = quote.currency
    deal.save(update_fields=["currency", "updated_at"])
    follow_lines([deal.pk])
    count_points(DEAL, [deal.pk])
    tell_changed(entity(DEAL), deal.pk, {"amount": None, "product": None})


def _same(line: PricedLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in SAME}
