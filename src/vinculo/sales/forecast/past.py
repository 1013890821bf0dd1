"""How a period's forecast moved from week to week, and how right past forecasts were."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Q, Sum, Value, When

from vinculo.platform.drawing import Frame
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.sales.deals.models import Deal
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.figures import ZERO, Figures, counted, of_group, summed
from vinculo.sales.forecast.models import DealSnapshot, Snapshot
from vinculo.sales.forecast.periods import Period
from vinculo.sales.pipelines.models import Ends

#: A movement begins so long before its period.
BEFORE = timedelta(days=92)
#: So many past periods are compared.
PERIODS = 6
#: An older snapshot tells nothing of a day.
STALE = timedelta(days=14)


@dataclass(frozen=True)
class Point:
    """The forecast of a period as it was on a day."""

    day: date
    figures: Figures

    @property
    def likely(self) -> Decimal:
        """Won, and what was open times its probability."""
        return self.figures.won + self.figures.weighted


def movement(user: User, asked: Asked) -> list[Point]:
    """The forecast of a period by every snapshot, from a quarter before it until its end."""
    period = asked.period
    rows = DealSnapshot.objects.visible_to(user).filter(
        day__range=(period.start - BEFORE, period.end), on__range=(period.start, period.end)
    )
    found: dict[date, Figures] = {}
    for row in summed(counted(rows, asked), "day"):
        found.setdefault(row["day"], Figures()).add(of_group(row, books_currency()))
    days = Snapshot.objects.filter(day__range=(period.start - BEFORE, period.end))
    listed = days.order_by("day").values_list("day", flat=True)
    return [Point(day, found.get(day, Figures())) for day in listed]


@dataclass(frozen=True)
class Chart:
    """Lines by name, and what stands at the ends of the scale."""

    lines: list[tuple[str, str]]
    frame: Frame


def chart_of(points: Sequence[Point]) -> Chart | None:
    """The movement as lines; None where there are not two days, or nothing on any."""
    highest = max((max(p.likely, p.figures.forecast) for p in points), default=ZERO)
    if len(points) < 2 or not highest:
        return None
    frame = Frame(points[0].day, points[-1].day, ZERO, highest)
    told = {
        "likely": [(point.day, point.likely) for point in points],
        "forecast": [(point.day, point.figures.forecast) for point in points],
        "won": [(point.day, point.figures.won) for point in points],
    }
    return Chart([(name, frame.line(line)) for name, line in told.items()], frame)


@dataclass(frozen=True)
class Guess:
    """What was forecast on a day for a period, in one of the ways of reckoning; None: unknown."""

    amount: Decimal | None
    outcome: Decimal

    @property
    def error(self) -> Decimal | None:
        """How far off it was, in percent of what came; above zero where it promised too much."""
        if self.amount is None or not self.outcome:
            return None
        return ((self.amount - self.outcome) / self.outcome * 100).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Compared:
    """A past period: what was won in it, and what was forecast at its beginning and its middle."""

    period: Period
    outcome: Decimal
    guesses: list[Guess]


def accuracy(user: User, asked: Asked, today: date) -> list[Compared]:
    """The periods before the one asked for that are over, latest first, as far as snapshots go."""
    steps = range(-1, -PERIODS - 1, -1)
    periods = [p for p in (asked.period.step(step) for step in steps) if p.end < today]
    days = list(Snapshot.objects.order_by("day").values_list("day", flat=True))
    told = {p: [_near(days, day) for day in (p.start, p.middle)] for p in periods}
    told = {period: found for period, found in told.items() if any(found)}
    if not told:
        return []
    then = _then(user, asked, told)
    won = _won(user, asked, list(told))
    return [
        Compared(
            period,
            won.get(period.code, ZERO),
            [
                guess
                for day in found
                for guess in _guesses(
                    then.get((day, period.code), Figures()) if day else None,
                    won.get(period.code, ZERO),
                )
            ],
        )
        for period, found in told.items()
    ]


def _near(days: Sequence[date], day: date) -> date | None:
    """The last of some days in their order that is not after a day, nor long before it."""
    at = bisect_right(days, day)
    return days[at - 1] if at and days[at - 1] >= day - STALE else None


def _guesses(figures: Figures | None, outcome: Decimal) -> list[Guess]:
    """As committed, as weighted, and by the model."""
    if figures is None:
        return [Guess(None, outcome)] * 3
    model = figures.by_model
    return [
        Guess(figures.forecast, outcome),
        Guess(figures.won + figures.weighted, outcome),
        Guess(figures.won + model if model is not None else None, outcome),
    ]


def _then(
    user: User, asked: Asked, told: dict[Period, list[date | None]]
) -> dict[tuple[date, str], Figures]:
    """The figures of each period on each of its days: one query."""
    wanted = Q()
    for period, days in told.items():
        known = [day for day in days if day is not None]
        wanted |= Q(day__in=known, on__range=(period.start, period.end))
    seen = DealSnapshot.objects.visible_to(user).filter(wanted)
    rows: Any = counted(seen, asked).annotate(code=_code("on", list(told)))
    found: dict[tuple[date, str], Figures] = {}
    for row in summed(rows, "day", "code"):
        figures = found.setdefault((row["day"], row["code"]), Figures())
        figures.add(of_group(row, books_currency()))
    return found


def _won(user: User, asked: Asked, periods: list[Period]) -> dict[str, Decimal]:
    """What was won in each period."""
    span = (min(one.start for one in periods), max(one.end for one in periods))
    seen = Deal.objects.visible_to(user).filter(status=Ends.WON, closed_on__range=span)
    rows: Any = counted(seen, replace(asked, as_of=None)).annotate(code=_code("closed_on", periods))
    told = rows.order_by().values("code").annotate(total=Sum("value"))
    return {row["code"]: row["total"] or ZERO for row in told}


def _code(column: str, periods: list[Period]) -> Case:
    """The code of the period that a day is in."""
    whens = [
        When(**{f"{column}__range": (one.start, one.end)}, then=Value(one.code)) for one in periods
    ]
    return Case(*whens, default=Value(""), output_field=CharField())
