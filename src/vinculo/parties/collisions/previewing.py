"""What a rule would have found among the records that are there, before it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from vinculo.parties.collisions.comparing import Rule, Subject, keys_of_arm, subject_of
from vinculo.parties.collisions.finding import find
from vinculo.parties.collisions.models import CollisionKey, CollisionRule
from vinculo.parties.collisions.rules import compiled
from vinculo.parties.derived import facts_of
from vinculo.parties.matching.clusters import Clusters
from vinculo.parties.models import Party
from vinculo.platform.models import User

#: So many of the newest records are looked at before a rule is saved.
NEWEST = 3_000
CHUNK = 1_000
MOST_GROUPS = 50
MOST_SHOWN = 10


@dataclass
class Found:
    """Groups of records that collide with one another."""

    looked_at: int
    records: int = 0
    groups: list[list[Party]] = field(default_factory=list)
    more: bool = False


def preview(user: User, rule: Rule) -> Found:
    """What `rule` finds among the newest records that `user` sees, whether it holds or not."""
    ids = list(
        Party.objects.filter(kind=rule.kind)
        .visible_to(user)
        .order_by("-created_at", "-pk")
        .values_list("pk", flat=True)[:NEWEST]
    )
    subjects: dict[int, Subject] = {}
    for start in range(0, len(ids), CHUNK):
        known = facts_of(ids[start : start + CHUNK])
        subjects |= {pk: subject_of(facts) for pk, facts in known.items()}
    return _shown(user, _pairs(rule, subjects), subjects, looked_at=len(ids))


def _pairs(rule: Rule, subjects: dict[int, Subject]) -> Clusters:
    together = Clusters()
    alike = Rule(0, rule.kind, "", False, True, True, tuple(a for a in rule.arms if a.fuzzy))
    for arm in rule.arms:
        first: dict[object, int] = {}
        for pk, subject in subjects.items() if not arm.fuzzy else ():
            for key in keys_of_arm(arm, rule.kind, subject):
                together.join(first.setdefault(key, pk), pk)
    if alike.arms:
        for pk, hits in find(
            [alike], rule.kind, subjects, besides={k: k for k in subjects}
        ).items():
            for hit in hits:
                if hit.party_id in subjects:
                    together.join(pk, hit.party_id)
    return together


def already(user: User, rule: CollisionRule) -> Found:
    """The records that have the same keys of a rule: by them if it has any, else by a look."""
    if not (rule.active and compiled(rule).keyed and rule.ready):
        return preview(user, compiled(rule))
    together = Clusters()
    first: dict[object, int] = {}
    keys = CollisionKey.objects.filter(rule_id=rule.pk)
    others = keys.filter(key=OuterRef("key")).exclude(party_id=OuterRef("party_id"))
    doubled = keys.filter(Exists(others)).order_by("key", "party_id")
    rows = list(doubled.values_list("key", "party_id")[: MOST_GROUPS * MOST_SHOWN])
    for key, party_id in rows:
        together.join(first.setdefault(key, party_id), party_id)
    found = _shown(user, together, {party_id for _key, party_id in rows}, looked_at=0)
    found.records = rule.collided or found.records
    return found


def _shown(user: User, together: Clusters, ids: Iterable[int], *, looked_at: int) -> Found:
    groups: dict[int, list[int]] = defaultdict(list)
    for pk in ids:
        groups[together.of(pk)].append(pk)
    real = sorted((sorted(group) for group in groups.values() if len(group) > 1), reverse=True)
    shown = [group[:MOST_SHOWN] for group in real[:MOST_GROUPS]]
    wanted = [pk for group in shown for pk in group]
    rows = Party.objects.filter(pk__among=wanted).visible_to(user).select_related("owner")
    parties = {party.pk: party for party in rows.defer("search")}
    return Found(
        looked_at=looked_at,
        records=sum(len(group) for group in real),
        groups=[[parties[pk] for pk in group if pk in parties] for group in shown],
        more=len(real) > MOST_GROUPS,
    )
