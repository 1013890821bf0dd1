"""What others changed meanwhile: only what one may see, in two statements, or nothing at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.samples import make_company
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
