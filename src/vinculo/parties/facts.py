"""What is known of a party, as plain values: the same for one save and for a bulk import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One way to reach a party; the place fields only for a postal address."""

    kind: str
    typed: str = ""
    value: str = ""
    is_primary: bool = False
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party with its contact points (oldest first) and what its relations say about it."""

    kind: str
    name: str
    native_name: str = ""
    legal_name: str = ""
    given_name: str = ""
    family_name: str = ""
    job_title: str = ""
    birthday: date | None = None
    tax_id: str = ""
    external_id: str = ""
    website: str = ""
    industry: str = ""
    size: str = ""
    source: str = ""
    language: str = ""
    tags: Sequence[str] = ()
    #: Name of the company a person works in, "" for none.
    company_name: str = ""
    #: Whether anybody is known to work in this company.
    has_people: bool = False
    contacts: Sequence[ContactFacts] = ()
    #: What custom fields add to the search keys.
    more: Sequence[str] = ()

    def primary(self, kind: str) -> ContactFacts | None:
        """The primary contact point of a kind; the first one where none is marked."""
        first = None
        for point in self.contacts:
            if point.kind == kind:
                if point.is_primary:
                    return point
                first = first or point
        return first
