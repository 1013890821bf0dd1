"""Which parties a subject collides with: one query for one subject or thousands.

Each arm of a rule is led to a few parties by one index (its own keys, or those of tax ids, contact
points and names); whether they really agree is then asked of `comparing`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from vinculo.kernel.text import sort_key
from vinculo.parties.collisions.comparing import (
    BEGINNING,
    INDEXED,
    Arm,
    Condition,
    Rule,
    Subject,
    agreeing,
    keys_of,
    values,
)
from vinculo.parties.collisions.vocabulary import DOMAIN, SIMILAR, TAX

#: So many of one index are looked at for a hint.
FOR_HINTS = 50
#: So many where a refusal hangs on it.
FOR_REFUSALS = 2000
LAST = "\U0010ffff"
#: What leads to the fewest parties first.
_SUREST = ("tax_id", "email", "phone", "external_id", "name_city", "name")


@dataclass(frozen=True, slots=True)
class Hit:
    """A party that agrees with a subject by an arm of a rule, and what is known of it."""

    party_id: int
    rule: Rule
    arm: Arm
    other: Subject


# The ways to parties; each takes numbers of subjects (n) and the values they have.
_WAYS = {
    "key": """SELECT q.n, k.party_id FROM unnest(%(key_n)s::bigint[], %(key_rule)s::bigint[],
        %(key_v)s::uuid[]) q(n, rule, v)
        JOIN LATERAL (SELECT party_id FROM parties_collisionkey
            WHERE rule_id = q.rule AND key = q.v LIMIT %(most)s) k ON true""",
    "tax_id": """SELECT q.n, p.id FROM unnest(%(tax_id_n)s::bigint[], %(tax_id_v)s::text[]) q(n, v)
        JOIN LATERAL (SELECT id FROM parties_party WHERE tax_id = q.v AND tax_id <> ''
            AND kind = %(kind)s LIMIT %(most)s) p ON true""",
    "external_id": """SELECT q.n, p.id
        FROM unnest(%(external_id_n)s::bigint[], %(external_id_v)s::text[]) q(n, v)
        JOIN LATERAL (SELECT id FROM parties_party WHERE external_id = q.v AND external_id <> ''
            AND kind = %(kind)s LIMIT %(most)s) p ON true""",
    "point": """SELECT q.n, c.party_id FROM unnest(%(point_n)s::bigint[], %(point_kind)s::text[],
        %(point_v)s::text[]) q(n, kind, v)
        JOIN LATERAL (SELECT party_id FROM parties_contactpoint c JOIN parties_party p
            ON p.id = c.party_id AND p.kind = %(kind)s
            WHERE c.kind = q.kind AND c.value = q.v AND c.value <> '' LIMIT %(most)s) c ON true""",
    "name": """SELECT q.n, p.id FROM unnest(%(name_n)s::bigint[], %(name_v)s::text[]) q(n, v)
        JOIN LATERAL (SELECT id FROM parties_party WHERE kind = %(kind)s
            AND sort_name >= q.v AND sort_name < q.v || %(last)s
            ORDER BY sort_name, id LIMIT %(most)s) p ON true""",
    "place": """SELECT q.n, p.id FROM unnest(%(place_n)s::bigint[], %(place_v)s::text[],
        %(place_city)s::text[]) q(n, v, city)
        JOIN LATERAL (SELECT id FROM parties_party WHERE kind = %(kind)s AND city = q.city
            AND sort_name >= q.v AND sort_name < q.v || %(last)s
            ORDER BY sort_name, id LIMIT %(most)s) p ON true""",
}
_PARTIES = """
WITH hits(n, id) AS (
{ways}
)
SELECT ARRAY(SELECT h.n FROM hits h WHERE h.id = p.id), p.id, p.name, p.native_name, p.legal_name,
    p.given_name, p.family_name, p.job_title, coalesce(p.birthday::text, ''), p.tax_id,
    p.external_id, p.website, coalesce(a.street, ''), coalesce(a.postal_code, ''), p.city,
    coalesce((SELECT json_agg(json_build_array(c.kind, c.value)) FROM parties_contactpoint c
        WHERE c.party_id = p.id AND c.kind IN ('phone', 'email') AND c.value <> ''), '[]')
