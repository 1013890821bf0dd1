"""What roll-ups gave before related records were changed, and after: in the record's own history.

A roll-up holds no value, and each reader sees their own. So its past is asked as its present is: by
the same SQL, with the reader's rights of today, over the related rows as they were then (`rows.py`),
on the day of the change where it asks what day it is. What cannot be followed back (rows that are too
many, a field that the journal does not keep) is said to be untold, and never told wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from vinculo.kernel.clock import frozen, now
from vinculo.platform.access import Reach
from vinculo.records.computed.past.formulas import Became
from vinculo.records.computed.past.rows import (
    Changed,
    Rows,
    TooMuch,
    as_they_were,
    once_pointing,
)
from vinculo.records.computed.plans import (
    Plan,
    Read,
    Rolled,
    definitions,
    filtered,
    plan_of,
)
from vinculo.records.computed.seen import definition_of
from vinculo.records.fields import Field
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: So many change-sets are told, the newest: as many entries as a page of history bears.
MOST_STEPS = 100


@dataclass(frozen=True)
class Followed:
    """What one change-set made of roll-ups, and the related records (type, number) that it touched."""

    set_id: int
    became: list[Became]
    related: list[tuple[str, int]]


@dataclass(frozen=True)
class Untold:
    """A field whose past is not told, or only since a moment."""

    field: Field
    since: datetime | None = None


@dataclass
class Past:
    """What followed from changes of related records, the newest first."""

    followed: list[Followed] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)


def related_past(entity: "Entity", record: Any, user: "User", made_in: set[int]) -> Past:
    """What the roll-ups that `user` sees, and formulas over them, were and became; nothing is told
    of the change-sets `made_in` which the record itself came."""
    past = Past()
    for asked in _together(entity, user):
        try:
            tables = asked.tables(record.pk)
        except TooMuch:
            past.untold += [Untold(item) for item in asked.fields]
            continue
        steps, since = _steps(tables)
        told = [step for step in steps if step.set_id not in made_in]
        if since is not None:
            past.untold += [Untold(item, since) for item in asked.fields]
        if told:
            past.followed += _followed(asked, record, tables, steps, made_in)
    return past


# --- which fields, and what they look at ---------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Fields that look at the same related records, by the same references."""

    entity: "Entity"
    fields: tuple[Field, ...]
    plans: tuple[Plan, ...]

    @cached_property
    def rolled(self) -> list[Rolled]:
        """The roll-ups among them, and those that their formulas read."""
        return [one for plan in self.plans for one in rolled_in(plan)]

    @cached_property
    def reads(self) -> frozenset[Read]:
        """All fields that are looked at."""
        return frozenset().union(*(plan.reads for plan in self.plans))

    def related(self, step: "Step") -> list[tuple[str, int]]:
        """The records of the types that are rolled up which a step touched."""
        keys = sorted({one.of for one in self.rolled})
        touched = {(table, one.row_id) for table, one in step.changes}
        return [(key, pk) for key in keys for table, pk in sorted(touched)
                if table == _table(_there(key))]  # fmt: skip

    def tables(self, pk: int) -> list[Rows]:
        """The rows that matter for the record, with what happened to them; TooMuch where that
        cannot be followed."""
        found: dict[str, Rows] = {}
        for key, name in self.reads:
            entity, column = _kept(key, name)
            if entity is not None:
                rows = found.setdefault(_table(entity), Rows(_concrete(entity)))
                rows.columns.add(column)
        for key, link in sorted({(one.of, _link(one)) for one in self.rolled}):
            rows = found[_table(_there(key))]
            rows.columns |= _deciding(_there(key))
            rows.ids |= once_pointing(rows.model, link, pk)
        own = _table(self.entity)
        if any(key == self.entity.key and not _is_computed(key, name) for key, name in self.reads):
            found[own].ids.add(pk)
        for rows in found.values():
            rows.read()
        self._beyond(found)
        return list(found.values())

    def _beyond(self, found: dict[str, Rows]) -> None:
        """Add the records that filters ask about one step further."""
        more: dict[str, set[int]] = {}
        for one in self.rolled:
            for name, _value in one.where:
                first, *beyond = filtered(_there(one.of), name)
                if beyond:
                    _entity, column = _kept(*first)
                    held = found[_table(_there(one.of))].images(column)
                    table = _table(_there(beyond[0][0]))
                    more.setdefault(table, set()).update(x for x in held if isinstance(x, int))
        for table, ids in more.items():
            if not ids <= found[table].ids:
                found[table].ids |= ids
                found[table].read()


def _together(entity: "Entity", user: "User") -> Iterator[Asked]:
    """The fields whose past can be asked for, those together that look at the same records."""
    groups: dict[frozenset[tuple[str, str]], list[tuple[Field, Plan]]] = {}
    for item in entity.fields_for(user):
        definition = definition_of(entity.key, item.custom) if item.computed else None
        plan = plan_of(definition) if definition is not None else None
        if plan is not None and plan.trouble is None and plan.rolls:
            ways = frozenset((one.of, one.by) for one in rolled_in(plan))
            groups.setdefault(ways, []).append((item, plan))
    for some in groups.values():
        yield Asked(entity, tuple(item for item, _p in some), tuple(plan for _i, plan in some))


def rolled_in(plan: Plan) -> list[Rolled]:
    """A plan's roll-up, or those that a formula reads."""
    if plan.rolled is not None:
        return [plan.rolled]
    known = definitions()
    below = (plan_of(known[read]) for read in sorted(plan.reads) if read in known
             and known[read].computed)  # fmt: skip
    return [one.rolled for one in below if one.rolled is not None]


