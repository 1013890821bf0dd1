"""Rules over what is known of one party: pure, the same for one record and for a million."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from vinculo.kernel.addresses import Address
from vinculo.parties.standardising.catalogue import (
    ADDRESS,
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    Rule,
    settled,
    texts_of,
)
from vinculo.parties.standardising.keeping import hands_off
from vinculo.parties.standardising.names import Name

#: The parts of a name → the fields of a person.
PERSON_FIELDS = {
    "given": "given_name", "family": "family_name", "title": "salutation", "full": "name",
}  # fmt: skip
COMPANY_FIELDS = ("name", "legal_name")
ADDRESS_FIELDS = ("street", "postal_code", "city", "region")
LONGEST = {"name": 200, "legal_name": 200, "given_name": 100, "family_name": 100, "salutation": 30,
           "street": 200, "postal_code": 20, "city": 120, "region": 120, "typed": 300}  # fmt: skip
TEXTS = ("name", "legal_name", "given_name", "family_name", "salutation")


@dataclass(slots=True)
class PointSheet:
    """One way to reach a party, as far as rules read it."""

    pk: int
    kind: str
    texts: dict[str, str]
    as_typed: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A party as far as rules read it; `country` is where it is."""

    pk: int
    kind: str
    country: str
    texts: dict[str, str]
    as_typed: dict[str, Any] = field(default_factory=dict)
    points: list[PointSheet] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Altered:
    """One field of a party, or of a contact point of it, that rules write otherwise."""

    point: int | None
    field: str
    old: str
    new: str
    rules: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What rules make of a party; whether something was left because a person has set it so."""

    altered: list[Altered] = field(default_factory=list)
    left_alone: bool = False


Writable = Callable[[str], bool]


class Standards:
    """The rules that are to be applied, by what they are about."""

    def __init__(self, rules: Iterable[Rule], *, again: bool = False) -> None:
        self.again = again
        self._about: dict[str, list[Rule]] = {}
        for rule in rules:
            self._about.setdefault(rule.about, []).append(rule)

    def __bool__(self) -> bool:
        return bool(self._about)

    def of(self, about: str) -> list[Rule]:
        """The rules about names of people, phones …, in their order."""
        return self._about.get(about, [])

    def over(self, sheet: Sheet, writable: Writable = lambda _name: True) -> Outcome:
        """What the rules make of a party. Fields that are not `writable` stay, and so do those
        that somebody has set back or changed since a rule wrote them, unless asked for `again`."""
        found = Outcome()
        if sheet.kind == "person":
            self._person(sheet, writable, found)
        else:
            for name in COMPANY_FIELDS:
                self._text(sheet, COMPANY, name, writable, found)
        for point in sheet.points:
            self._point(sheet, point, writable, found)
        return found

    def _person(self, sheet: Sheet, writable: Writable, found: Outcome) -> None:
        rules = self.of(PERSON)
        if not rules:
            return
        old = name_in(sheet.texts)
        new, used = settled(old, rules, sheet.country)
        parts = {PERSON_FIELDS[part]: keys for part, keys in used.items()}
        altered = _differences(name_texts(old), name_texts(new), None, parts)
        # A name is one thing: whoever has set one part of it has decided about the others.
        held = any(
            hands_off(sheet.as_typed, name, sheet.texts.get(name, ""))
            for name in PERSON_FIELDS.values()
        )
        if altered and held and not self.again:
            found.left_alone = True
        elif all(writable(one.field) for one in altered):
            found.altered += altered

    def _text(
        self, sheet: Sheet, about: str, name: str, writable: Writable, found: Outcome
    ) -> None:
        rules, old = self.of(about), sheet.texts.get(name, "")
        if not rules or not old or not writable(name):
            return
        new, used = settled(old, rules, sheet.country)
        keys = {name: used.get("", [])}
        self._take(_differences({name: old}, {name: new}, None, keys), sheet.as_typed, found)

    def _point(self, sheet: Sheet, point: PointSheet, writable: Writable, found: Outcome) -> None:
        if point.kind == ADDRESS:
            rules = self.of(ADDRESS)
            old = Address(country=point.texts.get("country", ""),
                          **{name: point.texts.get(name, "") for name in ADDRESS_FIELDS})  # fmt: skip
            new, used = settled(old, rules, sheet.country) if rules else (old, {})
            altered = _differences(texts_of(old), texts_of(new), point.pk, used)
            self._take([one for one in altered if writable(one.field)], point.as_typed, found)
        elif point.kind in (PHONE, EMAIL) and self.of(point.kind) and writable(point.kind):
            typed = point.texts.get("typed", "")
            made, used = settled(typed, self.of(point.kind), sheet.country)
            keys = {"typed": used.get("", [])}
            altered = _differences({"typed": typed}, {"typed": made}, point.pk, keys)
            self._take(altered, point.as_typed, found)

    def _take(self, altered: list[Altered], as_typed: dict[str, Any], found: Outcome) -> None:
        for one in altered:
            if not self.again and hands_off(as_typed, one.field, one.old):
                found.left_alone = True
            else:
                found.altered.append(one)


def name_in(texts: dict[str, str]) -> Name:
    """A person's name from the fields it is kept in."""
    return Name(**{part: texts.get(name, "") for part, name in PERSON_FIELDS.items()})


def name_texts(name: Name) -> dict[str, str]:
    """The fields of a person's name."""
    return {PERSON_FIELDS[part]: text for part, text in texts_of(name).items()}


def _differences(
    old: dict[str, str], new: dict[str, str], point: int | None, used: dict[str, list[str]]
) -> list[Altered]:
    """The fields that differ; none at all where one would not fit its column any more."""
    differing = [name for name in old if old[name] != new[name]]
    if any(len(new[name]) > LONGEST.get(name, 200) for name in differing):
        return []
    return [
        Altered(point, name, old[name], new[name], tuple(used.get(name, ()))) for name in differing
    ]
