"""Logging a call with a follow-up: the story everything else repeats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.interactions.makers import (
    counts,
    last_contact,
    latest_change_set,
    make_company,
    make_person,
    yesterday,
)
from tests.personas import People
from vinculo.interactions.actions import edit_interaction, log_call, log_email, remove_interaction
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from vinculo.kernel.text import search_query
from vinculo.platform.journal import version_of
from vinculo.platform.models import ChangeSet, Event, RoleAssignment
from vinculo.platform.undo import undo_change_set


def test_a_call_is_recorded_with_its_follow_up(people: People) -> None:
    company = make_company(people.owner)
    at, on = yesterday(), timezone.localdate(now()) + timedelta(days=3)
    call = log_call(actor=people.owner, party=company, at=at, body="Wants samples", follow_up_on=on)
    task = Task.objects.get()
    assert (call.party_id, call.company_id, call.owner_id) == (
        company.pk, company.pk, people.owner.pk,
    )  # fmt: skip
    assert call.team_id == people.north.pk
    assert (task.interaction_id, task.due_on, task.party_id) == (call.pk, on, company.pk)
    assert task.title == "Follow up with Aurora Trading"
    assert last_contact(company) == at
    event = Event.objects.get(name="interactions.call_logged")
    assert event.payload["follow_up"] == task.pk
    made = latest_change_set(people.owner)
    assert (made.verb, made.label) == ("interactions.log_call", "Aurora Trading")
    assert event.changeset_id == made.pk


def test_a_follow_up_before_the_call_is_refused_and_nothing_is_written(people: People) -> None:
    company = make_company(people.owner)
    before, sets = counts(), ChangeSet.objects.count()
    with pytest.raises(DomainError) as refused:
        log_call(
            actor=people.owner,
            party=company,
            at=yesterday(),
            follow_up_on=timezone.localdate(now()) - timedelta(days=5),
        )
    assert refused.value.field == "follow_up_on"
    assert str(refused.value) == "A follow-up cannot be due before the call."
    assert counts() == before
    assert ChangeSet.objects.count() == sets
    assert last_contact(company) is None


def test_a_call_to_come_cannot_be_logged(people: People) -> None:
    company = make_company(people.owner)
    with pytest.raises(DomainError) as refused:
        log_call(actor=people.owner, party=company, at=now() + timedelta(hours=1))
    assert refused.value.field == "at"


def test_an_email_needs_a_subject(people: People) -> None:
    company = make_company(people.owner)
    with pytest.raises(DomainError) as refused:
        log_email(actor=people.owner, party=company, at=yesterday(), subject="  ")
    assert refused.value.field == "subject"


def test_undo_takes_call_and_follow_up_away_and_the_last_contact_back(people: People) -> None:
    company = make_company(people.owner)
    first = yesterday() - timedelta(days=9)
    log_call(actor=people.owner, party=company, at=first)
    log_call(
        actor=people.owner,
        party=company,
        at=yesterday(),
        follow_up_on=timezone.localdate(now()),
    )
    made = latest_change_set(people.owner)
    outcome = undo_change_set(actor=people.owner, change_set=made)
    assert outcome.kept == []
    assert counts() == (1, 0)
    assert last_contact(company) == first


def test_a_call_with_a_person_rolls_up_on_the_company(people: People) -> None:
    company = make_company(people.owner)
    person = make_person(people.owner, company=company)
    call = log_call(actor=people.owner, party=company, person=person, at=yesterday())
    assert (call.party_id, call.company_id) == (person.pk, company.pk)
    assert last_contact(person) == last_contact(company) == call.at
    alone = make_person(people.owner, "Ana Pérez")
    assert log_call(actor=people.owner, party=alone, at=yesterday()).company_id is None


def test_a_person_of_another_company_is_refused(people: People) -> None:
    company = make_company(people.owner)
    person = make_person(people.owner, company=make_company(people.owner, "Other"))
    with pytest.raises(DomainError) as refused:
        log_call(actor=people.owner, party=company, person=person, at=yesterday())
    assert refused.value.field == "person"


@pytest.mark.parametrize("persona", ["teammate", "stranger"])
def test_a_customer_that_is_not_seen_does_not_exist(people: People, persona: str) -> None:
    company = make_company(people.owner)
    with pytest.raises(NotFound):
        log_call(actor=people.all()[persona], party=company, at=yesterday())
    assert counts() == (0, 0)


def test_without_the_grant_nothing_is_logged(people: People) -> None:
    company = make_company(people.owner)
    role = RoleAssignment.objects.get(user=people.owner).role
    role.actions = ["parties.*"]
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed):
        log_call(actor=people.owner, party=company, at=yesterday())
    assert counts() == (0, 0)


def test_a_call_is_found_by_its_words_and_its_customer(people: People) -> None:
    company = make_company(people.owner, "臺北光電")
    log_call(actor=people.owner, party=company, at=yesterday(), body="Óptica barata")
    for typed in ("optica", "光電", "tbgd"):
        found = Interaction.objects.extra(
            where=["search @@ %s::tsquery"], params=[search_query(typed)]
        )
        assert found.count() == 1, typed


def test_an_edit_moves_the_last_contact_and_refuses_what_changed_since(people: People) -> None:
    company = make_company(people.owner)
    call = log_call(actor=people.owner, party=company, at=yesterday(), body="First")
    opened = version_of(call)
    earlier = yesterday() - timedelta(days=3)
    edit_interaction(actor=people.owner, interaction=call, at=earlier, body="Second")
    assert last_contact(company) == earlier
    with pytest.raises(Conflict):
        edit_interaction(actor=people.manager, interaction=call, body="Third", version=opened)
    call.refresh_from_db()
    assert call.body == "Second"


def test_removing_a_call_keeps_its_follow_up_and_can_be_undone(people: People) -> None:
    company = make_company(people.owner)
    at = yesterday()
    call = log_call(
        actor=people.owner, party=company, at=at, follow_up_on=timezone.localdate(now())
    )
    remove_interaction(actor=people.owner, interaction=call)
    assert counts() == (0, 1)
    assert last_contact(company) is None
    undo_change_set(actor=people.owner, change_set=latest_change_set(people.owner))
    assert last_contact(company) == at
    assert Task.objects.get().interaction_id == call.pk


def test_only_who_may_edit_the_entry_changes_it(people: People) -> None:
    company = make_company(people.owner)
    call = log_call(actor=people.owner, party=company, at=yesterday())
    with pytest.raises(NotFound):
        edit_interaction(actor=people.stranger, interaction=call, body="Mine")
    with pytest.raises(NotFound):
        remove_interaction(actor=people.teammate, interaction=call)
