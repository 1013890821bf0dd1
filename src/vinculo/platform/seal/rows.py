"""What is digested: a change with its change-set, and the row that a change left behind."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from vinculo.platform.models.seals import SealLayout
from vinculo.platform.seal.merkle import MARK
from vinculo.platform.types import table_models

Layout = dict[str, dict[str, str]]
#: The mark of a row that is not there.
GONE = bytes(MARK)

# The payload enters by its own digest: erased, it leaves the digest, and the leaf stays the same.
# The description of a change-set may hold names and is left out for the same reason.
CHANGE_DIGEST = """
sha256(convert_to(concat_ws('|', c.id, (extract(epoch FROM c.at) * 1000000)::bigint,
    c.changeset_id, c.table_name, c.row_id, c.op, coalesce(s.actor_id::text, '-'), s.verb, s.via,
    (extract(epoch FROM s.at) * 1000000)::bigint, coalesce(s.undoes_id::text, '-')), 'UTF8')
    || CASE WHEN c.before IS NULL THEN coalesce(c.before_digest, ''::bytea)
       ELSE sha256(convert_to(c.before::text, 'UTF8')) END)
"""

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace
  AND a.attnum > 0 AND NOT a.attisdropped
"""

IMAGES = """
SELECT asked.id, CASE WHEN t.id IS NULL THEN NULL ELSE
    substr(sha256(convert_to((to_jsonb(t) - %s::text[])::text, 'UTF8')), 1, 8) END
FROM unnest(%s::bigint[]) asked(id) LEFT JOIN "{table}" t ON t.id = asked.id
"""


def steady(cursor: Any) -> None:
    """Write instants the same way whoever asks: a row's image is made of its text."""
    cursor.execute(
        "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)"
    )


def columns_now(cursor: Any) -> Layout:
    """All columns of the journalled tables with their types, as the database has them."""
    watched = [name for name, model in table_models().items() if model.journalled]  # type: ignore[attr-defined]
    cursor.execute(COLUMNS, [watched])
    found: Layout = defaultdict(dict)
    for table, column, kind in cursor.fetchall():
        found[table][column] = kind
    return dict(found)


def journalled_layout(columns: Layout) -> Layout:
    """The columns that the journal keeps: without those that are computed from others."""
    models = table_models()
    return {
        table: {
            name: kind
            for name, kind in sorted(below.items())
            if name not in models[table].journal_ignore  # type: ignore[attr-defined]
        }
        for table, below in sorted(columns.items())
    }


def layout_row(layout: Layout) -> SealLayout:
    """The kept description of this layout; written when it is a new one."""
    digest = hashlib.sha256(json.dumps(layout, sort_keys=True).encode()).digest()
    found, _made = SealLayout.objects.get_or_create(digest=digest, defaults={"tables": layout})
    return found


def left_out(table: str, layout: Layout, now: Layout) -> list[str] | None:
    """Columns of `table` that its image leaves out; None when it can no longer be compared."""
    kept, present = layout.get(table), now.get(table)
    if kept is None or present is None:
        return None
    if any(present.get(name) != kind for name, kind in kept.items()):
        return None
    return [name for name in present if name not in kept]


def image_marks(
    cursor: Any, wanted: Iterable[tuple[str, int]], layout: Layout, now: Layout
) -> dict[tuple[str, int], bytes]:
    """(table, row) → the mark of the row as it is; rows of changed tables are left out."""
    rows_of: dict[str, set[int]] = defaultdict(set)
    for table, row_id in wanted:
        rows_of[table].add(row_id)
    found: dict[tuple[str, int], bytes] = {}
    for table, ids in rows_of.items():
        leaving_out = left_out(table, layout, now)
        if leaving_out is None:
            continue
        cursor.execute(IMAGES.format(table=table), [leaving_out, sorted(ids)])
        for row_id, mark in cursor.fetchall():
            found[(table, row_id)] = bytes(mark) if mark is not None else GONE
    return found
