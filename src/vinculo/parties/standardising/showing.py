"""Some of the values that a look or a run is about, for whoever may see them.

They are read from the records as they are now, so that a run keeps nothing of what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vinculo.parties.kinds import kinds_seen_by
from vinculo.parties.models import Party
from vinculo.parties.standardising.applying import Altered, PointSheet, Sheet, Standards
from vinculo.parties.standardising.catalogue import ADDRESS, RULES, Rule
from vinculo.parties.standardising.models import StandardisingRun
from vinculo.parties.standardising.reading import sheets_of
from vinculo.parties.standardising.running import standards_of
from vinculo.platform.models import User
from vinculo.records.registry import entity

Seen = Callable[[str], str]


@dataclass(frozen=True)
class Pair:
    """A value before and after, of which record and in which field."""

    party: Party
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class RuleShown:
    """A rule, how many values it changes, and some of them."""

    rule: Rule
    count: int
    pairs: list[Pair]


def pairs_of(user: User, run: StandardisingRun) -> list[RuleShown]:
    """The rules of a run with some of the values they change, as far as `user` may see them."""
    wanted = {pk for ids in run.samples.values() for pk in ids}
    rows = Party.objects.filter(pk__among=wanted).visible_to(user).only("name", "kind")
    parties = {party.pk: party for party in rows}
    sheets = sheets_of(list(parties))
    labels = {kind: labels_seen(user, kind) for kind in ("company", "person")}
    standards = standards_of(run)
    changes = {
        pk: list(_written(sheet) if run.writes else _wanted(standards, sheet))
        for pk, sheet in sheets.items()
    }
    found = []
    for key in run.rules:
        if key not in RULES or not run.counts.get(key):
            continue
        pairs = [
            Pair(parties[pk], label, one.old, one.new)
            for pk in run.samples.get(key, ())
            for one, kind in changes.get(pk, ())
            if key in one.rules and (label := labels[sheets[pk].kind](kind or one.field))
        ]
        found.append(RuleShown(RULES[key], run.counts[key], pairs))
    return found


def _wanted(standards: Standards, sheet: Sheet) -> Iterator[tuple[Altered, str]]:
    """What the rules would change now, each with the field whose rules it falls under."""
    kinds = {point.pk: point.kind for point in sheet.points}
    for one in standards.over(sheet).altered:
        yield one, ("" if one.point is None else _ruling(kinds[one.point], one.field))


def _written(sheet: Sheet) -> Iterator[tuple[Altered, str]]:
    """What rules have changed and is still so."""
    for name, held in sheet.as_typed.items():
        if held["made"] == sheet.texts.get(name):
            yield _altered(None, name, held), ""
    for point in sheet.points:
        for name, held in point.as_typed.items():
            if held["made"] == point.texts.get(name):
                yield _altered(point, name, held), _ruling(point.kind, name)


def _altered(point: PointSheet | None, name: str, held: dict[str, object]) -> Altered:
    rules = held["rules"]
    used = tuple(str(key) for key in rules) if isinstance(rules, list) else ()
    number = point.pk if point is not None else None
    return Altered(number, name, str(held["typed"]), str(held["made"]), used)


def _ruling(kind: str, field: str) -> str:
    return field if kind == ADDRESS else kind


def labels_seen(user: User, kind: str) -> Seen:
    """The labels of the fields that `user` may see, "" for the others."""
    labels = {one.name: str(one.label) for one in entity(f"parties.{kind}").fields_for(user)}
    hidden = {"phone", "email", "address"} - set(kinds_seen_by(user, kind))
    for name in hidden:
        labels.pop(name, None)
    if ADDRESS in hidden:
        for name in ("street", "postal_code", "city", "region"):
            labels.pop(name, None)
    return lambda name: labels.get(name, "")
