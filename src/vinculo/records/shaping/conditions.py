"""*Visible when*: conditions on other fields, with one meaning on the server and in the browser.

What a field holds is read as the words in it: a choice by its key, a box as "true" or "false",
tags one by one, anything else as one word if it says something. web/static/js/conditions.js does
the same with what is being typed; tests hold the two against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.kernel.text import clean
from vinculo.records.fields import Field, Kind, Label

#: What a condition can ask; the first three name values, and the field must have choices for them.
OPERATORS: dict[str, Label] = {
    "is": pgettext_lazy("condition", "is"),
    "is_not": pgettext_lazy("condition", "is not"),
    "one_of": pgettext_lazy("condition", "is one of"),
    "empty": pgettext_lazy("condition", "is empty"),
    "set": pgettext_lazy("condition", "is filled"),
}
NAMING = ("is", "is_not", "one_of")
TRUTHS = (("true", _("Yes")), ("false", _("No")))


@dataclass(frozen=True)
class Condition:
    """One thing that must hold of another field of the record."""

    field: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, held: Sequence[str]) -> bool:
        """Whether it does, of a field that holds these words."""
        if self.operator == "empty":
            return not held
        if self.operator == "set":
            return bool(held)
        met = any(value in held for value in self.values)
        return not met if self.operator == "is_not" else met

    def as_json(self) -> dict[str, Any]:
        """As a layout keeps it, and as the browser reads it."""
        return {"field": self.field, "operator": self.operator, "values": list(self.values)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Condition":
        """The condition that a layout keeps."""
        return cls(kept["field"], kept["operator"], tuple(kept["values"]))


def values_named(field: Field) -> tuple[tuple[str, Label], ...]:
    """The values of a field that a condition can name; none where anything can be typed."""
    if field.kind is Kind.BOOLEAN:
        return TRUTHS
    if field.kind in (Kind.CHOICE, Kind.TAGS):
        return tuple((str(value), label) for value, label in field.choices or ())
    return ()


def operators_for(field: Field) -> tuple[str, ...]:
    """What can be asked of a field: a box is never empty, a text has no values to choose from."""
    if field.kind is Kind.BOOLEAN:
        return ("is",)
    return tuple(OPERATORS) if values_named(field) else ("empty", "set")


def words_in(field: Field, value: Any) -> tuple[str, ...]:
    """What a stored or an offered value of the field says, word by word."""
    if field.kind is Kind.BOOLEAN:
        return ("true" if value else "false",)
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value if one not in (None, ""))
    if value is None:
        return ()
    if isinstance(value, Decimal | int | date):
        return (str(value),)
    text = str(getattr(value, "pk", value))
    if field.kind is Kind.TAGS:
        parts = (clean(part) for part in text.replace("，", ",").split(","))
        return tuple(part for part in parts if part)
    if field.kind is Kind.CHOICE:
        return (text,) if text else ()
    return (text,) if clean(text) else ()


@dataclass(frozen=True)
class Outcome:
    """Whether a field is shown, and whether everything that decides it can be told: where the
    reader may not see what decides, the field is shown and nobody is made to fill it."""

    shown: bool
    told: bool = True


def outcome(
    conditions: Sequence[Condition], readable: Mapping[str, Field], held: Callable[[Field], Any]
) -> Outcome:
    """What the conditions come to for a reader who may see `readable`; `held` gives the words in
    one of these fields."""
    seen = [one for one in conditions if one.field in readable]
    shown = all(one.holds(held(readable[one.field])) for one in seen)
    return Outcome(shown, len(seen) == len(conditions))
