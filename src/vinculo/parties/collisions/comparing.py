"""What two records agree in: plain functions over plain values, the same for one record or many.

A *subject* is what is known of a record: what may be compared → the values it has. It touches
neither database nor settings, so that an import's workers can use it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, product
from uuid import UUID

from rapidfuzz import fuzz

from vinculo.kernel.emails import is_free_provider
from vinculo.kernel.errors import DomainError
from vinculo.kernel.text import clean, fold, sort_key
from vinculo.kernel.urls import parse_website
from vinculo.parties.collisions.vocabulary import DOMAIN, EXACT, SIMILAR, TAX
from vinculo.parties.facts import PartyFacts
from vinculo.parties.naming import telling_name

Subject = Mapping[str, Sequence[str]]

SIMILAR_FROM = 88
#: Fewer letters or digits than this say nothing about who it is.
SHORTEST = {"name": 2, "name_city": 2, "phone": 6, "email": 6, "tax_id": 3}
#: Somebody with so many phones and mailboxes that all pairs of them are more is no customer.
MOST_KEYS = 200
#: Letters of the name by which similar ones are looked for.
BEGINNING = 3
_NOT_CODE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing to agree in, and how."""

    field: str
    how: str


@dataclass(frozen=True, slots=True)
class Arm:
    """Conditions that must all be met."""

    conditions: tuple[Condition, ...]

    @property
    def fuzzy(self) -> bool:
        """Whether likeness, not sameness, decides."""
        return any(one.how == SIMILAR for one in self.conditions)

    @property
    def signature(self) -> str:
        """The same for arms that ask the same."""
        return "+".join(sorted(f"{one.field}:{one.how}" for one in self.conditions))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is applied: see the model for what its parts mean."""

    pk: int
    kind: str
    title: str
    refuses: bool
    tells: bool
    ready: bool
    arms: tuple[Arm, ...]

    @property
    def keyed(self) -> bool:
        """Whether records are found by keys of their own: the rule promises something, or reads
        what no index of the table of parties knows."""
        return self.refuses or any(arm_needs_keys(arm) for arm in self.arms)

    @property
    def promises(self) -> bool:
        """Whether it refuses by now: until all records have their keys it only warns."""
        return self.refuses and self.ready


#: Conditions by which parties are found without keys.
INDEXED = frozenset({"name", "name_city", "tax_id", "email", "phone", "external_id"})


def arm_needs_keys(arm: Arm) -> bool:
    """Whether no condition of the arm leads to an index of the parties."""
    return not any(one.field in INDEXED and one.how != DOMAIN for one in arm.conditions)


def agreeing(arm: Arm, kind: str, one: Subject, other: Subject) -> bool:
    """Whether two records meet all conditions of an arm."""
    return all(_agree(condition, kind, one, other) for condition in arm.conditions)


def _agree(condition: Condition, kind: str, one: Subject, other: Subject) -> bool:
    mine, theirs = values(condition, kind, one), values(condition, kind, other)
    if condition.how == SIMILAR:
        return any(_similar(a, b) for a in mine for b in theirs)
    return not mine.isdisjoint(theirs)


def _similar(one: str, other: str) -> bool:
    name, _at, place = one.partition("\x1e")
    other_name, _at, other_place = other.partition("\x1e")
    return place == other_place and fuzz.token_sort_ratio(name, other_name) >= SIMILAR_FROM


def values(condition: Condition, kind: str, subject: Subject) -> frozenset[str]:
    """The values of a record in the form in which this condition compares them."""
    field, how = condition.field, condition.how
    if field == "name_city":
        places = {fold(city) for city in subject.get("city", ()) if city}
        names = {_name(kind, name, how) for name in subject.get("name", ())}
        return frozenset(f"{name}\x1e{place}" for name in names if name for place in places)
    found = {_value(kind, field, how, text) for text in subject.get(field, ()) if text}
    least = SHORTEST.get(field, 1)
    return frozenset(text for text in found if len(text) >= least)


def _value(kind: str, field: str, how: str, text: str) -> str:
    if field in ("phone", "birthday") or how == EXACT:
        return clean(text)
    if field == "email":
        # Understood already: in small letters.
        host = text.rpartition("@")[2]
        return ("" if is_free_provider(host) else host) if how == DOMAIN else text
    if field == "website":
        return _host(text)
    if how == TAX:
        return _NOT_CODE.sub("", fold(text))
    return _name(kind, text, how) if field == "name" else fold(text)


def _name(kind: str, name: str, how: str) -> str:
    if how == EXACT:
        return clean(name)
    told = telling_name(name) if kind == "company" else fold(name)
    return told if len(told) >= SHORTEST["name"] else ""


def _host(text: str) -> str:
    try:
        host = parse_website(text).domain
    except DomainError:
        return ""
    return "" if is_free_provider(host) else host


def keys_of(rule: Rule, subject: Subject) -> set[UUID]:
    """One key for each way in which a record could be the same as another by this rule."""
    return {key for arm in rule.arms for key in keys_of_arm(arm, rule.kind, subject)}


def keys_of_arm(arm: Arm, kind: str, subject: Subject) -> set[UUID]:
    """The same for one arm.

    A key of an arm that goes by likeness stands for exactly these values: it tells whether a
    record has changed in what the arm reads.
    """
    ordered = sorted(arm.conditions, key=lambda one: (one.field, one.how))
    parts = [sorted(values(one, kind, subject)) for one in ordered]
    found: set[UUID] = set()
    for combined in islice(product(*parts), MOST_KEYS):
        text = "\x1f".join((arm.signature, kind, *combined))
        found.add(UUID(bytes=blake2b(text.encode(), digest_size=16).digest()))
    return found


def beginnings(rule: Rule, subject: Subject) -> set[str]:
    """By which coarse keys two similar records stand in line behind one another."""
    found = set()
    for arm in rule.arms:
        for one in arm.conditions if arm.fuzzy else ():
            if one.how == SIMILAR:
                told = values(one, rule.kind, subject)
                found |= {sort_key(text.partition("\x1e")[0])[:BEGINNING] for text in told}
    return found


def subject_of(facts: PartyFacts) -> dict[str, tuple[str, ...]]:
    """A record that is (or is about to be) in the database, as a subject."""
    place = facts.primary("address")
    plain = {
        name: getattr(facts, name)
        for name in ("name", "native_name", "legal_name", "given_name", "family_name", "job_title",
                     "tax_id", "external_id", "website")
    }  # fmt: skip
    plain["birthday"] = facts.birthday.isoformat() if facts.birthday else ""
    for part in ("street", "postal_code", "city"):
        plain[part] = getattr(place, part) if place else ""
    found: dict[str, tuple[str, ...]] = {name: (text,) for name, text in plain.items() if text}
    for kind in ("email", "phone"):
        held = tuple(one.value for one in facts.contacts if one.kind == kind and one.value)
        if held:
            found[kind] = held
    return found
