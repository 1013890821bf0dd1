"""Records as they stood when they began, in the shape that is learned from.

What was changed when records had been decided, or as they were, is left out and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vinculo.records.registry import entity
from vinculo.sales.scoring.statistics.sheet import Column, Sheet
from vinculo.sales.scoring.subject import Facts, Feature, Subject

#: Learned from at most so many decided records, the latest.
MOST = 50_000
#: A feature that was changed after the end of more than this share of records is left out.
CHANGED_LATE = 0.01
CHUNK = 5_000
#: The word for something of which only counts that it is filled in.
GIVEN = "given"


@dataclass
class Gathered:
    """Decided records and open ones by the same features; what the journal's guard left out."""

    decided: Sheet
    waiting: Sheet
    waiting_ids: list[int]
    left_out: list[dict[str, Any]] = field(default_factory=list)


def gather(subject: Subject) -> Gathered:
    """Read all open records of a type, and the latest decided ones."""
    rows = entity(subject.key).model._default_manager
    over = rows.filter(status__in=[subject.good, subject.bad]).order_by(*subject.latest)
    now_open = rows.filter(status__in=subject.open).order_by("pk")
    past = _read(subject, list(over.values_list("pk", flat=True)[:MOST]))
    waiting = _read(subject, list(now_open.values_list("pk", flat=True)))
    late = _changed_late(past)
    kept = [one for one in subject.features if one.name not in late]
    decided = Sheet(
        _columns(kept, past),
        [row["ended"].toordinal() for row in past],
        [row["status"] == subject.good for row in past],
    )
    out = [{"column": name, "why": "late", "deals": count} for name, count in late.items()]
    return Gathered(decided, Sheet(_columns(kept, waiting)), [row["id"] for row in waiting], out)


def _read(subject: Subject, ids: Sequence[int]) -> list[Facts]:
    found: list[Facts] = []
    for start in range(0, len(ids), CHUNK):
        found += subject.read(ids[start : start + CHUNK])
    return sorted(found, key=lambda row: row["id"])


def _columns(features: Sequence[Feature], rows: Sequence[Facts]) -> list[Column]:
    return [Column(one.name, one.is_number, [_told(one, row) for row in rows]) for one in features]


def _told(feature: Feature, row: Facts) -> Any:
    value = row[feature.name]
    if feature.is_number:
        return value
    if value in (None, ""):
        return None
    return GIVEN if feature.only_given else str(value)


def _changed_late(rows: Sequence[Facts]) -> dict[str, int]:
    """Features that were changed on the day records were decided, or later, and of how many."""
    late: dict[str, int] = defaultdict(int)
    for row in rows:
        for name, days in row["changed"].items():
            late[name] += any(day >= row["ended"] for day in days)
    return {name: count for name, count in late.items() if count > CHANGED_LATE * len(rows)}
