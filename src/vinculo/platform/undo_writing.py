"""What an undo writes: rows taken away, brought back, and columns put back as they were.

All of it reads `undo_net`, the temporary table that holds the net effect of the change-set.
"""

from typing import Any

from django.db import IntegrityError, transaction

from vinculo.platform.custom.columns import COLUMN, MARK
from vinculo.platform.types import table_models

#: Rows of one group that are put back one by one where they clash with each other.
MOST_ONE_BY_ONE = 1_000


def delete_created(cursor: Any, table: str) -> int:
    """Take away the rows of a table that the change-set made; how many."""
    cursor.execute(
        f"""DELETE FROM "{table}" t USING undo_net n
            WHERE n.table_name = %s AND n.row_id = t.id
            AND n.first_op = 'I' AND n.last_op <> 'D'""",  # noqa: S608
        [table],
    )
    return int(cursor.rowcount)


def bring_back(cursor: Any, table: str) -> int:
    """Bring rows back that it deleted and put columns back that it changed; how many rows.

    What changed columns point at comes first; but where another record holds the place of one that
    comes back (the second phone is primary here until it is put back), that one makes room first.
    """
    try:
        with transaction.atomic():
            return insert_deleted(cursor, table) + update_changed(cursor, table)
    except IntegrityError:
        return update_changed(cursor, table) + insert_deleted(cursor, table)


def insert_deleted(cursor: Any, table: str) -> int:
    """Bring back the rows that it deleted; how many."""
    image = "n.before"
    if _has_custom(table):  # also of a row that was deleted before there were any
        image += (
            " || jsonb_build_object('custom', vinculo_custom_was(n.before, n.before -> 'custom'))"
        )
    cursor.execute(
        f"""INSERT INTO "{table}"
            SELECT (jsonb_populate_record(NULL::"{table}", {image})).*
            FROM undo_net n
            WHERE n.table_name = %s AND n.first_op <> 'I' AND n.last_op = 'D'
            AND NOT EXISTS (SELECT 1 FROM "{table}" t WHERE t.id = n.row_id)""",  # noqa: S608
        [table],
    )
    return int(cursor.rowcount)


def update_changed(cursor: Any, table: str) -> int:
    """Put changed columns back; how many rows.

    Rows that changed the same columns share one statement. A group that clashes with what another
    is still to put back (the other record's phone is primary here until it has gone home) waits
    until that has happened; rows that clash within their group are put back one by one. Raises
    IntegrityError when nothing helps.
    """
    cursor.execute(GROUPS, [table])
    waiting: list[tuple[list[str], list[int]]] = list(cursor.fetchall())
    restored = clashes = 0
    while waiting:
        columns, rows = waiting.pop(0)
        try:
            with transaction.atomic():
                restored += _update_columns(cursor, table, columns, rows)
        except IntegrityError:
            waiting.append((columns, rows))
            clashes += 1
            if clashes >= len(waiting):
                finer = _one_by_one(waiting)
                if len(finer) == len(waiting):
                    raise
                waiting, clashes = finer, 0
        else:
            clashes = 0
    return restored


GROUPS = """
SELECT columns, array_agg(row_id ORDER BY row_id) FROM (
    SELECT row_id, (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(before) key) AS columns
    FROM undo_net WHERE table_name = %s AND first_op = 'U' AND last_op = 'U'
    AND before <> '{}'::jsonb
) changed GROUP BY columns ORDER BY columns DESC
"""


def _has_custom(table: str) -> bool:
    return any(one.name == COLUMN for one in table_models()[table]._meta.concrete_fields)


def _one_by_one(waiting: list[tuple[list[str], list[int]]]) -> list[tuple[list[str], list[int]]]:
    """The same groups, those that are small enough row by row."""
    return [
        part
        for columns, rows in waiting
        for part in (
            [(columns, [row]) for row in rows]
            if len(rows) <= MOST_ONE_BY_ONE
            else [(columns, rows)]
        )
    ]


def _update_columns(cursor: Any, table: str, columns: list[str], rows: list[int]) -> int:
    known = {column.column for column in table_models()[table]._meta.concrete_fields}
    assignments = [f'"{name}" = (n.was)."{name}"' for name in columns if name in known]
    if _has_custom(table) and any(name.startswith(MARK) for name in columns):
        assignments.append("custom = vinculo_custom_was(n.before, t.custom)")
    if not assignments:
        return 0  # columns that are gone by now
    cursor.execute(
        f"""UPDATE "{table}" t SET {", ".join(assignments)}
            FROM (SELECT row_id, before, jsonb_populate_record(NULL::"{table}", before) AS was
                  FROM undo_net WHERE table_name = %s
                  AND row_id IN (SELECT unnest(%s::bigint[]))) n
            WHERE t.id = n.row_id""",  # noqa: S608
        [table, rows],
    )
    return int(cursor.rowcount)
