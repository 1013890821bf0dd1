"""What undoing a change-set would do: rows that go, come back or change, and what stands against.

Read from the journal in a few bounded queries; the undo itself asks everything again (`undo.py`).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.safestring import SafeString

from vinculo.platform.access import rights_of, visible_condition
from vinculo.platform.models import Change, ChangeSet
from vinculo.platform.types import table_models
from vinculo.platform.undo import change_set_instant
from vinculo.records.fields import Field as Declared
from vinculo.records.fields import Label
from vinculo.records.history import altered, image_of, part_columns, part_of, visible_columns
from vinculo.records.registry import entities, rows_of_type

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

MOST_ROWS = 50
GOES, RETURNS, CHANGES = "goes", "returns", "changes"


@dataclass
class Field:
    """One field: what it holds now, and what it would hold again; `who` changed it since."""

    label: Label
    now: SafeString
    then: SafeString
    who: str = ""
    when: datetime | None = None


@dataclass
class Row:
    """One row, by its name where the reader may know it, else by its kind alone."""

    kind: Label
    title: str
    url: str
    how: str
    fields: list[Field] = field(default_factory=list)


@dataclass
class Preview:
    """How many rows of which kind would go, return or change; the first of them in full."""

    counts: list[tuple[Label, str, int]]
    rows: list[Row]
    more: int

    @property
    def conflicts(self) -> int:
        """How many fields shown here somebody changed since: they would stay as they are."""
        return sum(1 for row in self.rows for one in row.fields if one.who)


COUNTS = """
SELECT table_name, first_op, last_op, count(*) FROM (
    SELECT table_name, row_id, (array_agg(op ORDER BY id))[1] AS first_op,
           (array_agg(op ORDER BY id DESC))[1] AS last_op
    FROM platform_change WHERE changeset_id = %(set)s AND at = %(at)s
    GROUP BY table_name, row_id
) net GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
FIRST = """
SELECT table_name, row_id, array_agg(op ORDER BY id), max(id) FROM platform_change
WHERE changeset_id = %(set)s AND at = %(at)s GROUP BY table_name, row_id
ORDER BY min(id) LIMIT %(most)s
"""


def preview(change_set: ChangeSet, user: "User") -> Preview:
    """What undoing `change_set` would do, as far as `user` may see it."""
    place = {"set": change_set.pk, "at": change_set_instant(change_set), "most": MOST_ROWS}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, place)
        counted = cursor.fetchall()
        cursor.execute(FIRST, place)
        first = cursor.fetchall()
    totals: dict[tuple[Label, str], int] = defaultdict(int)
    for table, first_op, last_op, count in counted:
        how = _how(first_op, last_op)
        if how:
            totals[(_kind(table), how)] += count
    shown = [_row(change_set, user, *row) for row in first]
    rows = [row for row in shown if row is not None]
    total = sum(totals.values())
    return Preview([(*key, count) for key, count in totals.items()], rows, total - len(rows))


def _how(first_op: str, last_op: str) -> str:
    """What undoing does to a row; "" for one that came and went in the same change-set."""
    if first_op == "I":
        return "" if last_op == "D" else GOES
    return RETURNS if last_op == "D" else CHANGES


def _kind(table: str) -> Label:
    return table_models()[table]._meta.verbose_name_plural or table


def _row(
    change_set: ChangeSet, user: "User", table: str, pk: int, ops: list[str], last_id: int
) -> Row | None:
    how = _how(ops[0], ops[-1])
    if not how:
        return None
    model: Any = table_models()[table]
    before = _before(change_set, table, pk)
    image = image_of(table, pk)
    entity = _entity(table, image or before)
    kind = (entity.label if entity else model._meta.verbose_name) or table
    if not _may_know(change_set, user, model, pk, image):
        return Row(kind, "", "", how)
    if entity is not None:
        title = str((image or before).get(entity.title, ""))
        columns = visible_columns(entity, user)
    else:
        part = part_of(model, {**before, **image})
        title, columns = part.named_for(user), part_columns(part, user)
    url = f"/{entity.path}/{pk}" if entity and image else ""
    row = Row(kind, title, url, how)
    if how == CHANGES:
        row.fields = _fields(columns, user, before, image, _later(table, pk, last_id))
    return row


def _may_know(
    change_set: ChangeSet, user: "User", model: Any, pk: int, image: dict[str, Any]
) -> bool:
    """Whether the reader may know which row it is: they see it today, or took it away themselves."""
    condition = visible_condition(model, user, "view")
    if condition is None:
        return True
    if image:
        return bool(model._base_manager.filter(condition, pk=pk).exists())
    return change_set.actor_id == user.pk or rights_of(user).administrator


def _before(change_set: ChangeSet, table: str, pk: int) -> dict[str, Any]:
    """What the row's columns held when the change-set began, as far as it changed them."""
    found: dict[str, Any] = {}
    changes = Change.objects.filter(changeset_id=change_set.pk, table=table, row_id=pk)
    for change in changes.order_by("id"):
        for column, value in (change.before or {}).items():
            found.setdefault(column, value)
    return found


def _later(table: str, pk: int, last_id: int) -> dict[str, tuple[Any, str, datetime]]:
    """Columns that were changed after the change-set: what it had left there, who, when."""
    found: dict[str, tuple[Any, str, datetime]] = {}
    changes = Change.objects.filter(table=table, row_id=pk, id__gt=last_id, op="U")
    for change in changes.select_related("changeset__actor").order_by("id"):
        actor = change.changeset.actor
        for column, left in (change.before or {}).items():
            found.setdefault(column, (left, str(actor or "?"), change.at))
    return found


def _fields(
    columns: dict[str, Declared],
    user: "User",
    before: dict[str, Any],
    image: dict[str, Any],
    later: dict[str, tuple[Any, str, datetime]],
) -> list[Field]:
    found = []
    for column, then in before.items():
        item, held = columns.get(column), image.get(column)
        if item is None or held == then:
            continue
        change = altered(item, held, then, user)
        made = Field(change.label, change.old, change.new)
        left = later.get(column)
        if left is not None and left[0] != held:
            made.who, made.when = left[1], left[2]
        found.append(made)
    return found


def _entity(table: str, image: dict[str, Any]) -> "Entity | None":
    """The record type of a row of `table`, told by its columns."""
    for entity in entities():
        if entity.model._meta.db_table != table:
            continue
        rows = rows_of_type(entity)
        if all(image.get(name, value) == value for name, value in rows.children):  # type: ignore[misc]
            return entity
    return None
