"""How complete a record is: a score from 0 to 100, and the fields that are missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vinculo.parties.facts import PartyFacts

#: Field → how many of the 100 points it gives. A table always sums to 100.
COMPANY = {
    "phone": 15,
    "email": 15,
    "address": 15,
    "industry": 10,
    "website": 10,
    "tax_id": 10,
    "people": 10,
    "size": 5,
    "source": 5,
    "language": 5,
}
#: Somebody who works in a company.
CONTACT = {"phone": 25, "email": 30, "job_title": 20, "birthday": 10, "language": 10, "source": 5}
#: A person who is a customer in their own right.
PRIVATE = {"phone": 25, "email": 25, "address": 20, "birthday": 15, "language": 10, "source": 5}

LABELS: dict[str, Promise] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "industry": _("Industry"),
    "website": _("Website"),
    "tax_id": _("Tax id"),
    "people": _("Somebody to contact"),
    "size": _("Size"),
    "source": _("Source"),
    "language": _("Language"),
    "job_title": _("Job title"),
    "birthday": _("Birthday"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that nobody has filled in yet, and the points it would give."""

    field: str
    label: Promise
    points: int


def weights_for(facts: PartyFacts) -> dict[str, int]:
    """The points that count for this kind of party."""
    if facts.kind == "company":
        return COMPANY
    return CONTACT if facts.company_name else PRIVATE


def score(facts: PartyFacts) -> int:
    """0 (only a name) to 100 (everything that counts is known)."""
    return sum(points for field, points in weights_for(facts).items() if _known(facts, field))


def missing(facts: PartyFacts) -> list[Missing]:
    """What is not known yet, the most telling first."""
    absent = [
        Missing(field, LABELS[field], points)
        for field, points in weights_for(facts).items()
        if not _known(facts, field)
    ]
    return sorted(absent, key=lambda item: -item.points)


def _known(facts: PartyFacts, field: str) -> bool:
    if field == "people":
        return facts.has_people
    if field == "address":
        place = facts.primary("address")
        return place is not None and bool(place.city or place.street)
    if field in ("phone", "email"):
        return facts.primary(field) is not None
    return bool(getattr(facts, field))