def _kept(key: str, name: str) -> "tuple[Entity | None, str]":
    """The record type of a field that is looked at, and what the journal calls the field; none for
    what follows from others, TooMuch for what the journal does not keep."""
    entity = _there(key)
    item = entity.all_fields[name]
    if item.computed:
        return None, ""
    column = item.journal_column
    ignored = entity.model.journal_ignore  # type: ignore[attr-defined]
    if item.asks is not None or not column or "__" in column or column in ignored:
        raise TooMuch
    return entity, column


def _is_computed(key: str, name: str) -> bool:
    return _there(key).all_fields[name].computed


def _there(key: str) -> "Entity":
    entity = find(key)
    assert entity is not None
    return entity


def _concrete(entity: "Entity") -> type[models.Model]:
    return entity.model._meta.concrete_model or entity.model


def _table(entity: "Entity") -> str:
    return entity.model._meta.db_table


def _link(rolled: Rolled) -> str:
    return _there(rolled.of).all_fields[rolled.by].journal_column


def _deciding(entity: "Entity") -> set[str]:
    """The columns that decide whether a row is one of these records, and who reaches it."""
    reach: Reach = entity.model.reach  # type: ignore[attr-defined]
    names = [one for one in (reach.owner, reach.team, *reach.inside) if one]
    names += [child[0].split("__")[0] for child in entity.rows.children if isinstance(child, tuple)]
    fields = (entity.model._meta.get_field(name) for name in names)
    return {str(one.column) for one in fields if isinstance(one, models.Field)}


# --- what happened, and what came of it ----------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One change-set that touched what is looked at."""

    set_id: int
    at: datetime
    changes: tuple[tuple[str, Changed], ...]


def _steps(tables: Iterable[Rows]) -> tuple[list[Step], datetime | None]:
    """The change-sets, the oldest first, and since when they are told if not from the beginning.

    By the last change of each: of one row a change-set sees all or nothing of another.
    """
    found: dict[int, list[tuple[str, Changed]]] = {}
    for rows in tables:
        for one in rows.changes:
            found.setdefault(one.set_id, []).append((rows.table, one))
    floor = max(rows.floor for rows in tables)
    whole = [some for some in found.values() if min(one.id for _t, one in some) > floor]
    whole.sort(key=lambda some: max(one.id for _t, one in some))
    kept = whole[-MOST_STEPS:]
    steps = [Step(some[0][1].set_id, some[0][1].at, tuple(some)) for some in kept]
    cut = floor > 0 or len(kept) < len(whole)
    return steps, (steps[0].at if steps else now()) if cut else None


def _followed(
    asked: Asked, record: Any, tables: list[Rows], steps: list[Step], made_in: set[int]
) -> list[Followed]:
    """What each step made of the fields, where that is something else than before."""
    places = {step.set_id: place for place, step in enumerate(steps, 1)}
    values = _worked_out(asked, record, tables, steps, places)
    found = []
    for step in reversed(steps):
        place = places[step.set_id]
        old, new = values[place - 1, step.at], values[place, step.at]
        became = [
            Became(item, one, other)
            for item, one, other in zip(asked.fields, old, new, strict=True)
            if one != other
        ]
        if became and step.set_id not in made_in:
            found.append(Followed(step.set_id, became, asked.related(step)))
    return found


QUESTION = """
SELECT moment.place, moment.at, seen.* FROM (VALUES {moments}) AS moment(place, at)
LEFT JOIN LATERAL (WITH {hiding} {question}) AS seen ON true
"""


def _worked_out(
    asked: Asked,
    record: Any,
    tables: list[Rows],
    steps: list[Step],
    places: Mapping[int, int],
) -> dict[tuple[int, datetime], tuple[Any, ...]]:
    """The fields' values before and after each step, on its day: (place, instant) → values."""
    then = as_they_were(tables, places)
    written, params = [], []
    for question, some in _questions(asked, record, steps):
        moments = [(places[s.set_id] + away, s.at) for s in some for away in (-1, 0)]
        sql, values = question
        marks = ", ".join(["(%s::integer, %s::timestamptz)"] * len(moments))
        written.append(QUESTION.format(moments=marks, hiding=",".join(then.hiding), question=sql))
        params += [*(x for moment in moments for x in moment), *then.hiding_params, *values]
    sql = f"WITH {','.join(then.images)} {' UNION ALL '.join(written)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*then.image_params, *params])
        return {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}


Question = tuple[str, tuple[Any, ...]]


def _questions(asked: Asked, record: Any, steps: list[Step]) -> list[tuple[Question, list[Step]]]:
    """The question after the fields' values as it is asked on the day of each step: mostly the same
    on all of them, and then asked once."""
    first, last = (_question(asked, record, steps[at].at) for at in (0, -1))
    if first == last:
        return [(first, steps)]
    by_day: dict[date, list[Step]] = {}
    for step in steps:
        by_day.setdefault(timezone.localdate(step.at), []).append(step)
    return [(_question(asked, record, some[0].at), some) for some in by_day.values()]


def _question(asked: Asked, record: Any, at: datetime) -> Question:
    with frozen(at):
        rows = asked.entity.model._base_manager.filter(pk=record.pk).order_by()
        paths = {f"f{number}": F(one.column or "") for number, one in enumerate(asked.fields)}
        sql, params = rows.annotate(**paths).values_list(*paths).query.sql_with_params()
        return sql, tuple(params)
