"""What others changed meanwhile: only what one may see, in two statements, or nothing at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.samples import make_company, make_interaction, make_task
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

pytestmark = pytest.mark.django_db
COMPANY = "parties.company"


def rename(actor: User, company: Company, name: str) -> None:
    edit_record(actor=actor, entity=entity(COMPANY), record=company, data={"name": name})


def asked(user: User, etag: str = "", **more: str) -> Any:
    client = Client()
    client.force_login(user)
    since = (now() - timedelta(seconds=5)).isoformat()
    headers = {"If-None-Match": etag} if etag else {}
    return client.get("/live", {"on": COMPANY, "since": since, **more}, headers=headers)


def make(owner: User, name: str) -> Company:
    with change_set(actor=owner, verb="records.create"):
        return make_company(owner, name)


def test_the_first_answer_is_an_instant(people: People) -> None:
    told = asked(people.owner, since="").json()
    assert told["since"] and told["changed"] == told["new"] == []


def test_changes_of_others_are_told_and_ones_own_are_not(people: People) -> None:
    company = make(people.owner, "Alder")
    rename(people.admin, company, "Alder Two")
    shown = str(company.pk)
    assert asked(people.owner, shown=shown).json()["changed"] == [company.pk]
    assert asked(people.admin, shown=shown).json()["changed"] == []
    assert asked(people.owner, shown="").json()["changed"] == []


def test_what_one_may_not_see_is_never_told(people: People) -> None:
    company = make(people.owner, "Alder")
    rename(people.admin, company, "Alder Two")
    told = asked(people.stranger, shown=str(company.pk)).json()
    assert told["changed"] == told["new"] == []


def test_new_rows_are_told_where_the_list_would_show_them(people: People) -> None:
    company = make(people.owner, "Alder")
    assert asked(people.admin, list="name.contains=alder").json()["new"] == [company.pk]
    assert asked(people.admin, list="name.contains=birch").json()["new"] == []
    assert asked(people.admin, shown=str(company.pk)).json()["new"] == []


def test_nothing_since_is_304_with_one_statement_less(people: People) -> None:
    company = make(people.owner, "Alder")
    rename(people.admin, company, "Alder Two")
    first = asked(people.owner, shown=str(company.pk))
    again = asked(people.owner, first["ETag"], shown=str(company.pk))
    assert (again.status_code, again.content) == (304, b"")


def test_it_takes_two_statements_beside_who_asks(people: People) -> None:
    company = make(people.owner, "Alder")
    rename(people.admin, company, "Alder Two")
    make(people.admin, "Birch")
    with CaptureQueriesContext(connection) as without:
        asked(people.owner, since="")
    with CaptureQueriesContext(connection) as captured:
        told = asked(people.owner, shown=str(company.pk)).json()
    assert told["changed"] == [company.pk]
    assert len(captured) - len(without) <= 2, [one["sql"] for one in captured]


def test_an_unknown_type_and_a_nonsense_instant(people: People) -> None:
    assert asked(people.owner, on="nothing.here").status_code == 404
    assert asked(people.owner, since="yesterday").json()["changed"] == []


def test_a_calendar_is_told_only_of_what_comes_to_its_days(people: People) -> None:
    day = date(2026, 6, 15)
    for due in (day, day + timedelta(days=60)):
        with change_set(actor=people.owner, verb="records.create"):
            task = make_task(people.owner, f"Due {due}")
            Task.objects.filter(pk=task.pk).update(due_on=due, owner=people.owner)
    near, far = Task.objects.order_by("pk").values_list("pk", flat=True)
    told = partial(asked, people.admin, on="interactions.task")
    assert told(list=f"layout=month&day={day}").json()["new"] == [near]
    assert told(list=f"layout=week&day={day}").json()["new"] == [near]
    assert told(list=f"layout=week&day={day + timedelta(days=7)}").json()["new"] == []
    assert told(list="layout=board").json()["new"] == [near, far]


def test_a_card_is_given_anew_with_the_place_it_belongs_in(people: People) -> None:
    company = make(people.owner, "Alder")
    rename(people.admin, company, "Alder Two")
    client = Client()
    client.force_login(people.owner)
    url = f"/companies/{company.pk}/card"
    answer = client.get(url, {"list": "layout=board"})
    assert answer["X-Place"] == company.state and "Alder Two" in answer.content.decode()
    assert answer.content.decode().count("data-card ") == 1
    assert client.get(url, {"list": "layout=board&name.contains=birch"}).status_code == 204
    assert client.get(url, {"list": "layout=board&state.in=former"}).status_code == 204
    assert client.get(url, {"list": ""}).status_code == 204
    client.force_login(people.stranger)
    assert client.get(url, {"list": "layout=board"}).status_code == 204


def test_an_entry_is_given_anew_with_its_day_where_the_reader_is(people: People) -> None:
    people.owner.time_zone = "Asia/Taipei"
    people.owner.save()
    call = make_interaction(people.owner, "Call them")
    at = datetime(2026, 6, 15, 20, 30, tzinfo=UTC)
    Interaction.objects.filter(pk=call.pk).update(at=at)
    client = Client()
    client.force_login(people.owner)
    answer = client.get(f"/activities/{call.pk}/card", {"list": "layout=month&day=2026-06-15"})
    assert answer["X-Place"] == "2026-06-16" and "Call them" in answer.content.decode()
