"""What the editor of a layout shows: its sections, what is left out, the parts of the page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.shaping.arranging import panels_at
from vinculo.records.shaping.conditions import OPERATORS, operators_for, values_named
from vinculo.records.shaping.shape import Part, Placed, Shape, must_be_placed, usual_names

#: Where a page has parts, as administrators say it.
PLACES = {
    "main": _("In the middle"),
    "side": _("At the side"),
    "foot": _("At the thumb, on a phone"),
}
#: The name of a section's inputs in the pattern that a new one is made of.
PATTERN = "KEY"


@dataclass(frozen=True)
class FieldRow:
    """A field as it lies in a section or beside the layout."""

    field: Field
    placed: Placed
    stays: bool
    #: Its conditions as the browser reads them.
    when_told: str

    @property
    def can_be_asked(self) -> bool:
        """Whether people fill it in at all."""
        return bool(self.field.editable)

    @property
    def can_be_required(self) -> bool:
        """Whether the layout can ask for more than the field does; a box is never empty."""
        return self.can_be_asked and not self.stays and self.field.kind is not Kind.BOOLEAN


@dataclass(frozen=True)
class SectionRow:
    """A section with its fields; `key` is in the names of its inputs."""

    key: str
    part: Part
    fields: list[FieldRow]

    @property
    def language(self) -> str:
        """Whose title stands in the head: the reader's language if it has one of its own, else the
        one that all languages fall back to."""
        mine = get_language() or ""
        return mine if self.part.labels.get(mine) else ""

    @property
    def title(self) -> str:
        """What the section is called there."""
        return str(self.part.labels.get(self.language, ""))

    @property
    def titles(self) -> list[tuple[str, str, str]]:
        """The other titles: (language, its name, the title there)."""
        names = [("", gettext("All other languages")), *settings.LANGUAGES]
        return [
            (code, str(name), str(self.part.labels.get(code, "")))
            for code, name in names
            if code != self.language
        ]


def editor_context(entity: Entity, shape: Shape) -> dict[str, Any]:
    """The parts of the editor for this layout."""
    fields, placed = entity.all_fields, shape.placed
    usual = usual_names(entity)
    beside = [name for name in fields if name not in placed]
    everything = replace(shape, panels_left_out=frozenset())
    panels = [
        (label, [(one, one.name in shape.panels_left_out) for one in found])
        for place, label in PLACES.items()
        if (found := panels_at(entity, everything, place))
    ]
    return {
        "sections": [
            SectionRow(
                f"s{at}",
                part,
                [_row(fields[one.name], one, usual) for one in part.fields if one.name in fields],
            )
            for at, part in enumerate(shape.parts)
        ],
        "pattern": SectionRow(PATTERN, Part("", (), two_columns=True), []),
        "beside": [_row(fields[name], Placed(name), usual) for name in beside],
        "panels": panels,
        "fields_json": json.dumps(
            [
                {
                    "name": field.name,
                    "label": str(field.label),
                    "operators": list(operators_for(field)),
                    "values": [[value, str(label)] for value, label in values_named(field)],
                }
                for field in fields.values()
            ]
        ),
        "operators_json": json.dumps({name: str(label) for name, label in OPERATORS.items()}),
    }


def _row(field: Field, placed: Placed, usual: Sequence[str]) -> FieldRow:
    stays = must_be_placed(field) and field.name in usual
    when = json.dumps([condition.as_json() for condition in placed.when])
    return FieldRow(field, placed, stays, when)
