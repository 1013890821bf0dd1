"""Values that follow from others, as one reader sees them.

A path (`custom__seen_r7_margin`) names the reader, because two readers may see two values: a
roll-up counts the related records that its reader may see, and what day it is depends on where they
are. `Entity.fields_for` puts the reader in, and leaves a field out that looks at anything which
they may not see; nothing else makes such a path.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F
from django.db.models.expressions import Func
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.platform.access import Rights, Scope, rights_of
from vinculo.platform.custom.columns import COLUMN, Value, makes_computed, parts_of, seen_path
from vinculo.platform.custom.known import known
from vinculo.records.computed.formulas.sql import (
    OUTPUTS,
    Parts,
    Row,
    Written,
    nothing,
    rounded,
    written,
)
from vinculo.records.computed.formulas.types import What, type_of
from vinculo.records.computed.plans import Plan, Rolled, plan_of
from vinculo.records.fields import Field
from vinculo.records.filters.conditions import narrowing
from vinculo.records.filters.parsing import parse_filters
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.platform.models.custom import CustomField
    from vinculo.records.entity import Entity

#: The name of a field that is only being written: its values can be looked at before it is saved.
DRAFT = "draft"


@dataclass
class Reader:
    """Whose eyes a record type's computed values are seen with: nobody's, where they are the same
    for everybody. `today` is the day (SQL) where it is another one than the day it is."""

    user: "User | None"
    entity: "Entity"
    name: str
    draft: "tuple[Plan, int] | None" = None
    today: Parts = ()
    version: Any = None
    seen: dict[str, Field | None] = field(default_factory=dict)


_numbers = count(1)
_readers: "WeakValueDictionary[str, Reader]" = WeakValueDictionary()


def reader_of(user: "User", key: str) -> Reader:
    """The reader that a user is for a record type: one per user object, as their rights are."""
    rights = rights_of(user)
    own: dict[str, Reader] = vars(rights).setdefault("_readers", {})
    if key not in own:
        entity = find(key)
        assert entity is not None
        own[key] = _named(Reader(user, entity, f"r{next(_numbers)}"))
    return own[key]


def drafting(user: "User", entity: "Entity", plan: Plan, decimals: int) -> Reader:
    """A reader who also sees the values of a field that is not saved; hold it while asking."""
    name = f"r{next(_numbers)}"
    return _named(Reader(user, entity, name, (plan, decimals)))


def looking_back(user: "User", entity: "Entity", today: str) -> Reader:
    """A reader for whom it is the day that the SQL `today` says; hold it while asking."""
    return _named(Reader(user, entity, f"r{next(_numbers)}", today=(today,)))


def _named(reader: Reader) -> Reader:
    _readers[reader.name] = reader
    return reader


def seen_by(item: Field, key: str, user: "User") -> Field | None:
    """A computed field as `user` sees it; None where it looks at anything that they may not see."""
    reader = reader_of(user, key)
    if reader.version is not known():
        reader.version, reader.seen = known(), {}
    if item.name not in reader.seen:
        definition = definition_of(key, item.custom)
        allowed = definition is not None and may_see(plan_of(definition), rights_of(user))
        path = seen_path(reader.name, item.custom)
        bound = replace(item, column=path, sort=path if item.sort else "")
        reader.seen[item.name] = bound if allowed else None
    return reader.seen[item.name]


def may_see(plan: Plan, rights: Rights) -> bool:
    """Whether every field that a plan looks at is open to the reader."""
    if any(rights.scope(key) is Scope.NONE for key in plan.types):
        return False
    return all(rights.field_rule(*read) != "hidden" for read in plan.reads)


def definition_of(key: str, slug: str) -> "CustomField | None":
    """The definition of a record type's key."""
    return next((one for one in known().of(key) if one.slug == slug), None)


# --- as SQL ------------------------------------------------------------------------------------


def expression(reader: str, slug: str, column: Any) -> Any:
    """What a reader sees as the value of a computed field, over the column of the record's row."""
    asked = _readers.get(reader)
    if asked is None:
        raise LookupError(f"A computed value ({slug}) is asked for by nobody: use fields_for.")
    if slug == DRAFT and asked.draft is not None:
        plan, decimals = asked.draft
    else:
        definition = definition_of(asked.entity.key, slug)
        if definition is None:
            return Written(nothing(What.TEXT), OUTPUTS[What.TEXT])
        plan, decimals = plan_of(definition), definition.decimals
    return Written(_value(plan, decimals, asked, column), OUTPUTS[plan.type.what])


makes_computed(expression)


def same_for_all(definition: "CustomField") -> str:
    """The SQL of a formula that nobody sees otherwise, over the columns of its table, as queries write
    it: for an index."""
    entity = find(definition.entity)
    assert entity is not None
    query = entity.model._base_manager.all().query
    column = F(COLUMN).resolve_expression(query)
    plan = plan_of(definition)
    parts = _value(plan, definition.decimals, Reader(None, entity, ""), column)
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(Written(parts, OUTPUTS[plan.type.what]))
    return str(connection.ops.compose_sql(sql, params))  # type: ignore[attr-defined]


