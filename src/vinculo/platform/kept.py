"""What an undo leaves as it is, in words: which record, which field, who and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from vinculo.platform.custom.columns import MARK
from vinculo.platform.custom.known import definition_in_table
from vinculo.platform.models import User
from vinculo.platform.terms.known import field_label
from vinculo.platform.types import record_types, table_models
from vinculo.platform.undo import Kept


@dataclass(frozen=True)
class Line:
    """One row (or one field of it) that stays."""

    what: Any
    field: Any
    who: str
    when: datetime
    used: bool


def describe_kept(kept: list[Kept], user: User) -> list[Line]:
    """The rows by their names, where `user` may see them, otherwise by their kind only."""
    tables = table_models()
    lines = []
    for item in kept:
        model: Any = tables[item.table]
        row = model._default_manager.filter(pk=item.row_id).visible_to(user).first()
        what = (row.named_for(user) if row is not None else "") or model._meta.verbose_name
        used = item.reason == "used"
        lines.append(Line(what, _label(model, item.column), item.who, item.when, used))
    return lines


def _label(model: type[models.Model], column: str) -> Any:
    for found in model._meta.concrete_fields:
        if found.column == column:
            key = next(iter(record_types(model)), "")
            return field_label(key, found.name, found.verbose_name)
    own = definition_in_table(model, column.removeprefix(MARK)) if column.startswith(MARK) else None
    return own.label if own is not None else column