FROM parties_party p
LEFT JOIN parties_contactpoint a ON a.party_id = p.id AND a.kind = 'address' AND a.is_primary
WHERE p.kind = %(kind)s AND p.id IN (SELECT id FROM hits)
"""
_COLUMNS = (
    "name", "native_name", "legal_name", "given_name", "family_name", "job_title", "birthday",
    "tax_id", "external_id", "website", "street", "postal_code", "city",
)  # fmt: skip


def find(
    rules: Iterable[Rule],
    kind: str,
    sought: Mapping[int, Subject],
    *,
    most: int = FOR_HINTS,
    besides: Mapping[int, int] | None = None,
) -> dict[int, list[Hit]]:
    """Number of a subject → the parties it collides with, by which rule and arm.

    `besides` names, for a subject, the party it is itself.
    """
    rules = [rule for rule in rules if rule.kind == kind]
    ways = _Ways(most)
    for number, subject in sought.items():
        for rule in rules:
            ways.add_rule(number, kind, rule, subject)
    found: dict[int, list[Hit]] = defaultdict(list)
    for numbers, party_id, other in ways.parties(kind):
        for number in numbers:
            if (besides or {}).get(number) == party_id:
                continue
            found[number] += [
                Hit(party_id, rule, arm, other)
                for rule in rules
                for arm in rule.arms
                if agreeing(arm, kind, sought[number], other)
            ]
    return {number: hits for number, hits in found.items() if hits}


class _Ways:
    """What the indexes are asked for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked: dict[str, set[tuple[Any, ...]]] = defaultdict(set)

    def add_rule(self, number: int, kind: str, rule: Rule, subject: Subject) -> None:
        """Lead each arm of a rule to those that may agree."""
        if rule.keyed:
            self.asked["key"] |= {(number, rule.pk, key) for key in keys_of(rule, subject)}
        for arm in rule.arms:
            if rule.keyed and rule.ready and not arm.fuzzy:
                continue
            if all(values(one, kind, subject) for one in arm.conditions):
                self._add_arm(number, kind, arm, subject)

    def _add_arm(self, number: int, kind: str, arm: Arm, subject: Subject) -> None:
        ready = [one for one in arm.conditions if one.field in INDEXED and one.how != DOMAIN]
        leading = min(ready, key=_sureness, default=None)
        if leading is None:
            return
        field = leading.field
        if field in ("email", "phone"):
            told = values(leading, kind, subject)
            self.asked["point"] |= {(number, field, value) for value in told}
        elif field in ("tax_id", "external_id"):
            self.asked[field] |= {(number, text) for text in _as_written(leading, kind, subject)}
        else:
            self._add_name(number, kind, leading, subject)

    def _add_name(self, number: int, kind: str, leading: Condition, subject: Subject) -> None:
        for text in values(leading, kind, subject):
            start = sort_key(text.partition("\x1e")[0])
            if leading.how == SIMILAR:
                start = start[:BEGINNING]
            if leading.field == "name_city":
                cities = subject.get("city", ())
                self.asked["place"] |= {(number, start, city) for city in cities if city}
            else:
                self.asked["name"].add((number, start))

    def parties(self, kind: str) -> list[tuple[list[int], int, Subject]]:
        """The parties that the indexes lead to: for which subjects, which, and what is known."""
        asked = {way: rows for way, rows in self.asked.items() if rows}
        if not asked:
            return []
        place: dict[str, Any] = {"kind": kind, "most": self.most, "last": LAST}
        for way, rows in asked.items():
            columns = list(zip(*sorted(rows, key=str), strict=True))
            for name, column in zip(_PARAMETERS[way], columns, strict=True):
                place[f"{way}_{name}"] = list(column)
        ways = "\nUNION\n".join(_WAYS[way] for way in sorted(asked))
        with connection.cursor() as cursor:
            cursor.execute(_PARTIES.format(ways=ways), place)
            return [(row[0], row[1], _subject(row[2:])) for row in cursor.fetchall()]


_PARAMETERS = {
    "key": ("n", "rule", "v"), "tax_id": ("n", "v"), "external_id": ("n", "v"),
    "point": ("n", "kind", "v"), "name": ("n", "v"), "place": ("n", "v", "city"),
}  # fmt: skip


def _sureness(condition: Condition) -> tuple[bool, int]:
    return condition.how == SIMILAR, _SUREST.index(condition.field)


def _as_written(condition: Condition, kind: str, subject: Subject) -> set[str]:
    """A number as it may stand in its column."""
    found = {text for text in subject.get(condition.field, ()) if text}
    if condition.how == TAX:
        found |= {text.upper() for text in values(condition, kind, subject)}
    return found


def _subject(row: Sequence[Any]) -> Subject:
    *texts, points = row
    found = {name: (text,) for name, text in zip(_COLUMNS, texts, strict=True) if text}
    held = json.loads(points) if isinstance(points, str) else points
    for kind in ("email", "phone"):
        values_of_kind = tuple(value for of, value in held if of == kind)
        if values_of_kind:
            found[kind] = values_of_kind
    return found
