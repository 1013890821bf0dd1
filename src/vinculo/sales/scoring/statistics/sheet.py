"""What is learned from: columns of values, when each deal was decided, and whether it was won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

#: So many decided deals are needed, and so many of each outcome.
LEAST, LEAST_OF_EACH = 200, 20
#: Shares of the decided deals, the oldest first, for learning and for calibrating; the rest judges.
LEARNING, CALIBRATING = 0.6, 0.2
#: Each of the three parts needs so many deals.
LEAST_IN_PART = 25


@dataclass(frozen=True)
class Column:
    """A feature: a number or a word for each deal, None where nothing is known."""

    name: str
    is_number: bool
    values: list[Any]


@dataclass(frozen=True)
class Sheet:
    """Deals by row, features by column. `days` and `won` are empty for deals not decided yet;
    a day is a number that grows with time."""

    columns: list[Column]
    days: list[int] = field(default_factory=list)
    won: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else len(self.won)


@dataclass
class Learned:
    """What came of it: plain numbers and words, ready for JSON.

    `verdict` is signal, none (not better than the base rate) or split (the days at which deals were
    decided leave no older and newer ones to learn from and to judge by). `scores` holds a chance in
    percent for each open deal, and its factors: column, hundredths of chance, how it compares.
    """

    verdict: str
    report: dict[str, Any] = field(default_factory=dict)
    scores: list[tuple[int, list[list[Any]]]] = field(default_factory=list)


def missing(won: int, lost: int) -> int:
    """How many more decided deals it takes before anything can be learned; 0 for enough."""
    of_each = max(0, LEAST_OF_EACH - won) + max(0, LEAST_OF_EACH - lost)
    return max(0, LEAST - won - lost, of_each)


def cut(days: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """The rows for learning, for calibrating and for judging, each decided before the next.

    Deals decided on one day stay together; a part is empty where the days allow no better.
    """
    order = sorted(range(len(days)), key=lambda at: (days[at], at))
    first = _border(days, order, round(len(order) * LEARNING))
    second = max(first, _border(days, order, round(len(order) * (LEARNING + CALIBRATING))))
    return order[:first], order[first:second], order[second:]


def _border(days: Sequence[int], order: Sequence[int], near: int) -> int:
    """The place nearest to `near` (the later of two) where one day ends and another begins."""
    places = [
        at for at in range(len(order) + 1)
        if at in (0, len(order)) or days[order[at - 1]] != days[order[at]]
    ]  # fmt: skip
    return min(places, key=lambda at: (abs(at - near), -at))
