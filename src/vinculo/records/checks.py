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
        fields = entity.declared_fields
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
    problems += _check_layouts(entity)
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


def _check_layouts(entity: Entity) -> list[CheckMessage]:
    """A board stands on a choice, a calendar on a date; both name fields and actions there are."""
    fields, found = entity.declared_fields, []
    board, calendar = entity.board, entity.calendar
    if board is not None:
        by = fields.get(board.by)
        if by is None or by.kind is not Kind.CHOICE:
            found.append(f"its board needs a choice, and {board.by!r} is none.")
        names = (*board.facts, *([board.total] if board.total else []))
        found += [
            f"its board names {name!r}, which is no field." for name in names if name not in fields
        ]
        known = {str(value) for value, _label in (by.choices or () if by else ())}
        found += [
            f"its board moves to {to!r}, which is no choice."
            for to in board.moves
            if to not in known
        ]
    if calendar is not None:
        by = fields.get(calendar.by)
        if by is None or by.kind not in (Kind.DATE, Kind.DATETIME):
            found.append(f"its calendar needs a date, and {calendar.by!r} is none.")
        names = (*calendar.facts, *([calendar.tone] if calendar.tone else []))
        found += [
            f"its calendar names {name!r}, which is no field."
            for name in names
            if name not in fields
        ]
    return [Error(f"{entity.key}: {message}") for message in found]
