"""The timeline: one order over three tables, page by page, and only what may be seen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.interactions.makers import make_company, make_person, yesterday
from tests.personas import People
from vinculo.interactions.actions import (
    add_note,
    add_task,
    attach_file,
    cancel,
    check_in,
    complete_task,
    hold_meeting,
    log_call,
    log_visit,
    plan_call,
    plan_meeting,
    plan_visit,
)
from vinculo.interactions.models import File, Interaction, Task
from vinculo.interactions.queries import Cursor, Timeline, timeline
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.models import Notification, RoleAssignment, User


def names(found: Timeline) -> list[str]:
    return [str(entry.row) for entry in found.past]


def fill(owner: User, company: Company, number: int) -> None:
    """Interactions, done tasks and files, several at the same instant."""
    start = now() - timedelta(days=30)
    common: dict[str, Any] = {
        "party_id": company.pk, "company_id": company.pk, "owner": owner,
        "team_id": owner.main_team_id(),
    }  # fmt: skip
    for step in range(number):
        at = start + timedelta(hours=step // 3)
        Interaction.objects.create(kind="call", at=at, subject=f"call {step}", **common)
        Task.objects.create(title=f"task {step}", done_at=at, **common)
        file = File.objects.create(
            name=f"file {step}", token=f"token-{company.pk}-{step}", media_type="", size=1,
            digest="", **common,
        )  # fmt: skip
        File.objects.filter(pk=file.pk).update(created_at=at)


def test_pages_join_without_a_gap_or_a_repeat(people: People) -> None:
    company = make_company(people.owner)
    fill(people.owner, company, 13)
    whole = timeline(user=people.owner, party=company, limit=100)
    assert len(whole.past) == 39
    assert whole.more == ""
    order = [(entry.at, entry.cursor.rank, entry.row.pk) for entry in whole.past]
    assert order == sorted(order, reverse=True)
    for limit in (1, 4, 7):
        joined: list[str] = []
        before = None
        while True:
            page = timeline(user=people.owner, party=company, before=before, limit=limit)
            joined += names(page)
            if not page.more:
                break
            before = Cursor.parse(page.more)
        assert joined == names(whole)


@pytest.mark.parametrize("text", ["", "x", "1.2", "1.2.3.4", "9" * 30 + ".1.1", "a.b.c", "1.1.-"])
def test_a_cursor_that_was_made_up_is_refused_or_harmless(people: People, text: str) -> None:
    company = make_company(people.owner)
    try:
        before = Cursor.parse(text)
    except DomainError:
        return
    assert timeline(user=people.owner, party=company, before=before).past == []


def test_it_takes_at_most_six_queries_however_long_it_is(
    people: People,
    django_assert_max_num_queries: Any,
) -> None:
    company = make_company(people.owner)
    fill(people.owner, company, 20)
    add_note(actor=people.owner, party=company, body="Ask @Manager")
    add_task(actor=people.owner, party=company, title="Open", due_on=timezone.localdate(now()))
    plan_meeting(actor=people.owner, party=company, at=now() + timedelta(days=1), subject="Soon")
    timeline(user=people.owner, party=company)
    with django_assert_max_num_queries(6):
        found = timeline(user=people.owner, party=company, limit=50)
        for entry in [*found.ahead, *found.past]:
            assert entry.row.party.name
            assert entry.row.owner.name
    assert found.colleagues == {people.manager.pk: "Manager"}


def test_a_company_rolls_up_its_people_and_a_person_shows_their_own(people: People) -> None:
    company = make_company(people.owner)
    person = make_person(people.owner, company=company)
    log_call(actor=people.owner, party=company, person=person, at=yesterday(), subject="Theirs")
    log_call(actor=people.owner, party=company, at=yesterday(), subject="Ours")
    assert set(names(timeline(user=people.owner, party=company))) == {"Theirs", "Ours"}
    assert names(timeline(user=people.owner, party=person)) == ["Theirs"]
    person.company = None
    person.save()
    assert "Theirs" in names(timeline(user=people.owner, party=company))


def test_what_is_planned_stands_first_and_kinds_narrow(people: People) -> None:
    company = make_company(people.owner)
    plan_visit(actor=people.owner, party=company, at=now() + timedelta(days=3), subject="Visit")
    add_task(actor=people.owner, party=company, title="Do", due_on=timezone.localdate(now()))
    add_task(actor=people.owner, party=company, title="Some day")
    add_note(actor=people.owner, party=company, body="Noted")
    attach_file(actor=people.owner, party=company, upload=SimpleUploadedFile("a.txt", b"a"))
    found = timeline(user=people.owner, party=company)
    assert [str(entry.row) for entry in found.ahead] == ["Do", "Visit", "Some day"]
    assert {entry.sort for entry in found.past} == {"interaction", "file"}
    only = timeline(user=people.owner, party=company, kinds=["visit"])
    assert [str(entry.row) for entry in only.ahead] == ["Visit"]
    assert only.past == []
    assert names(timeline(user=people.owner, party=company, kinds=["file"])) == ["a.txt"]


def test_scopes_decide_entry_by_entry(people: People) -> None:
    company = make_company(people.manager)
    log_call(actor=people.manager, party=company, at=yesterday(), subject="Chief's")
    company.owner, company.team = people.owner, people.north
    company.save()
    log_call(actor=people.owner, party=company, at=yesterday(), subject="Owner's")
    seen = {
        name: set(names(timeline(user=user, party=company))) for name, user in people.all().items()
    }
    assert seen == {
        "owner": {"Owner's"},
        "teammate": set(),
        "stranger": set(),
        "manager": {"Chief's", "Owner's"},
        "admin": {"Chief's", "Owner's"},
    }


def test_a_field_rule_hides_the_text_of_entries(people: People) -> None:
    company = make_company(people.owner)
    log_call(actor=people.owner, party=company, at=yesterday(), subject="Said", body="Secret")
    role = RoleAssignment.objects.get(user=people.owner).role
    role.field_rules = {"interactions.interaction": {"body": "hidden"}}
    role.save()
    people.owner.forget_rights()
    (entry,) = timeline(user=people.owner, party=company).past
    assert (entry.row.subject, entry.row.body) == ("Said", "")


def test_a_planned_visit_is_checked_in_to_held_or_cancelled(people: People) -> None:
    company = make_company(people.owner)
    visit = plan_visit(actor=people.owner, party=company, at=now() + timedelta(minutes=10))
    assert timeline(user=people.owner, party=company).past == []
    arrived = check_in(
        actor=people.owner,
        interaction=visit,
        latitude=Decimal("43.36234567"),
        longitude=Decimal("-8.4115"),
    )
    assert arrived.latitude == Decimal("43.362346")
    assert arrived.status == "planned"
    today = timezone.localdate(now())
    held = hold_meeting(
        actor=people.owner, interaction=visit, body="Saw line 3", follow_up_on=today
    )
    assert held.status == "done"
    assert held.at <= now()
    assert Task.objects.get().interaction_id == visit.pk
    company.refresh_from_db()
    assert company.last_contact_at == held.at
    for again in (hold_meeting, cancel, check_in):
        with pytest.raises(DomainError):
            again(actor=people.owner, interaction=visit)
    with pytest.raises(DomainError) as refused:
        log_visit(
            actor=people.owner,
            party=company,
            at=yesterday(),
            latitude=Decimal(91),
            longitude=Decimal(0),
        )
    assert refused.value.field == "latitude"


def test_a_cancelled_call_stays_but_is_no_contact(people: People) -> None:
    company = make_company(people.owner)
    with pytest.raises(DomainError):
        plan_call(actor=people.owner, party=company, at=yesterday())
    call = plan_call(actor=people.owner, party=company, at=now() + timedelta(hours=1))
    cancel(actor=people.owner, interaction=call)
    company.refresh_from_db()
    assert company.last_contact_at is None
    (entry,) = timeline(user=people.owner, party=company).past
    assert entry.row.status == "cancelled"


def test_a_note_is_no_contact(people: People) -> None:
    company = make_company(people.owner)
    add_note(actor=people.owner, party=company, body="Thought of them")
    company.refresh_from_db()
    assert company.last_contact_at is None


def test_a_mention_tells_only_who_may_see_the_customer(people: People) -> None:
    company = make_company(people.owner)
    note = add_note(
        actor=people.owner,
        party=company,
        body="@Manager and @Stranger, see @owner; mail a@manager.example; @Managers do not count",
    )
    assert sorted(note.mentions) == sorted([people.manager.pk, people.owner.pk])
    told = Notification.objects.get()
    assert told.user_id == people.manager.pk
    assert told.params == {"who": "Owner", "what": "Aurora Trading"}
    assert told.url.startswith(f"/companies/{company.pk}")


def test_a_mention_of_a_longer_name_is_not_the_shorter_one(people: People) -> None:
    company = make_company(people.owner)
    for user, name in ((people.manager, "Ana"), (people.admin, "Ana María")):
        user.name = name
        user.save()
    note = add_note(actor=people.owner, party=company, body="@Ana María")
    assert note.mentions == [people.admin.pk]
    people.manager.name = "王伟"
    people.manager.save()
    assert add_note(actor=people.owner, party=company, body="请@王伟看看").mentions == [
        people.manager.pk
    ]


def test_done_tasks_stand_where_they_were_done(people: People) -> None:
    company = make_company(people.owner)
    task = add_task(actor=people.owner, party=company, title="Do")
    complete_task(actor=people.owner, task=task)
    found = timeline(user=people.owner, party=company)
    assert found.ahead == []
    assert names(found) == ["Do"]
