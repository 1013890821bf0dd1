"""Small parties for tests, written straight into the tables."""

from __future__ import annotations

from typing import Any

from vinculo.parties.models import Company, ContactPoint, Party, Person


def make_company(name: str, **columns: Any) -> Company:
    """A company with nothing but these columns."""
    return Company.objects.create(kind="company", name=name, **columns)


def make_person(name: str, **columns: Any) -> Person:
    """A person with nothing but these columns."""
    return Person.objects.create(kind="person", name=name, **columns)


def point(party: Party, kind: str, typed: str, value: str = "", **columns: Any) -> ContactPoint:
    """A contact point as it would lie in the table."""
    return ContactPoint.objects.create(
        party_id=party.pk, kind=kind, typed=typed, value=value, **columns
    )
