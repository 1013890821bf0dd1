"""What is asked again and again is planned once; lists and searches each time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict

from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.records.lists import count_of, page_of, parse_list
from vinculo.records.registry import find
from vinculo.records.search import search

pytestmark = pytest.mark.django_db

OFTEN = 6


def plans_kept_of(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{text}%"]
        )
        return int(cursor.fetchone()[0])


def test_a_record_that_is_read_often_is_planned_once(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    for _each in range(OFTEN):
        assert Company.objects.visible_to(people.owner).get(pk=company.pk)
    assert plans_kept_of('"parties_party"."id" = $')


def test_a_list_and_a_search_are_planned_for_what_they_ask(people: People) -> None:
    make_company(people.owner, "Aurora")
    entity = find("parties.company")
    assert entity is not None
    # Other tests asked on this connection, too.
    before = plans_kept_of("ORDER BY"), plans_kept_of("tsquery")
    for _each in range(OFTEN):
        state = parse_list(entity, people.owner, QueryDict("state.in=active&sort=city"))
        page_of(state)
        count_of(state)
        search(people.owner, "auro")
    assert (plans_kept_of("ORDER BY"), plans_kept_of("tsquery")) == before
