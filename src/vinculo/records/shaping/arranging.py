"""Which layout a person has, and what its sections hold for them: on the page, in the form."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from vinculo.platform.access import rights_of
from vinculo.platform.custom.known import known
from vinculo.platform.models import RecordLayout, User
from vinculo.platform.modules.known import is_on
from vinculo.records.entity import Entity, Panel
from vinculo.records.fields import Field
from vinculo.records.forms import raw_value
from vinculo.records.shaping.conditions import Outcome, outcome, words_in
from vinculo.records.shaping.shape import (
    LEFT_OUT,
    OTHER,
    Part,
    Placed,
    Shape,
    form_only,
    must_be_placed,
    shape_from,
    usual_names,
)


def layout_of(user: User, entity: Entity) -> RecordLayout | None:
    """The layout that a person has: of those of their roles the first, else everybody's, if any."""
    roles = rights_of(user).role_ids  # asked first: it tells whether what is known is current
    layouts = known().layouts_of(entity.key) if is_on("layouts") else ()
    mine = next((one for one in layouts if one.role_id in roles), None)
    return mine or next((one for one in layouts if one.role_id is None), None)


def shape_of(user: User, entity: Entity) -> Shape | None:
    """What that layout says; None where the record type looks as it was declared."""
    layout = layout_of(user, entity)
    if layout is None:
        return None
    memo = known().memo
    key = f"layout:{layout.pk}"
    if key not in memo:
        memo[key] = shape_from(layout.shape)
    found: Shape = memo[key]
    return found


def layout_url(user: User, entity: Entity) -> str:
    """Where an administrator arranges this page, "" for everybody else."""
    if not rights_of(user).administrator or not is_on("layouts"):
        return ""
    layout = layout_of(user, entity)
    role = f"?role={layout.role_id}" if layout is not None and layout.role_id else ""
    return f"/settings/layouts/{entity.path}{role}"


def page_parts(user: User, entity: Entity, shape: Shape | None) -> tuple[Part, ...]:
    """The sections of the record page. Who administers sees what a layout leaves out at the end."""
    if shape is None:
        return tuple(
            Part(section.label, tuple(Placed(name) for name in section.fields))
            for section in entity.all_sections
        )
    apart = form_only(entity)
    parts = [
        replace(part, fields=tuple(one for one in part.fields if one.name not in apart))
        for part in shape.parts
    ]
    fresh = _names(name for name in _unplaced(entity, shape) if name not in shape.left_out)
    parts.append(Part(OTHER, tuple(one for one in fresh if one.name not in apart)))
    if rights_of(user).administrator:
        hidden = _names(name for name in _unplaced(entity, shape) if name in shape.left_out)
        left = tuple(one for one in hidden if one.name not in apart)
        parts.append(Part(LEFT_OUT, left, collapsed=True))
    return tuple(part for part in parts if part.fields)


def form_parts(entity: Entity, shape: Shape | None, *, new: bool) -> tuple[Part, ...]:
    """The groups of inputs of a form, for a new record only those that it is asked for.

    What must be filled is always asked for, whatever the layout has become since.
    """
    if shape is None:
        return (Part("", _names(entity.form_names if new else usual_names(entity))),)
    fields = entity.all_fields
    demanded = {name for name, one in fields.items() if must_be_placed(one)}
    parts = [
        replace(
            part,
            fields=tuple(
                one
                for one in part.fields
                if not new or one.new or one.required or one.name in demanded
            ),
        )
        for part in shape.parts
    ]
    asked = entity.form_names if new else usual_names(entity)
    fresh = (
        name
        for name in _unplaced(entity, shape)
        if (name in asked and name not in shape.left_out) or (new and name in demanded)
    )
    parts.append(Part(OTHER, _names(fresh)))
    return tuple(part for part in parts if part.fields)


def _unplaced(entity: Entity, shape: Shape) -> list[str]:
    placed = shape.placed
    return [name for name in usual_names(entity) if name not in placed]


def _names(names: Iterable[str]) -> tuple[Placed, ...]:
    return tuple(Placed(name) for name in names)


def panels_at(entity: Entity, shape: Shape | None, place: str) -> list[Panel]:
    """The parts of the page at one place, in the layout's order; what came since is at the end."""
    declared = entity.panels_at(place)
    if shape is None:
        return declared
    order = {name: at for at, name in enumerate(shape.panels)}
    shown = [panel for panel in declared if panel.name not in shape.panels_left_out]
    return sorted(shown, key=lambda panel: order.get(panel.name, len(order)))


def readable_for(user: User, entity: Entity, parts: Sequence[Part]) -> dict[str, Field]:
    """The fields that conditions read, as far as the reader may see them."""
    names = {condition.field for part in parts for one in part.fields for condition in one.when}
    return {one.name: one for one in entity.fields_for(user, sorted(names))} if names else {}


def outcome_of(
    placed: Placed,
    entity: Entity,
    readable: dict[str, Field],
    held: Callable[[Field], Any],
) -> Outcome:
    """Whether a placed field is shown. One that must be filled in every record always is."""
    if not placed.when:
        return Outcome(shown=True)
    field = entity.all_fields.get(placed.name)
    if field is not None and must_be_placed(field):
        return Outcome(shown=True)
    return outcome(placed.when, readable, held)


def held_by(record: Any) -> Callable[[Field], Any]:
    """How the words in a record's fields are read."""
    return lambda field: words_in(field, raw_value(field, record))


def must_fill(user: User, entity: Entity, name: str, record: Any) -> bool:
    """Whether the layout makes people fill a field of this record, as its other values are now."""
    shape = shape_of(user, entity)
    placed = shape.placed.get(name) if shape is not None else None
    if shape is None or placed is None or not placed.required:
        return False
    readable = readable_for(user, entity, shape.parts)
    found = outcome_of(placed, entity, readable, held_by(record))
    return found.shown and found.told
