"""A hidden field is hidden on timelines, on My day and in the figures of a customer, too."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import make_company
from vinculo.interactions.models import File, Interaction, Task
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.platform.models import User

pytestmark = pytest.mark.django_db


def reader_without(people: People, key: str, *fields: str) -> User:
    role = make_role("Hides " + key, "all")
    role.field_rules = {key: dict.fromkeys(fields, "hidden")}
    role.save()
    return make_user("reader", role, team=people.north)


def pages(user: User, company: Company) -> str:
    """What the reader is shown of the timeline, My day and the customer's header."""
    client = Client()
    client.force_login(user)
    day = client.get("/my-day").content.decode()
    assert day.count("<main") == 1
    shown = day[day.index("<main") :]
    record = client.get(f"/companies/{company.pk}").content.decode()
    shown += record[record.index('id="panel-timeline"') :]
    # Forms offer every value; the question is which one the entry has.
    return re.sub(r"<(select|form)\b.*?</\1>", "", shown, flags=re.S)


def make_task(owner: User, company: Company, **values: Any) -> Task:
    return Task.objects.create(
        title="Ring them", party_id=company.pk, company_id=company.pk, owner=owner, **values
    )


TASK_FIELDS = [
    ("due_on", {"due_on": (now() + timedelta(days=1)).date()}, "Tomorrow"),
    ("due_on", {"due_on": (now() - timedelta(days=3)).date()}, "Overdue"),
    ("priority", {"priority": 3}, "High"),
    ("repeat", {"repeat": "weekly"}, "week"),
    ("notes", {"notes": "zanzibarquill"}, "zanzibarquill"),
]


@pytest.mark.parametrize(("name", "values", "word"), TASK_FIELDS)
def test_of_a_task(name: str, values: dict[str, Any], word: str, people: People) -> None:
    company = make_company(people.owner, "Aurora")
    reader = reader_without(people, "interactions.task", name)
    open_one = make_user("sees", make_role("Sees all", "all"), team=people.north)
    for user in (reader, open_one):
        make_task(user, company, **values)
    assert word.lower() in pages(open_one, company).lower()
    shown = pages(reader, company)
    assert "Ring them" in shown
    assert word.lower() not in shown.lower()


