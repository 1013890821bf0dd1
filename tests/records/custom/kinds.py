"""One custom field of every kind, with a value as each surface says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vinculo.platform.models import CustomField, User
from vinculo.platform.models.custom import COMPUTED, CustomKind
from vinculo.records.custom.actions import add_custom_field
from vinculo.records.custom.spelling import Wish
from vinculo.records.registry import entity

CHOICES = (
    {"labels": {"": "Gold", "es": "Oro"}},
    {"labels": {"": "Silver", "es": "Plata"}},
)


@dataclass(frozen=True)
class Case:
    """A kind: how a form, a file and the API say one value of it, and how it is kept."""

    kind: str
    form: Any
    kept: Any
    api: Any
    cell: str
    file: str
    #: Filters that find the record with the value, and those that find the one without.
    finds: tuple[str, ...]
    lacks: tuple[str, ...]
    #: What a form, a file and the API say that is refused.
    wrong: Any = None
    wrong_api: Any = None
    wish: dict[str, Any] = field(default_factory=dict)
    sortable: bool = True
    groupable: bool = True


CASES = [
    Case("text", "Blue ocean", "Blue ocean", "Blue ocean", "Blue ocean", "Blue ocean",
         ("contains=ocean", "is=Blue ocean", "starts=Blue", "filled=1"),
         ("empty=1", "lacks=ocean", "not=Blue ocean"), "x" * 501, 5),
    Case("long_text", "One\nTwo", "One\nTwo", "One\nTwo", "One\nTwo", "One\nTwo",
         ("contains=Two", "filled=1"), ("empty=1", "lacks=Two"), "x" * 20_001, 5,
         sortable=False, groupable=False),
    Case("number", "42", 42, 42, "42", "42",
         ("is=42", "min=42", "max=42", "above=41", "below=43", "between=40..42", "filled=1"),
         ("empty=1", "not=42"), "4.5", "42", groupable=False),
    Case("money", "1234.50", "1234.50", "1234.50", "€1,234.50", "1234.50",
         ("is=1234.5", "min=1234.50", "above=1000", "below=2000", "filled=1"),
         ("empty=1", "not=1234.5"), "1.005", "1.005", {"currency": "EUR"}, groupable=False),
    Case("date", "2026-03-04", "2026-03-04", "2026-03-04", "2026", "2026-03-04",
         ("on=2026-03-04", "before=2026-03-05", "after=2026-03-03", "between=2026-03-01..2026-03-31",
          "filled=1"), ("empty=1",), "someday", "someday"),
    Case("datetime", "2026-03-04T10:30", "2026-03-04T10:30:00+00:00", "2026-03-04T10:30:00+00:00",
         "2026", "2026-03-04 10:30:00", ("on=2026-03-04", "before=2026-03-05", "filled=1"),
         ("empty=1",), "someday", "someday"),
    Case("boolean", "on", True, True, "Yes", "Yes", ("is=1",), ("is=0",), None, "yes"),
    Case("choice", "gold", "gold", "gold", "Gold", "Gold",
         ("is=gold", "in=gold,silver", "filled=1"), ("empty=1", "not=gold", "out=gold"),
         "lead", "lead", {"choices": CHOICES}),
    Case("choices", ["gold", "silver"], ["gold", "silver"], ["gold", "silver"], "Silver",
         "Gold; Silver", ("has=silver", "any=gold,lead", "filled=1"), ("empty=1", "none=gold"),
         ["lead"], ["lead"], {"choices": CHOICES}, sortable=False, groupable=False),
    Case("email", "ana@acme.example", "ana@acme.example", "ana@acme.example", "mailto:",
         "ana@acme.example", ("contains=acme", "is=ana@acme.example"), ("empty=1", "lacks=acme"),
         "no address", "no address", groupable=False),
    Case("phone", "+34 912 345 678", "+34 912 345 678", "+34 912 345 678", "tel:",
         "+34 912 345 678", ("filled=1", "contains=912"), ("empty=1",), "x" * 501, 5,
         groupable=False),
    Case("url", "https://acme.example/a", "https://acme.example/a", "https://acme.example/a",
         "acme.example/a", "https://acme.example/a", ("contains=acme", "filled=1"), ("empty=1",),
         "javascript:alert(1)", "javascript:alert(1)", groupable=False),
]  # fmt: skip
BY_KIND = {case.kind: case for case in CASES}
assert set(BY_KIND) | {"relation", *COMPUTED} == set(CustomKind.values)


def add(actor: User, kind: str = "text", label: str = "", key: str = "parties.company",
        **more: Any) -> CustomField:  # fmt: skip
    """A field of this kind, made as an administrator makes it."""
    case = BY_KIND.get(kind)
    wish = {**(case.wish if case else {}), **more}
    labels = {"": label or f"My {kind}"}
    return add_custom_field(actor=actor, entity=entity(key), wish=Wish(labels, kind=kind, **wish))
