"""What indexes keep of computed fields, and how the search meets their words there.

A formula that nobody sees otherwise is one expression over its row, and has an index of that. A roll-up
is about other rows, so the index is over theirs: by the reference that points at the record, then by
what is asked of them. It keeps no value of the roll-up, which each reader has for themselves: it leads
to the few rows that come into question.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, TextField

from vinculo.records.computed.formulas.sql import Written, rounded
from vinculo.records.computed.formulas.types import What, type_of
from vinculo.records.computed.plans import Rolled, definitions, filtered, plan_of
from vinculo.records.computed.seen import definition_of, same_for_all
from vinculo.records.keys import WordsIn
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.platform.models.custom import CustomField
    from vinculo.records.entity import Entity
    from vinculo.records.fields import Field

#: Sorts of values that are never long.
SHORT = (What.DATE, What.MOMENT, What.TRUTH, What.CHOICE)
#: Name → the table, and over what.
Indexes = dict[str, tuple[str, str]]


def computed_indexes(field: "CustomField") -> Indexes:
    """The indexes that a computed field shall have. One that follows otherwise has another name."""
    plan = plan_of(field)
    if plan.trouble is not None:
        return {}
    if plan.rolled is not None:
        return _rolled_indexes(field, plan.rolled) if can_be_kept(plan.rolled) else {}
    if not plan.settled:
        return {}
    entity = _there(field.entity)
    table, value = entity.model._meta.db_table, same_for_all(field)
    found = {}
    if field.indexed:
        found[_named(field, "seen", value)] = (table, f"(({value}), id)")
    if field.searched:
        found[_named(field, "words", value)] = (table, f"USING gin ((vinculo_words_in({value})))")
    return found


def _rolled_indexes(field: "CustomField", rolled: Rolled) -> Indexes:
    """Over the related rows: those of one record together, in the order in which they are asked."""
    entity = _there(rolled.of)
    table, link, found = entity.model._meta.db_table, _over(entity, rolled.by), {}
    if field.indexed:
        over = f"({', '.join([f'({link})', *_then(entity, rolled)])})"
        found[_named(field, "rolled", over)] = (table, over)
    if field.searched:
        over = f"USING gin ((vinculo_words_in(left({_over(entity, rolled.field)}, 500))))"
        found[_named(field, "words", over)] = (table, over)
    return found


def _then(entity: "Entity", rolled: Rolled) -> list[str]:
    """What stands in the index after the reference: for the last one the order in which it is found,
    else the value; of what is only counted, what is asked of it."""
    if rolled.how == "last":
        return [f"({_over(entity, rolled.latest)}) DESC NULLS LAST", "id DESC"]
    if rolled.how != "count":
        return [f"({_over(entity, rolled.field)})"]
    asked = dict.fromkeys(filtered(entity, name)[0][1] for name, _value in rolled.where)
    kept = (name for name in asked if _plain(entity, name))
    return [f"({_over(entity, name)})" for name in list(kept)[:MOST_ASKED]]


#: So many of the fields that a count asks about are in its index.
MOST_ASKED = 3


def can_be_kept(rolled: Rolled) -> bool:
    """Whether what is taken of the related rows is the same for everybody, tomorrow too."""
    known = definitions()
    names = [name for name in (rolled.field, rolled.latest) if name]
    own = (known.get((rolled.of, name)) for name in names)
    return all(plan_of(one).settled for one in own if one is not None and one.computed)


def _plain(entity: "Entity", name: str) -> bool:
    """Whether a field is short and in the row: what an index can hold beside others."""
    item = entity.all_fields[name]
    short = item.is_number or item.is_reference or type_of(item).what in SHORT
    return short and bool(item.column) and "__" not in item.id_column.replace("custom__", "")


def _over(entity: "Entity", name: str) -> str:
    """The SQL of a field over the columns of its table, as queries write it."""
    item = entity.all_fields[name]
    if item.computed:
        definition = definition_of(entity.key, item.custom)
        assert definition is not None
        return same_for_all(definition)
    query = entity.model._base_manager.all().query
    path = F(item.id_column).resolve_expression(query)
    sql, params = query.get_compiler(connection=connection).compile(path)
    return str(connection.ops.compose_sql(sql, params))  # type: ignore[attr-defined]


def _named(field: "CustomField", what: str, over: str) -> str:
    return f"custom_{field.pk}_{what}_{sha256(over.encode()).hexdigest()[:12]}"


def _there(key: str) -> "Entity":
    entity = find(key)
    assert entity is not None
    return entity


# --- the search ----------------------------------------------------------------------------------


class AnyOf(Func):
    """Whether a number is among those that a question of its own finds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, path: str, rows: Any) -> None:
        super().__init__(F(path), ArraySubquery(rows), output_field=BooleanField())


def said_in(item: "Field", entity: "Entity", user: "User", query: str) -> Q:
    """The records in whose computed text, as `user` sees it, the words of a search stand.

    A roll-up is met among the related rows, by their index; then the record is asked what it says
    to this reader. So nobody finds anything by a row that they may not see.
    """
    here = Q(WordsIn(item.column, query))
    definition = definition_of(entity.key, item.custom)
    rolled = plan_of(definition).rolled if definition is not None else None
    if rolled is None:
        return here
    below = _there(rolled.of)
    by, value = below.all_fields[rolled.by], below.field_for(user, rolled.field)
    if value is None:
        return Q(pk__in=[])
    text = Written(rounded((F(value.id_column),), What.TEXT, 0), TextField())
    rows = below.model._base_manager.order_by().filter(WordsIn(text, query))
    return Q(AnyOf("pk", rows.values_list(by.id_column))) & here
