"""Everything that follows from a declaration, as text: `vinculo entity parties.company`."""

from collections.abc import Iterator

from django.utils import translation

from vinculo.platform.actions import actions
from vinculo.records.entity import Entity
from vinculo.records.fields import Field
from vinculo.records.filters import operators_of
from vinculo.records.urls import entity_patterns


def describe(entity: Entity) -> str:
    """The print of an entity: fields, filters, pages, actions; the same on every machine."""
    with translation.override("en"):
        return "\n".join(_lines(entity)) + "\n"


def _lines(entity: Entity) -> Iterator[str]:
    yield f"{entity.key}: {entity.label} / {entity.label_plural}"
    yield f"  table {entity.model._meta.db_table}, search {entity.search or 'none'}"
    yield f"  rows {_reach(entity)}"
    yield ""
    yield "fields (name: kind, what can be done with it)"
    for field in entity.declared_fields.values():
        yield f"  {field.name}: {_field(entity, field)}"
    yield ""
    yield f"list      {', '.join(entity.columns)}; sorted by {entity.default_sort or '-id'}"
    if entity.board is not None:
        moves = "".join(f"; {to} by {name}" for to, name in entity.board.moves.items())
        yield f"board     by {entity.board.by}: {', '.join(entity.board.facts)}{moves}"
    if entity.calendar is not None:
        yield f"calendar  by {entity.calendar.by}: {', '.join(entity.calendar.facts)}"
    yield f"form      {', '.join(entity.form)}"
    for section in entity.sections:
        yield f"facts     {section.label}: {', '.join(section.fields)}"
    for panel in sorted(entity.panels, key=lambda one: (one.place, one.order, one.name)):
        yield f"panel     {panel.place}: {panel.name} ({panel.label})"
    for entry in actions().values():
        if entity.key in entry.on:
            yield f"action    {entry.name}: {entry.summary}"
    yield ""
    yield "pages"
    for pattern in entity_patterns(entity):
        yield f"  /{pattern.pattern}"


def _reach(entity: Entity) -> str:
    reach = entity.model.reach  # type: ignore[attr-defined]
    parts = []
    if reach.owner:
        parts.append(f"own by {reach.owner}, team by {reach.team or 'nothing'}")
    if reach.inside:
        parts.append(f"{'like' if reach.like else 'and only with'} {', '.join(reach.inside)}")
    if reach.everyone:
        parts.append("open to all who are signed in")
    return "; ".join(parts) or "by grant"


def _field(entity: Entity, field: Field) -> str:
    parts = [str(field.kind)]
    if field.target and field.is_reference:
        parts[0] += f" → {field.target}"
    if field.choices:
        parts[0] += f" ({' | '.join(str(value) for value, _label in field.choices)})"
    if field.required:
        parts.append("required")
    if not field.editable:
        parts.append("read only")
    if field.sort:
        parts.append(f"sorts by {field.sort}")
    operators = [operator.name for operator in operators_of(field)]
    if operators:
        parts.append(f"filters {' '.join(operators)}")
    if field.searched:
        parts.append("searched")
    return ", ".join(parts)
