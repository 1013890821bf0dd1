"""Filters as a URL writes them: each named, known to the reader, and not too many."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.sensitive.fields import INDEX_MARK, EncryptedText
from vinculo.records.fields import Field, Kind
from vinculo.records.filters.operators import (
    LONGEST_VALUE,
    MOST_FILTERS,
    Filter,
    operators_of,
)
from vinculo.records.filters.questions import question_called
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

GROUP = re.compile(r"any([1-9])\.(.+)", re.DOTALL)


def parse_filters(entity: "Entity", user: "User", pairs: Iterable[tuple[str, str]]) -> list[Filter]:
    """The filters in a URL's parameters; a name that is unknown (or hidden) is refused.

    Refusing an unknown and a hidden field in the same words keeps a filter from being used to
    guess what a hidden field holds.
    """
    found: list[Filter] = []
    for name, value in pairs:
        if "." not in name:
            continue
        chosen = filter_for(entity, user, name, value)
        if value == "" and chosen.operator.wants != "none":
            continue
        found.append(chosen)
    if len(found) > MOST_FILTERS:
        raise DomainError(_("Use at most %(most)s filters at once."), most=MOST_FILTERS)
    return grouped(found)


def filter_for(entity: "Entity", user: "User", name: str, value: str) -> Filter:
    """The filter called `name` in a URL (`any1.company.city.contains`); DomainError where the
    reader knows no such thing."""
    written = GROUP.fullmatch(name)
    group, rest = (int(written[1]), written[2]) if written else (0, name)
    path, _dot, operator_name = rest.rpartition(".")
    step, field = _field_at(entity, user, path)
    operators = {op.name: op for op in operators_of(field)} if field else {}
    if field is None or operator_name not in operators:
        raise DomainError(_("There is no filter called “%(name)s” here."), name=name[:60])
    if len(value) > LONGEST_VALUE * 5 or "\x00" in value:
        raise DomainError(_("The value of a filter is too long or cannot be read."))
    if field.sensitive and value and not value.startswith(INDEX_MARK):
        # From here on only its index is known: addresses, saved views and notes of exports keep it.
        value = INDEX_MARK + blind_index(
            field, entity if step is None else find(step.target), value
        )
    return Filter(field, operators[operator_name], value, step, group)


def blind_index(field: Field, entity: "Entity | None", value: str) -> str:
    """What equal values of a sensitive field have in common."""
    source = entity.model._meta.get_field(field.column or field.name) if entity else None
    return source.blind_of(value) if isinstance(source, EncryptedText) else ""


def _field_at(entity: "Entity", user: "User", path: str) -> tuple[Field | None, Field | None]:
    """The relation stepped over (or None) and the field at a path of one or two names."""
    first, dot, second = path.partition(".")
    if not dot:
        return None, entity.field_for(user, path) or question_called(entity, user, path)
    step = next((one for one in steps_of(entity, user) if one.name == first), None)
    target = find(step.target) if step else None
    if target is None:
        return step, None
    return step, target.field_for(user, second) or question_called(target, user, second)


def steps_of(entity: "Entity", user: "User") -> list[Field]:
    """The relations whose records' fields the reader may ask about."""
    rights = rights_of(user)
    return [
        field
        for field in entity.fields_for(user)
        if field.kind is Kind.RELATION
        and operators_of(field)
        and find(field.target) is not None
        and rights.scope(field.target, "view") is not Scope.NONE
    ]


def grouped(filters: list[Filter]) -> list[Filter]:
    """The filters with their groups numbered in order; a group of one is no group."""
    sizes: dict[int, int] = {}
    for one in filters:
        sizes[one.group] = sizes.get(one.group, 0) + 1
    real = [group for group, size in sizes.items() if group and size > 1]
    numbers = {group: at for at, group in enumerate(real, 1)}
    return [replace(one, group=numbers.get(one.group, 0)) for one in filters]
