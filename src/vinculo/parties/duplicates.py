"""Who may be the same: found by e-mail, phone, tax id or a similar name, in three queries.

All parties are looked through, whoever they belong to, so that nobody calls a colleague's
customer by mistake; of one that the reader may not see, only that it exists is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from vinculo.kernel.errors import DomainError
from vinculo.kernel.text import clean, fold, sort_key
from vinculo.parties.models import ContactKind, Kind, Party
from vinculo.parties.naming import full_name, telling_name
from vinculo.parties.understanding import default_country, understand
from vinculo.platform.access import Rights, rights_of
from vinculo.platform.models import User

MOST_CANDIDATES = 50
MOST_SHOWN = 5
SIMILAR = 88
#: Fewer letters than this say nothing about who it is.
SHORTEST_NAME = 2

REASONS: dict[str, Promise] = {
    "tax_id": _("same tax id"),
    "email": _("same e-mail"),
    "phone": _("same phone"),
    "name": _("same name"),
    "similar": _("similar name in the same city"),
}
#: How sure each reason makes us, 0 to 100.
WEIGHTS = {"tax_id": 100, "email": 95, "phone": 85, "name": 80, "similar": 70}

CONTACTS = """
SELECT cp.party_id, cp.kind FROM parties_contactpoint cp JOIN parties_party p ON p.id = cp.party_id
WHERE ((cp.kind = 'email' AND cp.value = ANY(%(emails)s) AND cp.value <> '')
    OR (cp.kind = 'phone' AND cp.value = ANY(%(phones)s) AND cp.value <> ''))
AND p.kind = %(kind)s
LIMIT %(most)s
"""

# Each arm reads a few rows of one index.
CANDIDATES = """
SELECT id, name, tax_id, city FROM parties_party WHERE id = ANY(%(ids)s)
UNION
(SELECT id, name, tax_id, city FROM parties_party
 WHERE %(tax_id)s <> '' AND tax_id = %(tax_id)s AND tax_id <> '' AND kind = %(kind)s
 LIMIT %(most)s)
UNION
(SELECT id, name, tax_id, city FROM parties_party
 WHERE %(start)s <> '' AND kind = %(kind)s AND sort_name >= %(start)s AND sort_name < %(stop)s
 ORDER BY sort_name, id LIMIT %(most)s)
UNION
(SELECT id, name, tax_id, city FROM parties_party
 WHERE %(city)s <> '' AND %(near)s <> '' AND kind = %(kind)s AND city = %(city)s
 AND sort_name >= %(near)s AND sort_name < %(near_stop)s
 ORDER BY sort_name, id LIMIT %(most)s)
"""


@dataclass
class Match:
    """A party that may be the same; `party` is None when the reader may not see it."""

    party_id: int
    party: Party | None
    reasons: list[str] = field(default_factory=list)

    @property
    def score(self) -> int:
        """How sure the strongest reason makes us, 0 to 100."""
        return max((WEIGHTS[reason] for reason in self.reasons), default=0)

    @property
    def why(self) -> list[Promise]:
        """The reasons in words, the strongest first."""
        ordered = sorted(self.reasons, key=lambda reason: -WEIGHTS[reason])
        return [REASONS[reason] for reason in ordered]


def possible_matches(
    user: User, kind: str, said: Mapping[str, Any], *, besides: int | None = None
) -> list[Match]:
    """Parties of `kind` that may be who `said` (name, email, phone, tax_id, city, country) is about.

    The best first, at most five. `besides` leaves out the record that is being edited. Fields the
    user may not see say nothing here either.
    """
    sought = _sought(kind, said, rights_of(user))
    if not sought.anything:
        return []
    reasons = _reasons(kind, sought)
    reasons.pop(besides or 0, None)
    if not reasons:
        return []
    seen = Party.objects.visible_to(user).filter(pk__among=list(reasons)).defer("search")
    visible = {party.pk: party for party in seen}
    matches = [Match(pk, visible.get(pk), found) for pk, found in reasons.items()]
    return sorted(matches, key=lambda match: (-match.score, match.party_id))[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class _Sought:
    name: str
    telling: str
    emails: list[str]
    phones: list[str]
    tax_id: str
    city: str

    @property
    def anything(self) -> bool:
        """Whether there is enough to look for."""
        return bool(self.telling or self.emails or self.phones or self.tax_id)


def _sought(kind: str, said: Mapping[str, Any], rights: Rights) -> _Sought:
    def told(name: str) -> str:
        if rights.field_rule(f"parties.{kind}", name) == "hidden":
            return ""
        return clean(str(said.get(name) or ""))[:200]

    name = told("name")
    if kind == Kind.PERSON and not name:
        name = full_name(told("given_name"), told("family_name"))
    telling = telling_name(name) if kind == Kind.COMPANY else fold(name)
    return _Sought(
        name=name,
        telling=telling if len(telling) >= SHORTEST_NAME else "",
        emails=_values(ContactKind.EMAIL, told("email"), said),
        phones=_values(ContactKind.PHONE, told("phone"), said),
        tax_id=told("tax_id"),
        city=told("city"),
    )


def _values(kind: str, typed: str, said: Mapping[str, Any]) -> list[str]:
    """The comparable form of what was typed so far; nothing while it is incomplete."""
    if not typed:
        return []
    try:
        read = understand(kind, typed, str(said.get("country") or "") or default_country())
    except DomainError:
        return []
    return [read.value] if len(read.value) >= 6 else []


def _reasons(kind: str, sought: _Sought) -> dict[int, list[str]]:
    """Party id → why it may be the same; two queries."""
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        if sought.emails or sought.phones:
            cursor.execute(
                CONTACTS,
                {
                    "emails": sought.emails,
                    "phones": sought.phones,
                    "kind": kind,
                    "most": MOST_CANDIDATES,
                },
            )
            for party_id, how in cursor.fetchall():
                if how not in found[party_id]:
                    found[party_id].append(how)
        cursor.execute(CANDIDATES, _ranges(kind, sought, list(found)))
        for party_id, name, tax_id, city in cursor.fetchall():
            if sought.tax_id and tax_id == sought.tax_id:
                found[party_id].append("tax_id")
            likeness = _likeness(kind, sought, name, city)
            if likeness:
                found[party_id].append(likeness)
    return {party_id: reasons for party_id, reasons in found.items() if reasons}


def _ranges(kind: str, sought: _Sought, ids: list[int]) -> dict[str, Any]:
    start = sort_key(sought.telling) if sought.telling else ""
    near = start[:3]
    return {
        "ids": ids,
        "kind": kind,
        "tax_id": sought.tax_id,
        "city": sought.city,
        "start": start,
        "stop": f"{start}\U0010ffff",
        "near": near,
        "near_stop": f"{near}\U0010ffff",
        "most": MOST_CANDIDATES,
    }


def _likeness(kind: str, sought: _Sought, name: str, city: str) -> str:
    """ "name" for the same name, "similar" for a similar one in the same city, else ""."""
    if not sought.telling:
        return ""
    other = telling_name(name) if kind == Kind.COMPANY else fold(name)
    if other == sought.telling:
        return "name"
    same_city = bool(sought.city) and fold(city) == fold(sought.city)
    if same_city and fuzz.token_sort_ratio(other, sought.telling) >= SIMILAR:
        return "similar"
    return ""
