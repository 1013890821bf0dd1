"""Who may be the same by the rules of `collisions`: what is said while somebody types, in three
queries.

All parties are looked through, whoever they belong to, so that nobody calls a colleague's
customer by mistake; of one that the reader may not see, only that it exists is said, and not even
that where the rule wants it so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vinculo.kernel.errors import DomainError
from vinculo.kernel.text import clean
from vinculo.parties.collisions.comparing import Condition, Rule, subject_of
from vinculo.parties.collisions.finding import Hit, find
from vinculo.parties.collisions.rules import active_rules, may_know
from vinculo.parties.collisions.vocabulary import COMPARED, READ, WEIGHTS, reason_of, words_for
from vinculo.parties.derived import facts_of
from vinculo.parties.models import ContactKind, Kind, Party
from vinculo.parties.naming import full_name
from vinculo.parties.understanding import default_country, understand
from vinculo.platform.access import Rights, rights_of
from vinculo.platform.models import User

MOST_SHOWN = 5
LONGEST = 200


@dataclass
class Match:
    """A party that may be the same; `party` is None when the reader may not see it."""

    party_id: int
    party: Party | None
    agreed: list[Condition] = field(default_factory=list)
    refuses: bool = False

    @property
    def reasons(self) -> list[str]:
        """What both agree in, as programs call it, the surest first."""
        found = dict.fromkeys(reason_of(one.field, one.how) for one in self.agreed)
        if "name" in found:
            found.pop("similar", None)
        return sorted(found, key=lambda reason: -WEIGHTS.get(reason, 75))

    @property
    def score(self) -> int:
        """How sure the strongest reason makes us, 0 to 100."""
        return max((WEIGHTS.get(reason, 75) for reason in self.reasons), default=0)

    @property
    def why(self) -> list[str]:
        """The reasons in words, the strongest first; of a party that the reader may not see, none:
        they would tell what it holds."""
        if self.party is None:
            return []
        told = {reason_of(one.field, one.how): words_for(one.field, one.how) for one in self.agreed}
        return [told[reason] for reason in self.reasons]


def possible_matches(
    user: User,
    kind: str,
    said: Mapping[str, Any],
    *,
    besides: int | None = None,
    changed: Collection[str] | None = None,
) -> list[Match]:
    """Parties of `kind` that may be who `said` (field name → value as typed) is about.

    The best first, at most five. `besides` is the record that is being edited: it is no match of
    itself, and what `said` does not name is read from it. `changed` names what is new: what two
    records agree in besides is not told again. Fields that the user may not see say nothing.
    """
    rights = rights_of(user)
    rules = [_within(rule, rights, changed) for rule in active_rules(kind)]
    rules = [rule for rule in rules if rule.arms]
    subject = subject_said(kind, said, rights)
    if not rules or not subject:
        return []
    if besides is not None:
        held = facts_of([besides]).get(besides)
        subject = {**(subject_of(held) if held is not None else {}), **subject}
    hits = find(rules, kind, {0: subject}, besides={0: besides or 0}).get(0, [])
    return _matches(user, kind, hits)


def _matches(user: User, kind: str, hits: Sequence[Hit]) -> list[Match]:
    if not hits:
        return []
    ids = {hit.party_id for hit in hits}
    seen = Party.objects.visible_to(user).filter(pk__among=ids).defer("search")
    named = rights_of(user).field_rule(f"parties.{kind}", "name") != "hidden"
    visible = {party.pk: party for party in seen} if named else {}
    matches: dict[int, Match] = {}
    for hit in hits:
        if hit.party_id not in visible and not hit.rule.tells:
            continue
        found = matches.setdefault(hit.party_id, Match(hit.party_id, visible.get(hit.party_id)))
        found.agreed += hit.arm.conditions
        found.refuses = found.refuses or hit.rule.promises
    return sorted(matches.values(), key=lambda match: (-match.score, match.party_id))[:MOST_SHOWN]


def _within(rule: Rule, rights: Rights, changed: Collection[str] | None) -> Rule:
    """The rule as far as the user may know what it reads, and as it concerns what is new."""
    fresh = None if changed is None else _also_names(changed)
    arms = tuple(
        arm
        for arm in rule.arms
        if may_know(arm, rule.kind, rights)
        and (fresh is None or any(not fresh.isdisjoint(COMPARED[one.field].fields)
                                  for one in arm.conditions))
    )  # fmt: skip
    return Rule(rule.pk, rule.kind, rule.title, rule.refuses, rule.tells, rule.ready, arms)


def _also_names(changed: Collection[str]) -> set[str]:
    """A person's name follows from its parts."""
    parts = {"given_name", "family_name"} & set(changed)
    return {*changed, "name"} if parts else set(changed)


def subject_said(kind: str, said: Mapping[str, Any], rights: Rights) -> dict[str, tuple[str, ...]]:
    """What was typed so far as it is compared; fields that the user may not see are left out."""
    told: dict[str, str] = {}
    for name in READ:
        value = said.get(name)
        if value and rights.field_rule(f"parties.{kind}", name) != "hidden":
            text = value.isoformat() if hasattr(value, "isoformat") else str(value)
            told[name] = clean(text)[:LONGEST]
    if kind == Kind.PERSON and not told.get("name"):
        told["name"] = full_name(told.get("given_name", ""), told.get("family_name", ""))
    country = str(said.get("country") or "") or default_country()
    for point in (ContactKind.EMAIL, ContactKind.PHONE):
        if point in told:
            told[point] = _understood(point, told[point], country)
    return {name: (text,) for name, text in told.items() if text}


def _understood(kind: str, typed: str, country: str) -> str:
    """The comparable form of what was typed so far; nothing while it is incomplete."""
    try:
        return understand(kind, typed, country).value
    except DomainError:
        return ""
