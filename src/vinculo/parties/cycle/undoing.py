"""What an undo does to dated states: exactly what was there before, or, where somebody has moved
the party since, one more row that says so.

The states follow the party's column. While an undo writes, the trigger keeps still and the rows are
restored from the journal like any others; but only those of parties for which they then make one
unbroken chain that begins when the party was made and ends in the state the column will hold. The other parties' rows stay as they are,
and where their column was put back all the same, a row "undone" follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from vinculo.kernel.clock import now
from vinculo.parties.cycle.keeping import QUIETLY, move
from vinculo.parties.cycle.kinds import SALES

TABLE = "parties_datedstate"
MOST_ROUNDS = 25

# The rows that each party concerned will have after the undo, as a chain; and the parties for which
# it breaks, or does not end in what the party's column will hold.
BROKEN = """
WITH net AS (
    SELECT row_id, before, first_op = 'I' AND last_op <> 'D' AS made,
           first_op <> 'I' AND last_op = 'D' AS back
    FROM undo_net WHERE table_name = 'parties_datedstate'
), touched AS (
    SELECT d.party_id FROM net JOIN parties_datedstate d ON d.id = net.row_id
    UNION SELECT (before ->> 'party_id')::bigint FROM net WHERE before ? 'party_id'
), later AS (
    SELECT coalesce((net.before ->> 'party_id')::bigint, d.party_id) AS party_id, d.kind,
           coalesce(net.before ->> 'state', d.state) AS state,
           coalesce((net.before ->> 'began')::timestamptz, d.began) AS began,
           CASE WHEN net.before ? 'until' THEN (net.before ->> 'until')::timestamptz
                ELSE d.until END AS until, d.why
    FROM parties_datedstate d LEFT JOIN net ON net.row_id = d.id
    WHERE d.party_id IN (SELECT party_id FROM touched) AND NOT coalesce(net.made, false)
    UNION ALL
    SELECT (before ->> 'party_id')::bigint, before ->> 'kind', before ->> 'state',
           (before ->> 'began')::timestamptz, (before ->> 'until')::timestamptz,
           before ->> 'why'
    FROM net WHERE back AND NOT EXISTS (SELECT FROM parties_datedstate d WHERE d.id = net.row_id)
), chain AS (
    SELECT *, lead(began) OVER line AS following, lag(began) OVER line AS previous
    FROM later WINDOW line AS (PARTITION BY party_id, kind ORDER BY began)
)
SELECT DISTINCT c.party_id FROM chain c
LEFT JOIN parties_party p ON p.id = c.party_id
LEFT JOIN undo_net n ON n.table_name = 'parties_party' AND n.row_id = c.party_id
WHERE c.until IS DISTINCT FROM c.following
OR (c.previous IS NULL AND c.why <> 'start')
OR (c.following IS NULL AND c.kind = 'sales' AND c.state IS DISTINCT FROM
    CASE WHEN n.before ? 'state' THEN n.before ->> 'state' ELSE p.state END)
"""
LEAVE_OUT = """
DELETE FROM undo_net n WHERE n.table_name = 'parties_datedstate' AND (
    (n.before ->> 'party_id')::bigint = ANY(%(parties)s)
    OR EXISTS (SELECT FROM parties_datedstate d
               WHERE d.id = n.row_id AND d.party_id = ANY(%(parties)s)))
"""
PARTIES_TOO = "SELECT EXISTS (SELECT FROM undo_net WHERE table_name = 'parties_party')"

UNLIKE = """
SELECT array_agg(p.id), array_agg(d.state), array_agg(p.state)
FROM parties_party p
JOIN parties_datedstate d ON d.party_id = p.id AND d.kind = %(kind)s AND d.until IS NULL
WHERE p.id IN (SELECT unnest(%(ids)s::bigint[])) AND d.state <> p.state
"""


def leave_out_what_does_not_fit(cursor: Any, kept: list[Any]) -> None:
    """Take the rows of parties out of the undo whose states would not fit together after it."""
    cursor.execute(QUIETLY, ["kept"])
    for _round in range(MOST_ROUNDS):
        cursor.execute(BROKEN)
        broken = [row[0] for row in cursor.fetchall()]
        if not broken:
            break
        cursor.execute(LEAVE_OUT, {"parties": broken})
        if not cursor.rowcount:
            break
    cursor.execute(PARTIES_TOO)
    if cursor.fetchone()[0] or any(one.table == "parties_party" for one in kept):
        # What is said of the party says enough.
        kept[:] = [one for one in kept if one.table != TABLE]


def follow_again() -> None:
    """After an undo has written: the trigger follows what is written from now on."""
    with connection.cursor() as cursor:
        cursor.execute(QUIETLY, [""])


def settle(ids: Sequence[int]) -> None:
    """After an undo: parties whose column holds another state than their open row get one more."""
    with connection.cursor() as cursor:
        cursor.execute(UNLIKE, {"ids": list(ids), "kind": SALES})
        parties, was, became = cursor.fetchone()
    if parties:
        move(parties, was, became, at=now(), why="undo")
    follow_again()
