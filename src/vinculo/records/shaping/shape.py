"""A layout: sections with their fields, what is left out, the parts of the page in their order.

It says where a field stands and whether it must be filled; never who may see it. What is shown is
always what `Entity.fields_for` lets through, in the places that the layout has for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from vinculo.platform.models.custom import said_in
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.shaping.conditions import Condition

#: Where fields stand that no layout has placed yet, such as one that was added yesterday.
OTHER = _("Other fields")
LEFT_OUT = _("Not in the layout: only administrators see these here")

_said = lazy(said_in, str)


@dataclass(frozen=True)
class Placed:
    """A field in its place.

    `required`: people must fill it, though the record type itself does not ask for it;
    `new`: the form of a new record asks for it, too; `when`: shown only where all of these hold.
    """

    name: str
    required: bool = False
    new: bool = False
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section: on the page a card of facts, in the form a group of inputs."""

    label: Label
    fields: tuple[Placed, ...]
    collapsed: bool = False
    two_columns: bool = False
    #: Its title by language, as it is kept; "" is what the others fall back to.
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """A whole layout; `panels` are names of parts of the page in their order."""

    parts: tuple[Part, ...]
    left_out: frozenset[str] = frozenset()
    panels: tuple[str, ...] = ()
    panels_left_out: frozenset[str] = frozenset()

    @property
    def placed(self) -> dict[str, Placed]:
        """Every field that has a place, by name."""
        return {one.name: one for part in self.parts for one in part.fields}

    def as_json(self) -> dict[str, Any]:
        """The layout as a row keeps it."""
        return {
            "sections": [
                {
                    "labels": dict(part.labels),
                    "collapsed": part.collapsed,
                    "two_columns": part.two_columns,
                    "fields": [
                        {
                            "name": one.name,
                            "required": one.required,
                            "new": one.new,
                            "when": [condition.as_json() for condition in one.when],
                        }
                        for one in part.fields
                    ],
                }
                for part in self.parts
            ],
            "left_out": sorted(self.left_out),
            "panels": list(self.panels),
            "panels_left_out": sorted(self.panels_left_out),
        }


def shape_from(kept: Mapping[str, Any]) -> Shape:
    """The layout that a row keeps."""
    return Shape(
        parts=tuple(
            Part(
                label=_said(part["labels"]) if part["labels"] else "",
                labels=part["labels"],
                collapsed=part["collapsed"],
                two_columns=part["two_columns"],
                fields=tuple(
                    Placed(
                        one["name"],
                        one["required"],
                        one["new"],
                        tuple(Condition.from_json(condition) for condition in one["when"]),
                    )
                    for one in part["fields"]
                ),
            )
            for part in kept.get("sections", ())
        ),
        left_out=frozenset(kept.get("left_out", ())),
        panels=tuple(kept.get("panels", ())),
        panels_left_out=frozenset(kept.get("panels_left_out", ())),
    )


def declared_shape(entity: Entity) -> Shape:
    """The layout that the record type has of itself: what an administrator begins with.

    Its title stands first; what only the form asks for is at the end of the first section.
    """
    asked = set(entity.form_names)
    sections = [(section.label, list(section.fields)) for section in entity.all_sections]
    if not sections:
        sections = [("", [])]
    apart = form_only(entity)
    first = sections[0][1]
    first[:0] = [name for name in entity.form if name in apart and name == entity.title]
    first += [name for name in entity.form if name in apart and name != entity.title]
    return Shape(
        parts=tuple(
            Part(
                label=label,
                labels=in_all_languages(label),
                two_columns=True,
                fields=tuple(Placed(name, new=name in asked) for name in names),
            )
            for label, names in sections
        ),
        panels=tuple(panel.name for panel in sorted(entity.panels, key=lambda one: one.order)),
    )


def form_only(entity: Entity) -> frozenset[str]:
    """Fields that the page shows elsewhere than among its facts: its title, a text in a panel."""
    facts = {name for section in entity.sections for name in section.fields}
    return frozenset(entity.form) - facts


def usual_names(entity: Entity) -> tuple[str, ...]:
    """The fields that a form or page has without a layout: one that a layout neither places nor
    leaves out is a new one."""
    sections = [name for section in entity.all_sections for name in section.fields]
    return tuple(dict.fromkeys([*entity.form_names, *sections]))


def must_be_placed(field: Field) -> bool:
    """Whether a layout can neither leave the field out nor make it wait for a condition."""
    return bool(field.required and field.editable and field.kind is not Kind.BOOLEAN)


def in_all_languages(label: Label) -> dict[str, str]:
    """A label by language, "" for the one that all others fall back to."""
    if isinstance(label, str):
        return {"": label} if label else {}
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = str(label)
    usual = told[settings.LANGUAGE_CODE]
    return {"": usual, **{code: text for code, text in told.items() if text != usual}}
