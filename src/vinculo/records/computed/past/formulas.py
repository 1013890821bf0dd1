"""What formulas gave before a record was changed: worked out again over the rows as they were.

A formula holds no value, so the journal has none. It has the rows, and a formula over a row of then
says what it gave: on the day of the change, where it asks what day it is. A roll-up is about other
records and about who looks: its history is theirs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from vinculo.platform.custom.columns import gathered, seen_path
from vinculo.records.computed.plans import plan_of
from vinculo.records.computed.seen import definition_of, looking_back
from vinculo.records.fields import Field

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

OVER_IMAGES = """
SELECT {values}
FROM jsonb_to_recordset(%s::jsonb) AS told(place integer, day date, image jsonb),
LATERAL jsonb_populate_record(NULL::"{table}", told.image) AS "{table}"
ORDER BY told.place
"""
DAY = "told.day"


@dataclass(frozen=True)
class Turn:
    """A row before and after a change, column → value as the journal writes it."""

    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Became:
    """What a formula gave before a change and after it."""

    field: Field
    old: Any
    new: Any


def followed(entity: "Entity", user: "User", turns: Sequence[Turn]) -> list[list[Became]]:
    """For each turn the formulas, of those that `user` sees, which gave something else after it."""
    asked = [
        (item, columns)
        for item, columns in _formulas(entity, user)
        if any(_touched(columns, turn) for turn in turns)
    ]
    if not asked:
        return [[] for _turn in turns]
    rows = _worked_out(entity, user, asked, turns)
    return [
        [
            Became(item, old, new)
            for (item, columns), old, new in zip(asked, rows[2 * at], rows[2 * at + 1], strict=True)
            if old != new and _touched(columns, turn)
        ]
        for at, turn in enumerate(turns)
    ]


def _formulas(entity: "Entity", user: "User") -> list[tuple[Field, set[str]]]:
    """The formulas that `user` sees, each with the journal's names of what it reads."""
    fields, found = entity.all_fields, []
    for item in entity.fields_for(user):
        definition = definition_of(entity.key, item.custom) if item.computed else None
        plan = plan_of(definition) if definition is not None else None
        if plan is not None and plan.trouble is None and not plan.rolls:
            found.append((item, {fields[name].journal_column for _key, name in plan.reads}))
    return found


def _touched(columns: set[str], turn: Turn) -> bool:
    return any(turn.before.get(one) != turn.after.get(one) for one in columns)


def _worked_out(
    entity: "Entity",
    user: "User",
    asked: Sequence[tuple[Field, set[str]]],
    turns: Sequence[Turn],
) -> list[tuple[Any, ...]]:
    """The fields' values over the row before and the row after each turn, one after the other."""
    reader = looking_back(user, entity, DAY)
    query = entity.model._base_manager.all().query
    compiler = query.get_compiler(connection=connection)
    written, params = [], []
    for item, _columns in asked:
        path = F(seen_path(reader.name, item.custom)).resolve_expression(query)
        sql, values = compiler.compile(path)
        written.append(sql)
        params += values
    read = set().union(*(columns for _item, columns in asked))
    images = [image for turn in turns for image in (turn.before, turn.after)]
    days = [timezone.localdate(turn.at).isoformat() for turn in turns for _image in range(2)]
    told = [
        {
            "place": place,
            "day": day,
            "image": gathered({key: value for key, value in image.items() if key in read}),
        }
        for place, (day, image) in enumerate(zip(days, images, strict=True))
    ]
    sql = OVER_IMAGES.format(values=", ".join(written), table=entity.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, json.dumps(told)])
        return list(cursor.fetchall())
