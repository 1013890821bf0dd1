"""Rows of one file that are the same party are folded into the first of them, later values last."""

from __future__ import annotations

from typing import Any

from vinculo.parties.importing.recipe import PARTY

# Not folded: what identifies the row, and what is recomputed after a merge anyway.
_KEPT = ("row", "match_key", "search", "sort_name", "phone", "email", "city", "region", "country",
         "completeness", "custom", "custom_names")  # fmt: skip

_MEMBERS = """
CREATE TEMPORARY TABLE import_member ON COMMIT DROP AS
SELECT w.row AS leader, o.row, w.party_id
FROM import_write w JOIN import_outcome o
  ON o.first_row = w.first_row AND o.party_id = w.party_id AND o.outcome IN ('created', 'updated')
WHERE w.size > 1
"""
_FOLD = """
UPDATE import_party lead SET {assignments}
FROM (
    SELECT m.leader, {latest}
    FROM import_member m JOIN import_party s ON s.row = m.row GROUP BY m.leader
) folded
WHERE lead.row = folded.leader
"""
# Of custom values each is folded by itself.
_FOLD_CUSTOM = """
UPDATE import_party lead SET custom = folded.custom FROM (
    SELECT m.leader, jsonb_object_agg(e.key, e.value ORDER BY s.row)::text AS custom
    FROM import_member m JOIN import_party s ON s.row = m.row
    CROSS JOIN LATERAL jsonb_each(s.custom::jsonb) e GROUP BY m.leader
) folded WHERE lead.row = folded.leader
"""
_MOVE = "UPDATE {table} t SET row = m.leader {more} FROM import_member m WHERE t.row = m.row"
# Of the same number the later row wins, and one number of each kind comes first.
_NO_REPEATED_POINTS = """
DELETE FROM import_point t USING import_point later
WHERE t.row IN (SELECT leader FROM import_member) AND later.row = t.row AND later.kind = t.kind
AND (later.value = t.value OR t.kind = 'address') AND later.place > t.place
"""
_ONE_PRIMARY = """
UPDATE import_point t SET is_primary = false
WHERE t.row IN (SELECT leader FROM import_member) AND t.is_primary AND EXISTS (
    SELECT 1 FROM import_point later WHERE later.row = t.row AND later.kind = t.kind
    AND later.is_primary AND later.place > t.place)
"""
_NO_REPEATED_CONTACTS = """
DELETE FROM import_contact n USING import_contact other
WHERE n.row IN (SELECT leader FROM import_member) AND other.row = n.row
AND other.match_key = n.match_key AND other.new_id > n.new_id
"""


def merge_repeated(cursor: Any) -> list[int]:
    """Fold repeated rows into their first; returns the parties this concerns."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_member")
    cursor.execute(_MEMBERS)
    cursor.execute("SELECT DISTINCT party_id FROM import_member")
    concerned = [row[0] for row in cursor.fetchall()]
    if not concerned:
        return []
    cursor.execute("ANALYZE import_member")
    names = [name for name in PARTY if name not in _KEPT]
    latest = ", ".join(
        f"(array_agg(s.{name} ORDER BY s.row DESC) FILTER (WHERE s.{name} IS NOT NULL))[1] AS {name}"
        for name in names
    )
    assignments = ", ".join(f"{name} = folded.{name}" for name in names)
    cursor.execute(_FOLD.format(assignments=assignments, latest=latest))
    cursor.execute(_FOLD_CUSTOM)
    # Places stay in the order of the rows they come from.
    later = ", place = t.place + 1000 * (SELECT count(*)::int FROM import_member e "
    later += "WHERE e.leader = m.leader AND e.row < m.row)"
    cursor.execute(_MOVE.format(table="import_point", more=later))
    cursor.execute(_NO_REPEATED_POINTS)
    cursor.execute(_ONE_PRIMARY)
    cursor.execute(_MOVE.format(table="import_contact", more=""))
    cursor.execute(_NO_REPEATED_CONTACTS)
    return concerned
