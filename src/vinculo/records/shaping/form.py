"""The form of a record in the sections of its layout; what conditions hide is neither asked for nor
changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms

from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.forms import RecordForm, raw_value
from vinculo.records.shaping.arranging import (
    form_parts,
    must_fill,
    outcome_of,
    readable_for,
    shape_of,
)
from vinculo.records.shaping.conditions import words_in
from vinculo.records.shaping.shape import Part, Placed, Shape, must_be_placed
from vinculo.records.writing import blank_record

if TYPE_CHECKING:
    from django.http import QueryDict


#: More inputs than these stand in two columns, where no layout says how.
FEW = 6


@dataclass(frozen=True)
class Group:
    """A section of the form as it is drawn."""

    label: Label
    inputs: list[forms.BoundField]
    two_columns: bool
    collapsed: bool
    #: Nothing in it is shown now; the browser shows it when something comes to be.
    hidden: bool


class ShapedForm(RecordForm):
    """The form of a new record or of an existing one, arranged as the person's layout says."""

    def __init__(
        self,
        entity: Entity,
        user: User,
        *,
        record: Any = None,
        data: "QueryDict | None" = None,
        initial: dict[str, Any] | None = None,
        also: Sequence[str] = (),
        shape: Shape | None = None,
    ) -> None:
        """`also` names fields that are asked for beside those of the layout; `shape` is another
        layout than the person's, to be looked at before it is saved."""
        self.shape = shape or shape_of(user, entity)
        parts = form_parts(entity, self.shape, new=record is None)
        known = {one.name for part in parts for one in part.fields}
        #: Those of them that the layout does not ask for anyway.
        self.also = [name for name in dict.fromkeys(also) if name and name not in known]
        self.parts = _with(parts, tuple(Placed(name) for name in self.also))
        names = [one.name for part in self.parts for one in part.fields]
        super().__init__(entity, user, names, record=record, data=data, initial=initial)
        #: What conditions on what the form holds now hide.
        self.concealed: set[str] = set()
        self._looked_through = False
        self._settle()

    def _settle(self) -> None:
        """Ask of each field what its layout asks, and take out what no input here can bring."""
        readable = readable_for(self.user, self.entity, self.parts)
        while gone := [one.name for one in self._open() if not self._may_come(one, readable)]:
            for name in gone:
                del self.fields[name]
        for placed in self._open():
            found = outcome_of(placed, self.entity, readable, self._held)
            made = self.fields[placed.name]
            if placed.required and found.told and not isinstance(made, forms.BooleanField):
                made.required = True
            if not found.shown:
                self.concealed.add(placed.name)
            asked = [one for one in placed.when if one.field in self.fields]
            if asked and not must_be_placed(self.record_fields[placed.name]):
                told = [
                    {**one.as_json(), "reads": _reads(self.record_fields[one.field])}
                    for one in asked
                ]
                made.when = json.dumps(told)  # type: ignore[attr-defined]
                made.concealed = not found.shown  # type: ignore[attr-defined]

    def _open(self) -> list[Placed]:
        """The fields that have an input, as they are placed."""
        placed = (one for part in self.parts for one in part.fields)
        return [one for one in placed if one.name in self.fields]

    def _may_come(self, placed: Placed, readable: dict[str, Field]) -> bool:
        """Whether what no input of this form can change lets the field be shown."""
        fixed = tuple(one for one in placed.when if one.field not in self.fields)
        return outcome_of(replace(placed, when=fixed), self.entity, readable, self._held).shown

    def _held(self, field: Field) -> tuple[str, ...]:
        """The words in a field: as typed, as the form offers it, or as the record has it."""
        made = self.fields.get(field.name)
        if made is None:
            return words_in(field, self._kept(field))
        if self.is_bound:
            name = self.add_prefix(field.name)
            return words_in(field, made.widget.value_from_datadict(self.data, self.files, name))
        return words_in(field, self.get_initial_for_field(made, field.name))

    def _kept(self, field: Field) -> Any:
        """What a field without an input holds: of a new record nothing yet, where it is no column
        or follows from others."""
        if self.record is not None:
            return raw_value(field, self.record)
        kept = bool(field.column) and not field.computed
        return raw_value(field, blank_record(self.entity)) if kept else None

    def clean(self) -> dict[str, Any]:
        """What is hidden by a condition stays as it is, whatever came with the form."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.concealed:
            self.errors.pop(name, None)
            cleaned.pop(name, None)
        self._looked_through = True
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """A refusal of what is hidden is said over the form, or nobody would read it."""
        hidden = self._looked_through and field in self.concealed
        super().add_error(None if hidden else field, error)

    @property
    def groups(self) -> list[Group]:
        """The sections with their inputs, without those that have none for this person."""
        found = []
        for part in self.parts:
            names = [one.name for one in part.fields if one.name in self.fields]
            if not names:
                continue
            failed = any(name in self.errors for name in names)
            found.append(
                Group(
                    part.label,
                    [self[name] for name in names],
                    part.two_columns or (self.shape is None and len(self.fields) > FEW),
                    part.collapsed and not failed,
                    all(name in self.concealed for name in names),
                )
            )
        return found


def _with(parts: Sequence[Part], more: tuple[Placed, ...]) -> tuple[Part, ...]:
    """The sections with some more fields at the end of the last."""
    if not more:
        return tuple(parts)
    if not parts:
        return (Part("", more),)
    return (*parts[:-1], replace(parts[-1], fields=(*parts[-1].fields, *more)))


def _reads(field: Field) -> str:
    """How the browser reads the words in an input: see conditions.js."""
    if field.kind is Kind.BOOLEAN:
        return "box"
    if field.kind is Kind.TAGS:
        return "boxes" if field.choices else "tags"
    return "choice" if field.kind is Kind.CHOICE else "text"


def one_field_form(
    entity: Entity,
    user: User,
    name: str,
    record: Any,
    data: "QueryDict | None" = None,
    *,
    also: Sequence[str] = (),
) -> RecordForm:
    """The form of one field of a record, in place: it cannot be emptied where the layout asks for
    it. `also` are fields that must be filled in with it."""
    form = RecordForm(entity, user, [name, *also], record=record, data=data)
    made = form.fields.get(name)
    if made is not None and not made.required and must_fill(user, entity, name, record):
        made.required = not isinstance(made, forms.BooleanField)
    for more in also:
        form.fields[more].required = not isinstance(form.fields[more], forms.BooleanField)
    return form
