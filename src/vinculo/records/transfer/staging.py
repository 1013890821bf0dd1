"""What passes between reading a file and the staging tables of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Refusal = tuple[int, str, dict[str, object]]
"""Line number, reason (English msgid) and the reason's parameters."""


@dataclass(slots=True)
class Prepared:
    """Rows ready for COPY: text per staging table, and the rows that were refused and why."""

    rows: int = 0
    blocks: dict[str, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class RowPreparer(Protocol):
    """Turns rows into staged ones, without database: it is sent to worker processes."""

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """Stage the rows (line number, cells); those that do not fit are refused with why."""
        ...
