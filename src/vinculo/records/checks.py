"""Declarations are checked when the server starts: a name that is no field is an error there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist

from vinculo.platform.base import Row
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.registry import entities, find


@register()
def check_entities(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Every declared entity holds together."""
    found: list[CheckMessage] = []
    paths: dict[str, str] = {}
    for entity in entities():
        found += check_entity(entity)
        if entity.path in paths:
            found.append(
                Error(f"{entity.key} and {paths[entity.path]} share the path {entity.path}.")
            )
        paths[entity.path] = entity.key
    return found


def check_entity(entity: Entity) -> list[CheckMessage]:
    """What is wrong with one declaration, in words that name the field."""
    if not issubclass(entity.model, Row):
        return [Error(f"{entity.key}: {entity.model.__name__} is no Row: the journal misses it.")]
    try:
        fields = entity.all_fields
    except FieldDoesNotExist as error:
        return [Error(f"{entity.key}: {error}")]
    problems: list[CheckMessage] = []

    def known(names: Sequence[str], where: str) -> None:
        for name in names:
            if name not in fields:
                problems.append(Error(f"{entity.key}: {where} names {name!r}, which is no field."))

    known(entity.columns, "columns")
    known(entity.form, "form")
    known(entity.subtitle, "subtitle")
    for section in entity.sections:
        known(section.fields, f"the section “{section.label}”")
    if entity.default_sort:
        known([entity.default_sort.lstrip("-")], "default_sort")
    for field in fields.values():
        if field.kind is Kind.RELATION and field.editable and find(field.target) is None:
            problems.append(
                Error(f"{entity.key}: {field.name} points to {field.target}, which is no entity.")
            )
        inside: tuple[str, ...] = entity.model.reach.inside
        if field.kind is Kind.RELATION and field.sort and field.column not in inside:
            # Its order and its cursors would tell the names of records that a reader may not see.
            problems.append(
                Error(f"{entity.key}: a list sorted by {field.name} tells hidden names.")
            )
    return problems
