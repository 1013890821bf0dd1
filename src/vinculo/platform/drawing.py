"""Lines over days in a drawing that needs neither script nor style: where their points stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Frame:
    """The days and the numbers that a drawing reaches over; `last` is after `first`, `highest` more
    than `lowest`."""

    first: date
    last: date
    lowest: Decimal
    highest: Decimal

    def place(self, day: date, number: Decimal | float) -> tuple[float, float]:
        """Where a number of a day stands, from the upper left."""
        along = (day - self.first).days / (self.last - self.first).days
        up = float((Decimal(number) - self.lowest) / (self.highest - self.lowest))
        return round(along * WIDTH, 1), round(HEIGHT - up * HEIGHT, 1)

    def line(self, told: Sequence[tuple[date, Decimal]] | Sequence[tuple[date, float]]) -> str:
        """The points of a polyline."""
        return " ".join(f"{x},{y}" for x, y in (self.place(*one) for one in told))
