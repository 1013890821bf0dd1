"""The figures of a forecast: what was won and what is open in a period, by team and person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.expressions import RawSQL

from vinculo.kernel.money import Money
from vinculo.platform.base import RecordQuerySet
from vinculo.platform.models import User
from vinculo.platform.models.people import TEAM_AND_BELOW
from vinculo.products.currency import books_currency
from vinculo.sales.deals.models import Deal
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.models import DealSnapshot
from vinculo.sales.forecast.rates import StageRate
from vinculo.sales.pipelines.models import Category, Ends

ZERO = Decimal(0)
#: A row of a forecast: a team (None: none) and an owner (None: nobody).
Key = tuple[int | None, int | None]


@dataclass
class Figures:
    """Sums in the books' currency; `weighted` and `modelled` are of what is open."""

    won: Decimal = ZERO
    commit: Decimal = ZERO
    best_case: Decimal = ZERO
    pipeline: Decimal = ZERO
    weighted: Decimal = ZERO
    modelled: Decimal = ZERO
    #: Open deals in a stage of which the history tells too little: then `modelled` is not shown.
    unmodelled: int = 0
    won_deals: int = 0
    commit_deals: int = 0
    best_case_deals: int = 0
    pipeline_deals: int = 0
    open_deals: int = 0
    #: Deals whose currency has no rate: they are in no sum.
    without_rate: int = 0

    def add(self, other: Figures) -> None:
        """Count another's deals in."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def forecast(self) -> Decimal:
        """What is counted on: won already, or committed to."""
        return self.won + self.commit

    @property
    def by_model(self) -> Decimal | None:
        """By the company's own history; None where that tells too little."""
        return None if self.unmodelled else self.modelled

    @property
    def deals(self) -> int:
        """All deals in it."""
        return self.won_deals + self.open_deals


#: What an open deal of each category adds to.
_NAMES = {
    Category.COMMIT: "commit",
    Category.BEST_CASE: "best_case",
    Category.PIPELINE: "pipeline",
}
_GROUP = ("team_id", "owner_id", "status", "category", "stage_id")


def current(user: User, asked: Asked, rates: Mapping[int, StageRate]) -> dict[Key, Figures]:
    """The figures of all deals that `user` sees, as they are now: one query."""
    span = (asked.period.start, asked.period.end)
    rows = Deal.objects.visible_to(user).filter(
        Q(status=Ends.OPEN, close_on__range=span) | Q(status=Ends.WON, closed_on__range=span)
    )
    grouped = (
        counted(rows, asked)
        .order_by()
        .values(*_GROUP)
        .annotate(
            number=Count("pk"),
            value_sum=Sum("value"),
            weighted_sum=Sum("weighted"),
            no_rate=Count("pk", filter=Q(amount__isnull=False, value__isnull=True)),
        )
    )
    return _gathered(
        {**row, "rate": rates.get(row["stage_id"], StageRate()).rate} for row in grouped
    )


def as_it_was(user: User, asked: Asked, day: date) -> dict[Key, Figures]:
    """The same by the snapshot of a day, of the deals that were then in the reach of `user`."""
    rows = DealSnapshot.objects.visible_to(user).filter(
        day=day, on__range=(asked.period.start, asked.period.end)
    )
    return _gathered(summed(counted(rows, asked), *_GROUP))


def summed(rows: RecordQuerySet[Any], *by: str) -> Any:
    """What deals once were, summed up by columns and by all that decides where they count."""
    return (
        rows.order_by()
        .values(*{*by, "status", "category", "stage_id", "rate"})
        .annotate(
            number=Count("pk"),
            value_sum=Sum("value"),
            weighted_sum=Sum("weighted"),
            no_rate=Count("pk", filter=Q(has_amount=True, value__isnull=True)),
        )
    )


def counted(rows: RecordQuerySet[Any], asked: Asked) -> RecordQuerySet[Any]:
    """Of these deals (or what they once were) those that the forecast asked for counts."""
    found = rows.exclude(status=Ends.OPEN, category=Category.OMITTED)
    if asked.pipeline is not None:
        found = found.filter(pipeline_id=asked.pipeline)
    if asked.person is not None:
        found = found.filter(owner_id=asked.person)
    if asked.team is not None:
        found = found.filter(team_id__in=RawSQL(TEAM_AND_BELOW, [asked.team]))  # noqa: S611
    return found


def _gathered(rows: Iterable[dict[str, Any]]) -> dict[Key, Figures]:
    found: dict[Key, Figures] = {}
    books = books_currency()
    for row in rows:
        figures = found.setdefault((row["team_id"], row["owner_id"]), Figures())
        figures.add(of_group(row, books))
    return found


def of_group(row: Mapping[str, Any], books: str) -> Figures:
    """The deals of one team, owner, status, category and stage."""
    value, number = row["value_sum"] or ZERO, row["number"]
    made = Figures(without_rate=row["no_rate"])
    if row["status"] == Ends.WON:
        made.won, made.won_deals = value, number
        return made
    made.open_deals, made.weighted = number, row["weighted_sum"] or ZERO
    name = _NAMES.get(row["category"])
    if name is not None:
        setattr(made, name, value)
        setattr(made, f"{name}_deals", number)
    if row["rate"] is None:
        made.unmodelled = number
    else:
        made.modelled = Money(value * row["rate"], books).rounded().amount
    return made
