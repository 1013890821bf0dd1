"""Lists: pages by keyset cover every row once in any order; filters mean what they say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.records.lists import count_of, page_of, parse_list
from vinculo.records.registry import entity

COMPANY = entity("parties.company")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def twenty_companies(people: People) -> None:
    """Twenty companies, a third of them never contacted, several with the same values."""
    for number in range(20):
        company = make_company(people.owner, f"Company {number:02}")
        last = NOON - timedelta(days=number // 3) if number % 3 else None
        Company.objects.filter(pk=company.pk).update(
            last_contact_at=last, state=["lead", "active"][number % 2], tags=["vip"] * (number % 2)
        )


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "last_contact_at", "-last_contact_at", "state", "-created_at", "owner"],
)
def test_pages_cover_every_row_once_there_and_back(sort: str, people: People) -> None:
    twenty_companies(people)
    seen: list[int] = []
    pages: list[list[int]] = []
    query = {"sort": sort, "limit": "6"}
    while True:
        page = page_of(parse_list(COMPANY, people.admin, query))
        pages.append([record.pk for record in page.records])
        seen += pages[-1]
        if not page.next:
            break
        query = {"sort": sort, "limit": "6", "after": page.next}
    assert len(seen) == 20 and len(set(seen)) == 20
    back = page_of(parse_list(COMPANY, people.admin, query))
    for earlier in reversed(pages[:-1]):
        query = {"sort": sort, "limit": "6", "before": back.previous}
        back = page_of(parse_list(COMPANY, people.admin, query))
        assert [record.pk for record in back.records] == earlier
    assert not back.previous


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("state.is=active", 10),
        ("state.in=active,lead", 20),
        ("state.not=active", 10),
        ("tags.has=vip", 10),
        ("tags.empty=1", 10),
        ("last_contact_at.empty=1", 7),
        ("last_contact_at.filled=1", 13),
        ("last_contact_at.on=2026-11-21", 2),
        ("name.contains=company 07", 1),
        ("name.contains=pany 0", 10),
        ("name.starts=Company 1", 10),
        ("owner.is=me", 0),
        ("state.is=active&tags.has=vip", 10),
        ("state.is=lead&tags.has=vip", 0),
    ],
)
def test_filters_mean_what_they_say(parameters: str, expected: int, people: People) -> None:
    twenty_companies(people)
    state = parse_list(COMPANY, people.admin, QueryDict(parameters))
    assert count_of(state).number == expected


@pytest.mark.parametrize(
    "parameters",
    [
        "nothing.is=1",
        "name.between=1",
        "completeness.min=many",
        "completeness.min=" + "9" * 30,
        "last_contact_at.on=yesterday",
        "last_contact_at.within=forever",
        "sort=search",
        "sort=nothing",
        "owner.is=';drop table",
        "limit=0",
        "limit=201",
        "limit=x",
        "after=!!!",
        "&".join(f"name.contains={n}" for n in range(35)),
        "name.contains=%00",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(
    parameters: str, people: People
) -> None:
    with pytest.raises(DomainError):
        page_of(parse_list(COMPANY, people.admin, QueryDict(parameters)))
    response = signed_in(people.admin).get(f"/companies?{parameters}")
    assert response.status_code in (200, 422)


def test_a_list_takes_the_same_few_queries_however_many_rows(people: People) -> None:
    client = signed_in(people.owner)
    make_company(people.owner, "First")
    client.get("/companies")  # what a process learns once
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/companies").status_code == 200
        counts.append(len(queries))
        twenty_companies(people)
    assert counts[0] == counts[1] <= 10


def test_a_filter_cannot_be_used_on_a_hidden_field(people: People) -> None:
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"tax_id": "hidden"}}
    role.save()
    make_company(people.owner)
    for query in ("tax_id.is=1", "sort=tax_id", "cols=tax_id"):
        body = signed_in(people.owner).get(f"/companies?{query}").content.decode()
        assert not re.search(r"<th[^>]*>\s*(<a[^>]*>)?Tax id", body)
    with pytest.raises(DomainError):
        parse_list(COMPANY, people.owner, QueryDict("tax_id.is=1"))
