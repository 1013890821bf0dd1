"""A layout as the editor sends it, and what is refused in it.

The editor's inputs stand in the order of the layout: each `item` is a section, a field of the
section before it, or the beginning of what is left out; `panel` names the parts of the page.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.models.custom import said_in
from vinculo.records.custom.spelling import told_labels
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.shaping.conditions import NAMING, Condition, operators_for, values_named
from vinculo.records.shaping.shape import Part, Placed, Shape, must_be_placed, usual_names

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_SECTIONS = 40
MOST_CONDITIONS = 5
MOST_VALUES = 50
PALETTE = "palette"


def shape_told(entity: Entity, data: "QueryDict") -> Shape:
    """The layout that the editor's inputs say, whether it holds together or not: see `check_shape`.
    A field that is gone since is left away."""
    fields = entity.all_fields
    sections: list[tuple[str, list[str]]] = []
    left_out: list[str] = []
    seen: set[str] = set()
    here = left_out
    for item in data.getlist("item"):
        what, _colon, name = item.partition(":")
        if what == "section":
            here = []
            sections.append((name, here))
        elif what == PALETTE:
            here = left_out
        elif what == "field" and name in fields and name not in seen:
            seen.add(name)
            here.append(name)
    usual = set(usual_names(entity))
    panels = {panel.name for panel in entity.panels}
    return Shape(
        parts=tuple(_part(key, names, fields, data) for key, names in sections),
        left_out=frozenset(name for name in left_out if name in usual),
        panels=tuple(dict.fromkeys(name for name in data.getlist("panel") if name in panels)),
        panels_left_out=frozenset(panels & set(data.getlist("panel-hidden"))),
    )


def _part(key: str, names: Iterable[str], fields: Mapping[str, Field], data: "QueryDict") -> Part:
    start = f"title:{key}:"
    labels = told_labels(
        {name.removeprefix(start): str(data[name]) for name in data if name.startswith(start)}
    )
    if labels and not labels.get(""):
        labels = {"": next(iter(labels.values())), **labels}
    return Part(
        label=said_in(labels),
        labels=labels,
        collapsed=f"collapsed:{key}" in data,
        two_columns=data.get(f"columns:{key}") == "2",
        fields=tuple(_placed(fields[name], data) for name in names),
    )


def _placed(field: Field, data: "QueryDict") -> Placed:
    asks = bool(field.editable) and field.kind is not Kind.BOOLEAN
    return Placed(
        field.name,
        required=asks and f"required:{field.name}" in data,
        new=bool(field.editable) and f"new:{field.name}" in data,
        when=_conditions(data.get(f"when:{field.name}", "")),
    )


def _conditions(told: str) -> tuple[Condition, ...]:
    try:
        found = json.loads(told or "[]")
        return tuple(
            Condition(str(one["field"]), str(one["operator"]), tuple(str(v) for v in one["values"]))
            for one in found
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DomainError(_("A condition could not be read. Choose it again.")) from None


def check_shape(entity: Entity, shape: Shape) -> None:
    """Refuse a layout that nobody could fill in, or that says what cannot be."""
    fields = entity.all_fields
    if not shape.parts:
        raise DomainError(_("A layout needs a section. Add one."))
    if len(shape.parts) > MOST_SECTIONS:
        raise DomainError(_("Use at most %(most)s sections."), most=MOST_SECTIONS)
    if any(part.collapsed and not part.labels for part in shape.parts):
        raise DomainError(_("A section that is folded needs a title to be opened by."))
    for name in shape.left_out:
        if must_be_placed(fields[name]):
            raise DomainError(
                _("“%(name)s” must be filled in every record: put it into a section."),
                name=fields[name].label,
            )
    for name, placed in shape.placed.items():
        if len(placed.when) > MOST_CONDITIONS:
            raise DomainError(
                _("“%(name)s” has too many conditions: use at most %(most)s."),
                name=fields[name].label,
                most=MOST_CONDITIONS,
            )
        for condition in placed.when:
            _check_condition(fields, fields[name], condition)
    _refuse_circle(shape, fields)


def _check_condition(fields: Mapping[str, Field], field: Field, condition: Condition) -> None:
    if must_be_placed(field):
        raise DomainError(
            _("“%(name)s” must be filled in every record: it cannot wait for a condition."),
            name=field.label,
        )
    other = fields.get(condition.field)
    if other is None or other.name == field.name:
        raise DomainError(
            _("Choose another field for the condition of “%(name)s”."), name=field.label
        )
    if condition.operator not in operators_for(other):
        raise DomainError(
            _("Choose what the condition of “%(name)s” asks of “%(other)s”."),
            name=field.label,
            other=other.label,
        )
    known = {value for value, _label in values_named(other)}
    named = condition.operator in NAMING
    fits = bool(condition.values) if named else not condition.values
    if not fits or len(condition.values) > MOST_VALUES or not known.issuperset(condition.values):
        raise DomainError(
            _("Choose a value of “%(other)s” for the condition of “%(name)s”."),
            name=field.label,
            other=other.label,
        )


def _refuse_circle(shape: Shape, fields: Mapping[str, Field]) -> None:
    """Two fields that wait for each other are never seen again."""
    waits = {name: [one.field for one in placed.when] for name, placed in shape.placed.items()}
    settled: set[str] = set()

    def follow(name: str, path: list[str]) -> None:
        if name in path:
            circle = " → ".join(str(fields[one].label) for one in [*path[path.index(name) :], name])
            raise DomainError(
                _("These fields wait for each other and would never be shown: %(circle)s."),
                circle=circle,
            )
        if name in settled:
            return
        for other in waits.get(name, ()):
            follow(other, [*path, name])
        settled.add(name)

    for name in waits:
        follow(name, [])
