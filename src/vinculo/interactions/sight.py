"""What a field rule hides stays hidden on timelines, on My day and in figures, too."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from vinculo.platform.access import rights_of
from vinculo.platform.models import User

R = TypeVar("R", bound=models.Model)

#: Columns that say the same as a field: hidden together with it.
TOGETHER = {"due_on": ("due_on", "due_at", "snoozed_until")}
#: What says where on a timeline an entry stands, and as what. Where one of these is hidden, the
#: entry has no place there: merely showing it would tell.
PLACED_BY = {
    "interactions.interaction": frozenset({"at", "kind", "status"}),
    "interactions.task": frozenset({"done_at"}),
    "interactions.file": frozenset({"created_at"}),
}


def hidden_fields(user: User, key: str) -> frozenset[str]:
    """The names of the fields of the record type `key` that `user` may not see."""
    rights = rights_of(user)
    rules = rights.field_rules.get(key, {})
    return frozenset(name for name in rules if rights.field_rule(key, name) == "hidden")


def masked(user: User, rows: Iterable[R]) -> list[R]:
    """The rows without the values of fields that are hidden from the reader; the database's own
    rows stay as they are."""
    found = list(rows)
    for row in found:
        for name in hidden_fields(user, row._meta.label_lower):
            for column in TOGETHER.get(name, (name,)):
                blank(row, column)
    return found


def blank(row: models.Model, name: str) -> None:
    """Take one value out of a row that is about to be shown."""
    known = {column.name: column for column in row._meta.fields}
    column: Any = known.get(name)
    if column is None:
        return
    if column.is_relation:
        # The number stays: it says no more than the page the entry stands on.
        row._state.fields_cache[name] = None if column.null else column.related_model()
    elif column.null:
        setattr(row, name, None)
    else:
        setattr(row, name, column.get_default() if column.has_default() else "")


def placed(user: User, key: str) -> bool:
    """Whether such entries can stand on a timeline of this reader."""
    return not PLACED_BY[key] & hidden_fields(user, key)
