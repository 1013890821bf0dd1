"""How many questions a call asks the database: the same for one record as for two hundred."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.parties.makers import make_company
from tests.personas import People
from tests.records.api.calling import Caller, caller_for, make_key, one_of_each
from vinculo.parties.derived import refresh

pytestmark = pytest.mark.django_db

KEY = 1  # who is calling, with the rights of the key
PAGE = 1
NAMES = 3  # owners, teams, parents


def questions(caller: Caller, path: str) -> int:
    """How many statements a GET takes, after a first one that warms up and notes the key's use."""
    assert caller.get(path).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert caller.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("persona", ["owner", "manager", "admin"])
def test_a_page_costs_the_same_whatever_its_length(people: People, persona: str) -> None:
    parent = make_company("Parent", owner=people.owner, team=people.north)
    made = [
        make_company(f"Company {n}", owner=people.owner, team=people.north, parent=parent)
        for n in range(60)
    ]
    refresh([parent.pk, *(company.pk for company in made)])
    caller = caller_for(getattr(people, persona))
    for path in ("/companies?limit=60", "/companies?limit=2&sort=-name"):
        assert questions(caller, path) <= KEY + PAGE + NAMES
    assert questions(caller, "/companies?limit=60&fields=name") == KEY + PAGE
    assert questions(caller, "/companies?limit=5&fields=name&count=1") == KEY + PAGE + 1


def test_one_record_costs_a_handful(people: People) -> None:
    made = one_of_each(people)
    caller = caller_for(people.owner)
    for at in made.values():
        assert questions(caller, at) <= 8, at


def test_making_a_record_costs_what_is_written_down(people: People) -> None:
    caller = caller_for(people.owner)
    caller.post("/companies", {"name": "First"})
    with CaptureQueriesContext(connection) as asked:
        assert caller.post("/companies", {"name": "Second", "industry": "food"}).status_code == 201
    assert len(asked) <= 15, "\n".join(query["sql"][:120] for query in asked)


def test_a_key_is_one_question(people: People) -> None:
    from vinculo.platform.key_actions import user_of_key

    secret = make_key(people.manager)[1]
    user_of_key(secret)
    with CaptureQueriesContext(connection) as asked:
        assert user_of_key(secret) is not None
    assert len(asked) == 1
