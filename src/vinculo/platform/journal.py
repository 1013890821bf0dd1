"""Change-sets: who did what, under which verb; and the journal's readings."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

from vinculo.kernel.clock import now
from vinculo.platform.models.journal import Change

if TYPE_CHECKING:
    from vinculo.platform.models import User


@dataclass(frozen=True)
class OpenSet:
    """The change-set that is being written in this transaction."""

    id: int
    verb: str


_open: ContextVar[OpenSet | None] = ContextVar("vinculo_open_set", default=None)
_via: ContextVar[str] = ContextVar("vinculo_via", default="code")

BEGIN = """
WITH made AS (
    INSERT INTO platform_changeset (at, actor_id, verb, via, label, undoes_id)
    VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
)
SELECT id, set_config('vinculo.changeset', id::text, true) FROM made
"""


def current() -> OpenSet | None:
    """The open change-set, if the code runs inside one."""
    return _open.get()


@contextmanager
def through(via: str) -> Iterator[None]:
    """Say through which door the writes in this block come: screen, api, cli, import or job."""
    restore = _via.set(via)
    try:
        yield
    finally:
        _via.reset(restore)


@contextmanager
def change_set(
    *, actor: "User | None", verb: str, label: str = "", undoes: int | None = None
) -> Iterator[OpenSet]:
    """Open a transaction whose changes belong together; inside another one, join that one."""
    joined = _open.get()
    if joined is not None:
        yield joined
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            actor_id = actor.pk if actor else None
            cursor.execute(BEGIN, [now(), actor_id, verb, _via.get(), label[:300], undoes])
            opened = OpenSet(cursor.fetchone()[0], verb)
        restore = _open.set(opened)
        try:
            yield opened
        finally:
            _open.reset(restore)
    if connection.in_atomic_block:
        # Inside somebody's larger transaction the setting would outlive the change-set.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('vinculo.changeset', '', true)")


def relabel(label: str) -> None:
    """Describe the open change-set once its subject is known (a new record has a name only then)."""
    opened = _open.get()
    if opened is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE platform_changeset SET label = %s WHERE id = %s", [label[:300], opened.id]
        )


@contextmanager
def label_kept() -> Iterator[None]:
    """Verbs called inside do not rename the open change-set: it is about something larger."""
    opened = _open.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT label FROM platform_changeset WHERE id = %s", [opened.id if opened else None]
        )
        found = cursor.fetchone()
    yield
    if found is not None:
        relabel(found[0])


def version_of(row: models.Model) -> int:
    """The number of the last change of a row: its version for ETag and conflict checks."""
    return last_change(row._meta.db_table, row.pk)


def last_change(table: str, row_id: int) -> int:
    """The number of the last change of the row `row_id` of `table`; 0 when there is none.

    Asked before the row itself is read, it is never newer than what was read.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAST, [table, row_id])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


LAST = """
SELECT id FROM platform_change WHERE table_name = %s AND row_id = %s ORDER BY id DESC LIMIT 1
"""


def last_change_column(table: str, row_id: int) -> models.expressions.RawSQL:
    """The same as a column of a query that reads the row: one question instead of two."""
    return models.expressions.RawSQL(  # noqa: S611 - nothing in it is anybody's input
        LAST, [table, row_id], models.BigIntegerField()
    )


def wrote_anything() -> bool:
    """Whether the open change-set has changed a row by now."""
    with connection.cursor() as cursor:
        cursor.execute(WROTE)
        return bool(cursor.fetchone()[0])


WROTE = """
SELECT EXISTS (SELECT FROM platform_change
    WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint)
"""


def changed_since(row: models.Model, version: int) -> dict[str, tuple[object, Change]]:
    """Columns of `row` that changed after `version`: name → (value at that version, first change)."""
    originals: dict[str, tuple[object, Change]] = {}
    later = Change.objects.filter(table=row._meta.db_table, row_id=row.pk, id__gt=version, op="U")
    for change in later.select_related("changeset__actor").order_by("id"):
        for column, value in (change.before or {}).items():
            originals.setdefault(column, (value, change))
    return originals


def last_changes(row: models.Model) -> dict[str, Change]:
    """Columns of `row` that were ever changed: name → the change that gave them their value."""
    found: dict[str, Change] = {}
    changes = Change.objects.filter(table=row._meta.db_table, row_id=row.pk, op="U")
    for change in changes.select_related("changeset__actor").order_by("-id"):
        for column in change.before or {}:
            found.setdefault(column, change)
    return found
