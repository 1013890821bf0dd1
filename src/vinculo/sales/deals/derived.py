"""What follows from deals: how they are found, and what they are worth in the books' currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.money import Money
from vinculo.kernel.text import SearchValues, search_keys
from vinculo.platform.events import on
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import Event
from vinculo.platform.search_keys import write_keys
from vinculo.products.currency import Rates, books_currency
from vinculo.records.custom.fields import words_of
from vinculo.sales.deals.models import Deal

CHUNK = 2000

# Neither is in the journal: both follow from what is.
WRITE_WORTH = """
UPDATE sales_deal d SET value = found.value, weighted = found.weighted
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS found(id, value, weighted)
WHERE d.id = found.id
AND (d.value, d.weighted) IS DISTINCT FROM (found.value, found.weighted)
"""


class Worth(NamedTuple):
    """An amount in the books' currency, and that times its probability; None without a rate."""

    value: Decimal | None
    weighted: Decimal | None


def worth(amount: Decimal | None, currency: str, probability: int, on: date, rates: Rates) -> Worth:
    """What a deal is worth: its amount by the rate of the day it was closed, or of today."""
    if amount is None:
        return Worth(None, None)
    value = rates.in_books(Money(amount, currency or books_currency()), on)
    if value is None:
        return Worth(None, None)
    return Worth(value.amount, value.percent(Decimal(probability)).rounded().amount)


def refresh(ids: Sequence[int]) -> None:
    """Bring search keys, values and weighted values of the deals `ids` up to date."""
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        _refresh_keys(chunk)
        refresh_worth(chunk)


def _refresh_keys(ids: list[int]) -> None:
    rows = Deal.objects.filter(pk__among=ids).values_list(
        "pk", "name", "company__name", "person__name", "next_step", "tags", "campaign",
        "external_id", "custom",
    )  # fmt: skip
    keys = []
    for pk, name, company, person, step, tags, campaign, external, custom in rows:
        words = (step, campaign, external, *tags, *words_of("sales.deal", custom))
        values = SearchValues(names=(name, company or "", person or ""), words=words)
        keys.append((pk, search_keys(values)))
    write_keys(Deal, keys)


def refresh_worth(ids: Sequence[int]) -> None:
    """Bring values and weighted values of the deals `ids` up to date."""
    rows = list(
        Deal.objects.filter(pk__among=list(ids)).values_list(
            "pk", "amount", "currency", "probability", "closed_on"
        )
    )
    if not rows:
        return
    rates = Rates(currency or books_currency() for _pk, _amount, currency, _p, _on in rows)
    today = timezone.localdate(now())
    found = [
        (pk, worth(amount, currency, probability, closed_on or today, rates))
        for pk, amount, currency, probability, closed_on in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE_WORTH,
            [
                [pk for pk, _worth in found],
                [one.value for _pk, one in found],
                [one.weighted for _pk, one in found],
            ],
        )


@job("sales.revalue")
def revalue(*, currencies: list[str] | None) -> None:
    """Work out anew what the deals in these currencies (all of them for None) are worth."""
    rows = Deal.objects.order_by("pk")
    if currencies is not None:
        rows = rows.filter(currency__in=currencies)
    after = 0
    while ids := list(rows.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        refresh_worth(ids)
        after = ids[-1]


@on("products.rates_changed")
def revalue_when_rates_change(event: Event) -> None:
    """Deals in these currencies are worth something else now, those already closed, too, where a
    rate of their day was missing or mended."""
    enqueue(revalue, currencies=event.payload["currencies"])
