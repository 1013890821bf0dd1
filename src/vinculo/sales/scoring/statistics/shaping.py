"""Features as numbers: what is usual is learned from the oldest deals, and holds for all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vinculo.sales.scoring.statistics.measures import Floats
from vinculo.sales.scoring.statistics.sheet import Column

#: A word that fewer deals of those learned from have is told together with the other rare ones.
RARE = 10
MOST_WORDS = 40
QUANTILES = 51


@dataclass(frozen=True)
class Shape:
    """What is usual in a column: the quantiles of a number, or the words often met."""

    name: str
    is_number: bool
    marks: list[float]
    words: list[str]

    def coded(self, column: Column) -> Floats:
        """One number for each row: the number itself, or the place of its word (after the last
        one for a rare word); NaN for nothing."""
        if self.is_number:
            return np.array([np.nan if v is None else float(v) for v in column.values])
        places = {word: at for at, word in enumerate(self.words)}
        rare = len(self.words)
        return np.array([np.nan if v is None else places.get(v, rare) for v in column.values])

    def spread(self, column: Column) -> Floats:
        """The row's columns for a linear model: for a number where it stands among the usual ones,
        from -1 to 1, and whether it is missing; for a word one for each often met."""
        coded = self.coded(column)
        empty = np.isnan(coded)
        if self.is_number:
            # In the middle of a run of equal marks: equal values stand in one place.
            low = np.searchsorted(self.marks, coded, "left")
            high = np.searchsorted(self.marks, coded, "right")
            place = (low + high) / max(1, len(self.marks)) - 1
            return np.column_stack([np.where(empty, 0.0, place), empty.astype(float)])
        return (coded[:, None] == np.arange(len(self.words) + 1)[None, :]).astype(float)

    def said(self, column: Column, at: int) -> str:
        """How a row's value compares: more, less, usual, none; or `is` for a word."""
        value = column.values[at]
        if value is None:
            return "none"
        if not self.is_number:
            return "is"
        low, high = self.marks[len(self.marks) // 4], self.marks[(len(self.marks) * 3) // 4]
        return "more" if value > high else "less" if value < low else "usual"


def shape_of(column: Column, rows: list[int]) -> Shape:
    """What is usual in these rows of a column."""
    known = [column.values[at] for at in rows if column.values[at] is not None]
    if column.is_number:
        marks = np.quantile(known, np.linspace(0, 1, QUANTILES)) if known else [0.0]
        return Shape(column.name, True, [float(mark) for mark in marks], [])
    counts: dict[str, int] = {}
    for word in known:
        counts[word] = counts.get(word, 0) + 1
    often = sorted((w for w, n in counts.items() if n >= RARE), key=lambda w: (-counts[w], w))
    return Shape(column.name, False, [], often[:MOST_WORDS])
