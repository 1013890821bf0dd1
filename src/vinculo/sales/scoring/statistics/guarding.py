"""The guard against leaks: what alone tells won from lost too well was not known beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from vinculo.sales.scoring.statistics.measures import Floats, auc
from vinculo.sales.scoring.statistics.sheet import Column

#: A single feature that separates better than this is taken for a trace of the outcome.
SUSPICIOUS = 0.95
BINS = 10
#: Shares of a value seen rarely are drawn to the base rate as if so many more deals had it.
SMOOTHING = 5


def alone(column: Column, won: Floats, learn: list[int], check: list[int]) -> float:
    """How well this feature alone separates won from lost: the AUC on the rows `check` of the
    shares won among the rows `learn` with the like value."""
    cells = _cells(column, learn)
    base = float(won[learn].mean())
    sums: dict[Any, list[float]] = {}
    for at in learn:
        held = sums.setdefault(cells[at], [0.0, 0.0])
        held[0] += won[at]
        held[1] += 1
    shares = {
        cell: (hits + base * SMOOTHING) / (count + SMOOTHING)
        for cell, (hits, count) in sums.items()
    }
    return auc(won[check], np.array([shares.get(cells[at], base) for at in check]))


def _cells(column: Column, learn: list[int]) -> list[Any]:
    """The value of each row, numbers by tenths of what is usual; exact where there are few."""
    if not column.is_number:
        return column.values
    known = [column.values[at] for at in learn if column.values[at] is not None]
    if len(set(known)) <= BINS:
        return column.values
    # What many deals share is a cell of its own: an amount of exactly 0, above all.
    borders = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)))
    return [
        None if value is None
        else (int(np.searchsorted(borders, value, "left")), int(np.searchsorted(borders, value, "right")))
        for value in column.values
    ]  # fmt: skip


def says_nothing(column: Column, rows: list[int]) -> bool:
    """All these rows have the same value."""
    return len({column.values[at] for at in rows}) < 2
