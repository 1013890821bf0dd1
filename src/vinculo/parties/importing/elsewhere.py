"""Rows that say what other systems call their party: found again by it, and known by it from then on.

The rows' ids stand in a staging table of their own: a file without such a column pays nothing.
"""

from __future__ import annotations

from typing import Any

from vinculo.kernel.errors import _
from vinculo.records.external.panel import look_again

REASONS: dict[str, str] = {
    "taken": _("Another record has this external id."),
    "taken_before": _("An earlier row of the file has this external id."),
}

MATCH = """
    SELECT DISTINCT n.row, p.id AS party_id FROM import_elsewhere n
    JOIN records_externalid e ON e.entity = 'parties.' || %(kind)s
        AND e.source = n.source AND e.value = n.value
    JOIN parties_party p ON p.id = e.row_id AND p.kind = %(kind)s
"""

# A row that is recognised by something else may name what another party is called.
_TAKEN = f"""
UPDATE import_outcome o SET outcome = 'refused', reason = 'taken'
FROM ({MATCH}) m
WHERE m.row = o.row AND m.party_id <> o.party_id AND o.outcome IN ('created', 'updated')
"""  # noqa: S608
_TAKEN_BEFORE = """
UPDATE import_outcome o SET outcome = 'refused', reason = 'taken_before'
FROM import_elsewhere n
JOIN import_elsewhere earlier USING (source, value) JOIN import_outcome b ON b.row = earlier.row
WHERE n.row = o.row AND o.outcome IN ('created', 'updated')
AND earlier.row < o.row AND b.outcome IN ('created', 'updated') AND b.party_id <> o.party_id
"""
# A new name is a change, too, where the record says the same as the row in all else.
_NEW_NAME = """
UPDATE import_outcome o SET outcome = 'updated', reason = NULL FROM import_elsewhere n
WHERE n.row = o.row AND o.reason = 'same' AND NOT EXISTS (
    SELECT 1 FROM records_externalid e WHERE e.entity = 'parties.' || %(kind)s
    AND e.source = n.source AND e.value = n.value AND e.row_id = o.party_id)
"""
# What was meant by a name before is gone, or the row would have been refused.
_NOTE = """
INSERT INTO records_externalid (entity, source, value, row_id)
SELECT DISTINCT 'parties.' || %(kind)s, n.source, n.value, o.party_id
FROM import_elsewhere n JOIN import_outcome o ON o.row = n.row
WHERE o.outcome IN ('created', 'updated')
ON CONFLICT (entity, source, value) DO UPDATE SET row_id = excluded.row_id
WHERE records_externalid.row_id <> excluded.row_id
"""


def refuse_taken(cursor: Any, place: dict[str, Any]) -> None:
    """Refuse the rows whose ids mean another party than the row does."""
    cursor.execute(_TAKEN, place)
    cursor.execute(_TAKEN_BEFORE)


def find_new_names(cursor: Any, place: dict[str, Any]) -> None:
    """Count rows as updates whose parties say the same but are not known by these ids yet."""
    cursor.execute(_NEW_NAME, place)


def note(cursor: Any, kind: str) -> None:
    """Know the written parties by their rows' ids, in one statement."""
    cursor.execute(_NOTE, {"kind": kind})
    look_again()
