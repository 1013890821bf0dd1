"""What refusing rules promise: no two records with the same keys, whoever writes, and when.

Everything that writes parties recomputes what follows from them (`derived.refresh`); here it also
takes the keys that are new. The database has one place for each key of a refusing rule, so of two
writers at the same moment the second waits for the first and is then refused. Rules that go by
likeness have no such key: their writers stand in line by the beginning of the name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from django.db import connection

from vinculo.parties.collisions.comparing import (
    Rule,
    Subject,
    beginnings,
    keys_of,
    keys_of_arm,
    subject_of,
)
from vinculo.parties.collisions.finding import FOR_REFUSALS, Hit, find
from vinculo.parties.collisions.refusing import refuse
from vinculo.parties.collisions.rules import active_rules
from vinculo.parties.facts import PartyFacts

Held = tuple[int, UUID]
"""A rule and a key."""

Asked = Mapping[int, Mapping[int, set[UUID]]]
"""Party → rule that refuses → the keys that are new."""

HELD = "SELECT party_id, rule_id, key FROM parties_collisionkey WHERE party_id = ANY(%s)"
LET_GO = """
DELETE FROM parties_collisionkey k
USING unnest(%s::bigint[], %s::bigint[], %s::uuid[]) AS gone(party_id, rule_id, key)
WHERE k.party_id = gone.party_id AND k.rule_id = gone.rule_id AND k.key = gone.key
"""
# In one order for all writers, so that two of them do not wait for each other in a circle.
TAKE = """
INSERT INTO parties_collisionkey (rule_id, key, slot, party_id)
SELECT r.id, want.key, CASE WHEN r.refuses THEN 0 ELSE want.party_id END, want.party_id
FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[]) AS want(party_id, rule_id, key)
JOIN parties_collisionrule r ON r.id = want.rule_id
ORDER BY r.id, want.key
ON CONFLICT DO NOTHING RETURNING party_id, rule_id, key
"""
# Of a rule that does not refuse yet, somebody else may have the place.
TAKE_BESIDE = """
INSERT INTO parties_collisionkey (rule_id, key, slot, party_id)
SELECT rule_id, key, party_id, party_id
FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[]) AS want(party_id, rule_id, key)
ORDER BY rule_id, key ON CONFLICT DO NOTHING
"""
IN_LINE = "SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n"


def hold(facts: Mapping[int, PartyFacts]) -> None:
    """Take the keys of these parties (id → what is known) that they do not have yet.

    Raises `Collides`, with every party that collides, when a refusing rule does not let one have
    them. What they had before stays theirs: a rule that came later refuses nothing that was there.
    """
    kinds = {one.kind for one in facts.values()}
    rules = [rule for rule in active_rules(*sorted(kinds)) if rule.keyed] if kinds else []
    if rules:
        _Holding(rules, facts).hold()


@dataclass
class _Wanted:
    """What one party is to have: its subject, and its keys by rule."""

    kind: str
    subject: Subject
    keys: dict[int, set[UUID]]


class _Holding:
    def __init__(self, rules: list[Rule], facts: Mapping[int, PartyFacts]) -> None:
        self.rules = {rule.pk: rule for rule in rules}
        self.wanted: dict[int, _Wanted] = {}
        for party_id, known in facts.items():
            subject = subject_of(known)
            keys = {rule.pk: keys_of(rule, subject) for rule in rules if rule.kind == known.kind}
            self.wanted[party_id] = _Wanted(known.kind, subject, keys)

    def hold(self) -> None:
        """Let go of what is no longer so, then take what is new, or refuse."""
        held: dict[int, set[Held]] = defaultdict(set)
        with connection.cursor() as cursor:
            cursor.execute(HELD, [list(self.wanted)])
            for party_id, rule_id, key in cursor.fetchall():
                held[party_id].add((rule_id, key))
        fresh, gone = [], []
        for party_id, wanted in self.wanted.items():
            mine = {(rule_id, key) for rule_id, keys in wanted.keys.items() for key in keys}
            fresh += [(party_id, *one) for one in mine - held[party_id]]
            # Keys of rules that are off are not ours to judge.
            gone += [(party_id, *one) for one in held[party_id] - mine if one[0] in self.rules]
        if gone:
            with connection.cursor() as cursor:
                cursor.execute(LET_GO, _columns(gone))
        if fresh:
            self._take(fresh)

    def _take(self, fresh: list[tuple[int, int, UUID]]) -> None:
        asked: dict[int, dict[int, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        for party_id, rule_id, key in fresh:
            if self.rules[rule_id].promises:
                asked[party_id][rule_id].add(key)
        if asked:
            self._stand_in_line(asked)
            self._refuse_found(asked)
        with connection.cursor() as cursor:
            cursor.execute(TAKE, _columns(fresh))
            taken = set(cursor.fetchall())
        lost = [one for one in fresh if one not in taken]
        promised = [one for one in lost if self.rules[one[1]].promises]
        if promised:
            # Somebody was faster by a moment, or two of these have the same: now it can be seen.
            self._refuse_found(asked)
            refuse({party_id: [] for party_id, _rule, _key in promised})
        if lost:
            with connection.cursor() as cursor:
                cursor.execute(TAKE_BESIDE, _columns(lost))

    def _refuse_found(self, asked: Asked) -> None:
        """Refuse those that collide by a key that is new; of these, the one that was first stays."""
        found: dict[int, list[Hit]] = {}
        for kind in {self.wanted[party_id].kind for party_id in asked}:
            sought = {pk: self.wanted[pk].subject for pk in asked if self.wanted[pk].kind == kind}
            rules = [rule for rule in self.rules.values() if rule.promises]
            hits = find(rules, kind, sought, most=FOR_REFUSALS, besides={pk: pk for pk in sought})
            for party_id, some in hits.items():
                mine = [hit for hit in some if self._is_new(party_id, hit, asked)]
                if mine:
                    found[party_id] = mine
        if found:
            refuse(found)

    def _is_new(self, party_id: int, hit: Hit, asked: Asked) -> bool:
        if hit.party_id in asked and hit.party_id > party_id:
            return False
        fresh = asked[party_id].get(hit.rule.pk, set())
        mine = keys_of_arm(hit.arm, hit.rule.kind, self.wanted[party_id].subject) & fresh
        if hit.arm.fuzzy:
            return bool(mine)
        return not mine.isdisjoint(keys_of_arm(hit.arm, hit.rule.kind, hit.other))

    def _stand_in_line(self, asked: Asked) -> None:
        """Writers of similar names follow one another: whoever comes second sees the first."""
        numbers: set[int] = set()
        for party_id, rule_ids in asked.items():
            for rule_id in rule_ids:
                rule = self.rules[rule_id]
                for start in beginnings(rule, self.wanted[party_id].subject):
                    text = f"{rule.kind}\x1f{start}".encode()
                    digest = blake2b(text, digest_size=8).digest()
                    numbers.add(int.from_bytes(digest, "big", signed=True))
        if numbers:
            with connection.cursor() as cursor:
                cursor.execute(IN_LINE, [sorted(numbers)])


def _columns(rows: list[tuple[int, int, UUID]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
