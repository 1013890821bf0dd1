"""Rows as they were: what a table holds now, with the journal's later changes taken back.

A row of then is found in two places: among those that are there, and in the journal, which keeps the
whole of what was deleted and of what was changed the columns that became others. What is made of
the rows (`as_they_were`) is SQL that hides their table behind them, so that any question over the
table can be asked of then.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models

from vinculo.platform.custom.columns import COLUMN, MARK, gathered, spread, written

#: So many rows are followed back for one roll-up: more than hang on all but a few records.
MOST_ROWS = 1_000
#: So many changes of theirs, the newest.
MOST_CHANGES = 2_000


class TooMuch(Exception):
    """More rows than a page can follow back."""


@dataclass(frozen=True)
class Changed:
    """What the journal says of one row in one change-set."""

    id: int
    set_id: int
    at: datetime
    row_id: int
    op: str
    before: Mapping[str, Any]


@dataclass
class Rows:
    """Some rows of a table that are followed back, and in which columns."""

    model: type[models.Model]
    columns: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    now: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: The newest first.
    changes: list[Changed] = field(default_factory=list)
    #: All changes up to this one are not known any more: there were too many since.
    floor: int = 0

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    def read(self) -> None:
        """Read the rows and what happened to them in these columns."""
        if len(self.ids) > MOST_ROWS:
            raise TooMuch
        ids = sorted(self.ids)
        with connection.cursor() as cursor:
            cursor.execute(NOW.format(table=self.table), [ids])
            self.now = {pk: spread(_decoded(image)) for pk, image in cursor.fetchall()}
            cursor.execute(CHANGES, [self.table, ids, sorted(self.columns), MOST_CHANGES + 1])
            rows = cursor.fetchall()
            found = [Changed(a, b, c, d, e, _decoded(before)) for a, b, c, d, e, before in rows]
        if len(found) > MOST_CHANGES:
            self.floor = found.pop().id
        self.changes = found

    def images(self, column: str) -> set[Any]:
        """All that ever stood in a column of the rows, as far back as is known."""
        own = {image.get(column) for image in self.now.values()}
        return own | {_image(one.before).get(column) for one in self.changes}

    def versions(self, places: Mapping[int, int]) -> list[dict[str, Any]]:
        """The rows' images, each with the place `since` which it was so and the one `until` which:
        `places` numbers the change-sets that are told, the oldest 1."""
        by_row: dict[int, list[Changed]] = {}
        for one in self.changes:
            by_row.setdefault(one.row_id, []).append(one)
        found: list[dict[str, Any]] = []
        for pk in self.ids:
            image, until = self.now.get(pk), len(places) + 1
            for one in by_row.get(pk, ()):
                place = places.get(one.set_id)
                if place is None:
                    break  # told are the newest: what was before them stays as it is
                if image is not None and place < until:
                    found.append(_version(image, place, until))
                image, until = self._before(image, one), place
            if image is not None and until:
                found.append(_version(image, 0, until))
        return found

    def _before(self, image: dict[str, Any] | None, one: Changed) -> dict[str, Any] | None:
        if one.op == "I":
            return None
        if one.op == "D":
            return _image(one.before)
        was = {name: value for name, value in one.before.items() if name in self.columns}
        return {**(image or {}), **was}


def _image(before: Mapping[str, Any]) -> dict[str, Any]:
    return spread(dict(before))


def _version(image: Mapping[str, Any], since: int, until: int) -> dict[str, Any]:
    return {"since": since, "until": until, "image": gathered(image)}


NOW = """SELECT t.id, to_jsonb(t) FROM "{table}" t WHERE t.id = ANY(%s)"""
CHANGES = """
SELECT c.id, c.changeset_id, s.at, c.row_id, c.op, coalesce(c.before, '{}')
FROM platform_change c JOIN platform_changeset s ON s.id = c.changeset_id
WHERE c.table_name = %s AND c.row_id = ANY(%s) AND (c.op <> 'U' OR c.before ?| %s)
ORDER BY c.id DESC LIMIT %s
"""


def once_pointing(model: type[models.Model], column: str, pk: int) -> set[int]:
    """The rows of a table that point at a record, and those that did before they changed or went."""
    gone: dict[str, Any] = {column: pk}
    points = f't."{column}"'
    if column.startswith(MARK):  # of a whole row the custom values lie in one column
        key = column.removeprefix(MARK)
        gone = {COLUMN: {key: pk}}
        points = written("ref", f't."{COLUMN}"', key)
    table = model._meta.db_table
    params: list[Any] = [pk, table, json.dumps({column: pk}), json.dumps(gone), MOST_ROWS + 1]
    with connection.cursor() as cursor:
        cursor.execute(POINTING.format(table=table, points=points), params)
        return {row[0] for row in cursor.fetchall()}


#: What the journal says of references has an index (`platform_change_held`), whose condition stands
#: here word for word.
POINTING = r"""
SELECT id FROM (
    SELECT t.id FROM "{table}" t WHERE {points} = %s
    UNION
    SELECT c.row_id FROM platform_change c
    WHERE (c.op = 'D' OR c.op = 'U' AND c.before::text ~ '(_id|"custom\.[a-z0-9_]*)": [0-9]')
    AND c.table_name = %s AND (c.before @> %s::jsonb OR c.before @> %s::jsonb)
) pointing LIMIT %s
"""


@dataclass(frozen=True)
class Then:
    """Rows as they were, as SQL: `images` once before all questions, `hiding` before each."""

    images: list[str]
    hiding: list[str]
    image_params: list[Any]
    hiding_params: list[Any]


def as_they_were(tables: Iterable[Rows], places: Mapping[int, int]) -> Then:
    """The tables as they were at the place that the SQL `moment.place` says."""
    then = Then([], [], [], [])
    for number, rows in enumerate(tables):
        names = {"table": rows.table, "told": f"told_{number}", "columns": _columns(rows.model)}
        then.images.append(IMAGES.format(**names))
        then.image_params.append(json.dumps(rows.versions(places)))
        then.hiding.append(HIDING.format(**names))
        then.hiding_params.append(sorted(rows.ids))
    return then


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{one.column}"' for one in model._meta.concrete_fields)


IMAGES = """
"{told}" AS MATERIALIZED (
    SELECT version.since, version.until, own.*
    FROM jsonb_to_recordset(%s::jsonb) AS version(since integer, until integer, image jsonb),
    LATERAL jsonb_populate_record(NULL::"{table}", version.image) own
)"""
#: Behind its own name stands the table: the rows that are followed as they were, the others as they
#: are.
HIDING = """
"{table}" AS NOT MATERIALIZED (
    SELECT {columns} FROM "{told}" WHERE since <= moment.place AND moment.place < until
    UNION ALL
    SELECT {columns} FROM "{table}" WHERE id <> ALL(%s::bigint[])
)"""


def _decoded(value: Any) -> dict[str, Any]:
    return dict(json.loads(value) if isinstance(value, str) else value or {})
