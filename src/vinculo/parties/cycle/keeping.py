"""The dated states of parties: written in sets, asked for any instant.

Every change of a party's column, by whatever door, is followed by a trigger of the database that
calls the same function as `move`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from vinculo.parties.cycle.kinds import SALES, kind_called
from vinculo.parties.cycle.models import DatedState

#: Held until somebody says otherwise.
FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)

MOVE = """
SELECT parties_move_states(
    %(kind)s, %(ids)s::bigint[], %(was)s::text[], %(became)s::text[], %(why)s, %(details)s::jsonb,
    %(rule)s::bigint, %(held)s::timestamptz, %(at)s::timestamptz)
"""
QUIETLY = "SELECT set_config('vinculo.states', %s, true)"


def move(
    ids: Sequence[int],
    was: Sequence[str],
    became: Sequence[str],
    *,
    at: datetime,
    why: str,
    kind: str = SALES,
    details: dict[str, Any] | None = None,
    rule: int | None = None,
    held: datetime | None = None,
) -> None:
    """Close the open states of the parties `ids` and open new ones; their column is the caller's.

    A party without rows was in `was` since it was made. An instant that is not after the beginning
    of the open row counts as the smallest one that is.
    """
    place = {
        "kind": kind, "ids": list(ids), "was": list(was), "became": list(became), "why": why,
        "details": json.dumps(details or {}), "rule": rule, "held": held, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE, place)


@contextmanager
def unfollowed() -> Iterator[None]:
    """Inside a transaction: the trigger leaves changes alone, whoever writes says them itself."""
    with connection.cursor() as cursor:
        cursor.execute(QUIETLY, ["kept"])
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(QUIETLY, [""])


def in_states(states: Sequence[str], at: datetime, kind: str = SALES) -> Q:
    """Parties that were in one of `states` at an instant; to be used on parties alone."""
    rows = DatedState.objects.filter(party=OuterRef("pk"), kind=kind)
    then = rows.filter(began__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))
    never_moved = Q(**{f"{kind_called(kind).column}__in": list(states)}, created_at__lte=at)
    return Q(Exists(then.filter(state__in=list(states)))) | (never_moved & ~Q(Exists(rows)))


def in_state_since(at: datetime, kind: str = SALES) -> Q:
    """Parties that have been in the state they are in at least since an instant."""
    rows = DatedState.objects.filter(party=OuterRef("pk"), kind=kind)
    settled = rows.filter(until__isnull=True, began__lte=at)
    return Q(Exists(settled)) | (Q(created_at__lte=at) & ~Q(Exists(rows)))


# --- records of one customer become one ---------------------------------------------------------

# What the kept record is told to have been before it was made: what the oldest of the others was.
# Its own rows stand; one that has none is given the row that says so.
OWN_ROWS = """
INSERT INTO parties_datedstate (party_id, kind, state, began, until, why, details)
SELECT p.id, %(kind)s::text, p.state, p.created_at, NULL, 'start', '{}' FROM parties_party p
WHERE p.id = %(kept)s AND EXISTS (
    SELECT FROM parties_datedstate d WHERE d.party_id = ANY(%(gone)s) AND d.kind = %(kind)s::text)
AND NOT EXISTS (SELECT FROM parties_datedstate d WHERE d.party_id = p.id AND d.kind = %(kind)s::text)
"""
OLDEST = """
SELECT o.id, (SELECT min(began) FROM parties_datedstate WHERE party_id = %(kept)s AND kind = %(kind)s::text)
FROM parties_party o JOIN parties_party k ON k.id = %(kept)s
WHERE o.id = ANY(%(gone)s) AND o.created_at < k.created_at
ORDER BY o.created_at, o.id LIMIT 1
"""
EARLIER = """
UPDATE parties_datedstate SET party_id = %(kept)s,
    until = CASE WHEN until IS NULL OR until > %(first)s THEN %(first)s ELSE until END
WHERE party_id = %(oldest)s AND kind = %(kind)s::text AND began < %(first)s
"""
SINCE_MADE = """
UPDATE parties_datedstate d SET began = o.created_at FROM parties_party o
WHERE o.id = %(oldest)s AND d.party_id = %(kept)s AND d.kind = %(kind)s::text AND d.began = %(first)s
"""
OTHERS = "DELETE FROM parties_datedstate WHERE party_id = ANY(%(gone)s)"


def join_states(kept: int, gone: Sequence[int]) -> None:
    """Before records are merged: the kept one keeps its own states, and of the time before it was
    made has those of the oldest of the others. An undo brings all of them back."""
    with connection.cursor() as cursor:
        for kind in (SALES,):
            place: dict[str, Any] = {"kept": kept, "gone": list(gone), "kind": kind}
            cursor.execute(OWN_ROWS, place)
            cursor.execute(OLDEST, place)
            found = cursor.fetchone()
            if found is not None and found[1] is not None:
                place |= {"oldest": found[0], "first": found[1]}
                cursor.execute(EARLIER, place)
                if not cursor.rowcount:
                    cursor.execute(SINCE_MADE, place)
        cursor.execute(OTHERS, {"gone": list(gone)})