def _value(plan: Plan, decimals: int, reader: Reader, column: Any) -> Parts:
    what = plan.type.what
    if plan.trouble is not None:
        return nothing(what)
    if plan.step is not None:
        day = models.Value(timezone.localdate(now()).isoformat())
        today = reader.today or ("(", day, ")::date")
        zone = timezone.get_current_timezone_name()
        row = Row(lambda name: _field(name, reader, column), today, zone)
        return rounded(written(plan.step, row), what, decimals)
    assert plan.rolled is not None
    return rounded((_related(plan.rolled, what, reader, column),), what, decimals)


def _field(name: str, reader: Reader, column: Any) -> Parts:
    """A field of the same row, in the type that formulas reckon with."""
    item = reader.entity.all_fields[name]
    if item.computed:
        definition = definition_of(reader.entity.key, item.custom)
        assert definition is not None
        return ("(", *_value(plan_of(definition), definition.decimals, reader, column), ")")
    found = parts_of(item.column or "")
    if found is not None:
        raw: Any = Value(column, *found)
    else:
        source = column.target.model._meta.get_field(item.column)
        raw = source.get_col(column.alias)
    what = type_of(item).what
    if what in (What.NUMBER, What.MONEY):
        return ("(", raw, ")::numeric")
    if what in (What.TEXT, What.CHOICE):
        return ("coalesce((", raw, ")::text, '')")
    if what is What.TRUTH:
        return ("coalesce(", raw, ", false)")
    return ("coalesce(", raw, ", '{}')") if what is What.LIST else (raw,)


def _related(rolled: Rolled, what: What, reader: Reader, column: Any) -> "Related | Written":
    """What related records come to: of those that the reader may see."""
    entity, user = find(rolled.of), reader.user
    assert entity is not None and user is not None
    rows = entity.visible(user).order_by()
    try:
        for needed in narrowing(parse_filters(entity, user, rolled.where), user):
            rows = rows.filter(needed)
    except DomainError:  # what it asks about has changed since it was saved
        return Written(nothing(what), OUTPUTS[what])
    named = {"ru_link": rolled.by, "ru_value": rolled.field, "ru_at": rolled.latest}
    paths = {}
    for name, asked in named.items():
        if not asked:
            continue
        item = entity.field_for(user, asked)
        if item is None:  # hidden since the question began
            return Written(nothing(what), OUTPUTS[what])
        paths[name] = F(item.id_column)
    rows = rows.annotate(**paths, ru_id=F("pk")).values_list(*paths, "ru_id")
    key = column.target.model._meta.pk.get_col(column.alias)
    return Related(key, rows, rolled.how, what)


HOW = {
    "count": "(SELECT count(*)::numeric FROM ({rows}) ru WHERE ru.ru_link = {key})",
    "sum": "(SELECT coalesce(sum(ru.ru_value), 0)::numeric FROM ({rows}) ru WHERE ru.ru_link = {key})",
    "min": "(SELECT min(ru.ru_value) FROM ({rows}) ru WHERE ru.ru_link = {key})",
    "max": "(SELECT max(ru.ru_value) FROM ({rows}) ru WHERE ru.ru_link = {key})",
    "last": "(SELECT ru.ru_value FROM ({rows}) ru WHERE ru.ru_link = {key} "
            "ORDER BY ru.ru_at DESC NULLS LAST, ru.ru_id DESC LIMIT 1)",
}  # fmt: skip
EMPTY = {What.TEXT: "coalesce({}, '')", What.CHOICE: "coalesce({}, '')",
         What.TRUTH: "coalesce({}, false)", What.NUMBER: "({})::numeric",
         What.MONEY: "({})::numeric"}  # fmt: skip


class Related(Func):
    """A figure of the rows that point at a record. The rows are a subquery of their own and the
    record is named outside of it: so no name of theirs can be taken for one of the record's, and
    PostgreSQL draws the condition in and uses the index of the reference."""

    def __init__(self, key: Any, rows: Any, how: str, what: What) -> None:
        self.rows, self.how, self.what = rows, how, what
        super().__init__(key, output_field=OUTPUTS[what])

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The figure as a subquery."""
        key, params = compiler.compile(self.source_expressions[0])
        try:
            rows, values = self.rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return ("0" if self.how in ("count", "sum") else nothing(self.what)[0]), []
        sql = HOW[self.how].replace("{key}", key).replace("{rows}", rows)
        return EMPTY.get(self.what, "{}").replace("{}", sql), [*values, *params]


# --- on records ----------------------------------------------------------------------------------


def fetch_computed(records: Iterable[Any], fields: Iterable[Field]) -> None:
    """Work out the computed fields of some records that no list selected: one question."""
    wanted = [one for one in fields if one.computed]
    open_ = [
        one for one in records
        if one.pk and any(item.name not in vars(one) for item in wanted)
    ]  # fmt: skip
    if not wanted or not open_:
        return
    model: type[models.Model] = type(open_[0])
    rows = model._base_manager.filter(pk__in=[one.pk for one in open_]).order_by()
    paths = {one.name: F(one.column or "") for one in wanted}
    found = {row.pop("pk"): row for row in rows.annotate(**paths).values("pk", *paths)}
    for record in open_:
        vars(record).update(found.get(record.pk, dict.fromkeys(paths)))


def value_at(record: Any, path: str) -> Any:
    """One computed value of one record, by its path."""
    if not record.pk:
        return None
    rows = type(record)._base_manager.filter(pk=record.pk).order_by()
    return rows.annotate(computed=F(path)).values_list("computed", flat=True).first()
