"""Rules of care: a task for the owner, once per occasion, never about what they may not see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.interactions.makers import make_company, make_person
from tests.personas import People
from vinculo.interactions.care import actions
from vinculo.interactions.care.making import MOST_A_NIGHT, VERB, make_tasks
from vinculo.interactions.care.models import CareOccasion, CareRule
from vinculo.interactions.models import Task
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Party
from vinculo.platform.events import deliver_waiting
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 2, 26, 3, tzinfo=UTC)


def make_rule(people: People, what: str, days: int, **more: Any) -> CareRule:
    rule = actions.create_care_rule(actor=people.admin, what=what, days=days, **more)
    return actions.switch_care_rule(actor=people.admin, rule=rule, active=True)


def born(people: People, day: date, name: str = "Lin Zhiming", **columns: Any) -> Party:
    person = make_person(people.owner, name)
    Party.objects.filter(pk=person.pk).update(birthday=day, **columns)
    return person


def silent(people: People, days: int, name: str = "Aurora") -> Party:
    company = make_company(people.owner, name)
    Party.objects.filter(pk=company.pk).update(created_at=now() - timedelta(days=days))
    return company


def test_a_birthday_makes_one_task_on_its_day_however_often_the_rule_runs(people: People) -> None:
    person = born(people, date(1980, 3, 1))
    born(people, date(1980, 3, 20), "Later")
    make_rule(people, "birthday", 5)
    with frozen(NIGHT):
        assert make_tasks() == 1
        assert make_tasks() == 0
    with frozen(NIGHT + timedelta(days=1)):
        assert make_tasks() == 0
    task = Task.objects.get()
    assert (task.party_id, task.due_on, task.owner) == (person.pk, date(2027, 3, 1), people.owner)
    with frozen(NIGHT + timedelta(days=366)):
        assert make_tasks() == 1


@pytest.mark.parametrize(("year", "due"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))])
def test_who_was_born_on_the_29th_of_february_has_a_birthday_each_year(
    people: People, year: int, due: date
) -> None:
    born(people, date(2000, 2, 29))
    make_rule(people, "birthday", 5)
    with frozen(datetime(year, 2, 26, 3, tzinfo=UTC)):
        assert make_tasks() == 1
    assert Task.objects.get().due_on == due


def test_a_night_that_was_missed_is_made_up_for(people: People) -> None:
    born(people, date(1980, 2, 27))
    make_rule(people, "birthday", 14)
    with frozen(NIGHT):
        assert make_tasks() == 1
    assert Task.objects.get().due_on == date(2027, 2, 27)


def test_an_anniversary_counts_from_when_they_became_customers(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    Party.objects.filter(pk=company.pk).update(created_at=datetime(2020, 6, 1, tzinfo=UTC))
    Party.objects.filter(pk=company.pk).update(state="active")
    became = company.dated_states.get(until=None)
    with transaction.atomic():
        company.dated_states.filter(pk=became.pk).update(began=datetime(2024, 3, 2, tzinfo=UTC))
        company.dated_states.exclude(pk=became.pk).update(until=datetime(2024, 3, 2, tzinfo=UTC))
    never = make_company(people.owner, "Never")
    Party.objects.filter(pk=never.pk).update(created_at=datetime(2020, 3, 2, tzinfo=UTC))
    make_rule(people, "customer_since", 7)
    with frozen(NIGHT):
        assert make_tasks() == 1
    task = Task.objects.get()
    assert (task.party_id, task.due_on) == (company.pk, date(2027, 3, 2))
    assert "3" in task.title


def test_a_silence_makes_one_task_until_somebody_breaks_it(people: People) -> None:
    company = silent(people, 100)
    silent(people, 10, "Fresh")
    make_rule(people, "no_contact", 90)
    assert make_tasks() == 1
    assert make_tasks() == 0
    with frozen(now() + timedelta(days=30)):
        assert make_tasks() == 0
    Party.objects.filter(pk=company.pk).update(last_contact_at=now())
    with frozen(now() + timedelta(days=95)):
        Party.objects.exclude(pk=company.pk).update(last_contact_at=now())
        assert make_tasks() == 1


def test_only_in_the_states_and_of_the_kind_that_were_said(people: People) -> None:
    silent(people, 100, "Lead")
    active = silent(people, 100, "Active")
    Party.objects.filter(pk=active.pk).update(state="active")
    make_rule(people, "no_contact", 90, states=["active"], party_kind="company")
    make_rule(people, "no_contact", 90, states=["active"], party_kind="person")
    assert make_tasks() == 1
    assert Task.objects.get().party_id == active.pk


def test_undone_tasks_are_gone_and_do_not_come_again(people: People) -> None:
    silent(people, 100)
    make_rule(people, "no_contact", 90)
    assert make_tasks() == 1
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.get(verb=VERB))
    assert not Task.objects.exists()
    assert make_tasks() == 0
    assert CareOccasion.objects.count() == 1


def test_nothing_to_do_writes_nothing(people: People) -> None:
    make_rule(people, "no_contact", 90)
    before = ChangeSet.objects.count()
    assert make_tasks() == 0
    assert ChangeSet.objects.count() == before


def limit(user: User, **columns: Any) -> None:
    role = user.active_roles()[0]
    for name, value in columns.items():
        setattr(role, name, value)
    role.save()
    user.forget_rights()


def test_an_owner_gets_no_task_about_what_they_may_not_see(people: People) -> None:
    born(people, date(1980, 3, 1))
    silent(people, 100)
    make_rule(people, "birthday", 5)
    make_rule(people, "no_contact", 90)
    limit(
        people.owner,
        field_rules={
            "parties.person": {"birthday": "hidden", "last_contact_at": "hidden"},
            "parties.company": {"last_contact_at": "hidden"},
        },
    )
    with frozen(NIGHT):
        assert make_tasks() == 0
    assert not CareOccasion.objects.exists()


@pytest.mark.parametrize(
    "key", ["parties.company", "interactions.task", "interactions.interaction"]
)
def test_an_owner_without_the_right_gets_no_task(people: People, key: str) -> None:
    silent(people, 100)
    make_rule(people, "no_contact", 90)
    grants = people.owner.active_roles()[0].grants
    limit(people.owner, grants={**grants, key: dict.fromkeys(grants[key], "none")})
    assert make_tasks() == 0


def test_nobody_is_flooded_in_one_night(people: People) -> None:
    for number in range(MOST_A_NIGHT + 3):
        silent(people, 100 + number, f"C{number}")
    make_rule(people, "no_contact", 90)
    assert make_tasks() == MOST_A_NIGHT
    assert make_tasks() == 3


def test_what_was_a_task_before_a_merge_is_none_after_it(people: People) -> None:
    person, other = born(people, date(1980, 3, 1)), make_person(people.owner, "Lin Z.")
    make_rule(people, "birthday", 5)
    with frozen(NIGHT):
        assert make_tasks() == 1
        merge(actor=people.owner, keep=other, gone=[person])
        deliver_waiting()
        assert make_tasks() == 0


def test_a_task_speaks_its_owners_language(people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(language="es")
    born(people, date(1980, 3, 1))
    make_rule(people, "birthday", 5)
    with frozen(NIGHT):
        make_tasks()
    assert Task.objects.get().title == "Cumpleaños: Lin Zhiming"


@pytest.mark.parametrize(
    "values",
    [{"what": "moon"}, {"days": 61}, {"days": -1}, {"party_kind": "robot"}, {"states": ["gone"]}],
)
def test_a_rule_that_makes_no_sense_is_refused(people: People, values: dict[str, Any]) -> None:
    with pytest.raises(DomainError), transaction.atomic():
        actions.create_care_rule(actor=people.admin, **{"what": "birthday", "days": 5, **values})
    assert not CareRule.objects.exists()


def test_the_pages_of_an_administrator_and_nobody_elses(people: People, client: Client) -> None:
    company = silent(people, 100)
    client.force_login(people.admin)
    assert "No rules yet" in client.get("/settings/care").content.decode()
    answer = client.post("/settings/care/new", {"what": "no_contact", "days": "90"})
    rule = CareRule.objects.get()
    assert answer["Location"] == f"/settings/care/{rule.pk}"
    page = client.get(f"/settings/care/{rule.pk}").content.decode()
    assert company.name in page
    assert not rule.active
    client.post(f"/settings/care/{rule.pk}/switch", {"on": "1"})
    assert CareRule.objects.get().active
    client.post(f"/settings/care/{rule.pk}/edit", {"what": "no_contact", "days": "99999"})
    assert CareRule.objects.get().days == 90
    client.force_login(people.owner)
    for url in ("/settings/care", "/settings/care/new", f"/settings/care/{rule.pk}"):
        assert client.get(url).status_code == 403
    assert client.post(f"/settings/care/{rule.pk}/delete").status_code == 403
    client.force_login(people.admin)
    client.post(f"/settings/care/{rule.pk}/delete")
    assert not CareRule.objects.exists()
