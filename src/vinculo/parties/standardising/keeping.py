"""What was typed, kept beside the value that rules have made of it.

`as_typed` is a column of parties and of contact points: field → {typed, made, rules, at}. The
journal cannot stand in for it: what comes in through a form or a file was never in the table, and
it is an undo that must not forget what it undid. So the column is not in the journal; an undo
leaves it as it is. A value that is not any more what a rule made of it is a person's: no rule
touches it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

AsTyped = dict[str, dict[str, Any]]


def hands_off(as_typed: Mapping[str, Any], field: str, value: str) -> bool:
    """Whether somebody has set a value back, or changed it, since a rule wrote it."""
    held = as_typed.get(field)
    return held is not None and held.get("made") != value


def set_back(as_typed: Mapping[str, Any], field: str, came: str) -> bool:
    """Whether what comes in is what was typed before a rule changed it: somebody wants it so."""
    held = as_typed.get(field)
    return held is not None and held.get("typed") == came != held.get("made")


def with_typed(
    as_typed: Mapping[str, Any],
    field: str,
    typed: str,
    made: str,
    rules: Sequence[str],
    at: datetime,
) -> AsTyped:
    """The column with one more value; of one that rules change twice the first typing is kept."""
    held = as_typed.get(field)
    first = held["typed"] if held is not None and held.get("made") == typed else typed
    return {
        **as_typed,
        field: {"typed": first, "made": made, "rules": list(rules), "at": at.isoformat()},
    }


def typed_of(as_typed: Mapping[str, Any], field: str, value: str) -> str | None:
    """What was typed where `value` is still what was made of it; None otherwise."""
    held = as_typed.get(field)
    if held is None or held.get("made") != value or held.get("typed") == value:
        return None
    return str(held["typed"])