def test_without_due_dates_there_is_no_day_nor_a_count(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    reader = reader_without(people, "interactions.task", "due_on")
    make_task(reader, company, due_on=(now() - timedelta(days=40)).date())
    make_task(reader, company, due_on=(now() + timedelta(days=40)).date())
    shown = pages(reader, company)
    assert shown.count("Ring them") >= 4  # both, on both pages
    assert "no date" not in shown
    day = (now() - timedelta(days=40)).date()
    assert day.isoformat() not in shown
    assert "overdue" not in shown.lower().replace("nothing is overdue", "")


INTERACTION_FIELDS = [
    ("subject", {"subject": "zanzibarquill"}),
    ("body", {"body": "zanzibarquill"}),
    ("place", {"place": "zanzibarquill"}),
    ("minutes", {"minutes": 47}),
]
#: How the page says a value, where it does not say it as it is: a bare 47 may be in a time or an id.
SAID = {"minutes": "47 min"}


@pytest.mark.parametrize(("name", "values"), INTERACTION_FIELDS)
def test_of_an_interaction(name: str, values: dict[str, Any], people: People) -> None:
    company = make_company(people.owner, "Aurora")
    reader = reader_without(people, "interactions.interaction", name)
    Interaction.objects.create(
        kind="call", party_id=company.pk, company_id=company.pk, at=now(), owner=reader, **values
    )
    said = SAID.get(name) or values[name]
    open_one = make_user("sees", make_role("Sees all", "all"), team=people.north)
    assert said in pages(open_one, company)
    shown = pages(reader, company)
    assert "Call" in shown
    assert said not in shown


def test_the_owner_of_an_entry(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    for key in ("interactions.interaction", "interactions.file"):
        reader = make_user(f"of{key[-4:]}", make_role(key, "all"), team=people.north)
        role = reader.role_assignments.get().role
        role.field_rules = {key: {"owner": "hidden"}}
        role.save()
        other = make_user(f"zanz{key[-4:]}", team=people.north)
        row = {"party_id": company.pk, "company_id": company.pk, "owner": other}
        if key.endswith("file"):
            File.objects.create(name="a.txt", token=key, media_type="x", size=3, digest="", **row)
        else:
            Interaction.objects.create(kind="call", at=now(), **row)
        assert other.name not in pages(reader, company)


@pytest.mark.parametrize("name", ["at", "kind", "status"])
def test_what_cannot_be_placed_is_left_out(name: str, people: People) -> None:
    company = make_company(people.owner, "Aurora")
    reader = reader_without(people, "interactions.interaction", name)
    Interaction.objects.create(
        kind="visit", party_id=company.pk, company_id=company.pk, at=now(), owner=reader,
        subject="zanzibarquill",
    )  # fmt: skip
    assert "zanzibarquill" not in pages(reader, company)


def test_when_it_was_is_not_told_by_the_last_contact(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    Company.objects.filter(pk=company.pk).update(last_contact_at=datetime(1937, 3, 9, tzinfo=UTC))
    client = Client()
    client.force_login(make_user("sees", make_role("Sees all", "all")))
    places = (f"/companies/{company.pk}", "/companies", "/api/v1/companies")
    assert all("1937" in client.get(place).content.decode() for place in places)
    client.force_login(reader_without(people, "interactions.interaction", "at"))
    assert not [place for place in places if "1937" in client.get(place).content.decode()]
    for asked in ({"sort": "last_contact_at"}, {"last_contact_at.empty": "1"}):
        assert client.get("/companies", asked).status_code == 422


@pytest.mark.parametrize("key", ["interactions.interaction", "interactions.task"])
def test_the_customer_of_an_entry_on_my_day(key: str, people: People) -> None:
    company = make_company(people.owner, "Zanzibarquill")
    reader = reader_without(people, key, "party", "company")
    tomorrow = now() + timedelta(hours=20)
    if key.endswith("task"):
        make_task(reader, company, due_on=tomorrow.date())
    else:
        Interaction.objects.create(
            kind="meeting", party_id=company.pk, at=tomorrow, owner=reader, status="planned"
        )
    client = Client()
    client.force_login(reader)
    day = client.get("/my-day").content.decode()
    assert "Zanzibarquill" not in day
    assert "Ring them" in day or "Meeting" in day


@pytest.mark.parametrize("rule", ["hidden", "readonly"])
def test_the_form_of_a_task_neither_tells_nor_takes(rule: str, people: People) -> None:
    company = make_company(people.owner, "Aurora")
    reader = reader_without(people, "interactions.task")
    role = reader.role_assignments.get().role
    role.field_rules = {"interactions.task": {"due_on": rule, "notes": rule}}
    role.save()
    due = (now() + timedelta(days=1)).date()
    task = make_task(reader, company, due_on=due, notes="zanzibarquill")
    client, url = Client(), f"/tasks/{task.pk}/do/interactions.edit_task"
    client.force_login(reader)
    form = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "zanzibarquill" not in form
    assert due.isoformat() not in form
    posted = {"title": "Ring again", "due_on": "2031-01-01", "notes": "taken", "priority": "2"}
    client.post(url, posted, headers={"HX-Request": "true"})
    task.refresh_from_db()
    assert (task.title, task.due_on, task.notes) == ("Ring again", due, "zanzibarquill")


def test_a_duplicate_hint_does_not_name_a_hidden_city(people: People) -> None:
    company = make_company(people.owner, "Aurora Trading")
    Company.objects.filter(pk=company.pk).update(city="Zanzibarquill")
    reader = reader_without(people, "parties.company", "city")
    client = Client()
    client.force_login(reader)
    hint = client.get("/companies/hints", {"name": "Aurora Trading"}).content.decode()
    assert "Aurora Trading" in hint
    assert "Zanzibarquill" not in hint
