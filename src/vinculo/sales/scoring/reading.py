"""Records as they were when they began: what the journal knows of changes is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from vinculo.sales.scoring.subject import Facts

CHANGES = """
SELECT c.row_id, was.key, c.at::date, was.value
FROM platform_change c, jsonb_each_text(c.before) AS was (key, value)
WHERE c.table_name = %s AND c.op = 'U' AND c.row_id = ANY(%s) AND was.key = ANY(%s)
ORDER BY c.id
"""
History = dict[tuple[int, str], list[tuple[date, str | None]]]


def select(sql: str, names: Sequence[str], ids: Sequence[int]) -> list[Facts]:
    """What a statement about these records finds, by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def history(table: str, ids: Iterable[int | None], columns: Sequence[str]) -> History:
    """The values that columns of these rows had before each change, the oldest first."""
    found: History = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, [table, [one for one in ids if one], list(columns)])
        for row_id, key, day, value in cursor.fetchall():
            found[row_id, key].append((day, value))
    return found


def rewind(table: str, rows: Sequence[Facts], columns: Mapping[str, str]) -> None:
    """Give these records' facts (column → name) their first values, and note in `changed` on
    which days each was another."""
    past = history(table, [row["id"] for row in rows], [*columns])
    for row in rows:
        row["changed"] = {}
        for column, name in columns.items():
            values = past.get((row["id"], column), [])
            row["changed"][name] = [day for day, _value in values]
            if values:
                row[name] = values[0][1]
