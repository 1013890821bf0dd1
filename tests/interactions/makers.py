"""Customers for the timeline's tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, Party, Person
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, User


def make_company(owner: User, name: str = "Aurora Trading") -> Company:
    """A company that `owner` looks after."""
    with change_set(actor=owner, verb="records.create"):
        company = Company.objects.create(
            kind="company", name=name, owner=owner, team_id=owner.main_team_id()
        )
        refresh([company.pk])
    return company


def make_person(owner: User, name: str = "Lin Zhiming", company: Company | None = None) -> Person:
    """A person, perhaps in a company."""
    with change_set(actor=owner, verb="records.create"):
        person = Person.objects.create(
            kind="person", name=name, company=company, owner=owner, team_id=owner.main_team_id()
        )
        refresh([person.pk])
    return person


def last_contact(party: Party) -> Any:
    """When the party was last in contact with us, as the database says."""
    return Party.objects.values_list("last_contact_at", flat=True).get(pk=party.pk)


def latest_change_set(actor: User) -> ChangeSet:
    """What `actor` did last."""
    return ChangeSet.objects.filter(actor=actor).latest("pk")


def yesterday() -> Any:
    """This time, a day ago."""
    return now() - timedelta(days=1)


def counts() -> tuple[int, int]:
    """Interactions and tasks there are."""
    return Interaction.objects.count(), Task.objects.count()
