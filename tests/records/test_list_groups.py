"""Groups, sums and columns of a list; the file is what the screen shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from tests.personas import People
from tests.records.test_surfaces import ENTITIES, signed_in
from tests.samples import make_company, make_person, make_sample
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, Person
from vinculo.records import lists
from vinculo.records.entity import Entity
from vinculo.records.lists import parse_list
from vinculo.records.registry import entity

COMPANY, PERSON = entity("parties.company"), entity("parties.person")


@pytest.fixture
def thirty(people: People) -> People:
    """Thirty companies: 15 leads, 10 active, 5 lost; Bonn, Berlin and none."""
    for number in range(30):
        company = make_company(people.owner, f"Company {number:02}")
        state = "lead" if number % 2 else "active" if number % 3 else "lost"
        Company.objects.filter(pk=company.pk).update(
            state=state,
            city=["Bonn", "Berlin", ""][number % 3],
            completeness=number,
            last_contact_at=None if number < 4 else datetime(2026, 1 + number % 3, 5, tzinfo=UTC),
        )
    return people


def groups(people: People, query: str, record_type: Entity = COMPANY) -> list[tuple[str, int]]:
    state = parse_list(record_type, people.admin, QueryDict(query))
    return [(group.label, group.number) for group in lists.groups_of(state).groups]


def test_groups_count_every_row_that_matches(thirty: People) -> None:
    assert groups(thirty, "group=state") == [("Lead", 15), ("Active", 10), ("Lost", 5)]
    assert groups(thirty, "group=city") == [("Berlin", 10), ("Bonn", 10), ("Empty", 10)]
    assert groups(thirty, "group=owner&state.is=lost") == [("Owner", 5)]
    assert groups(thirty, "group=last_contact_at") == [
        ("March 2026", 9), ("February 2026", 9), ("January 2026", 8), ("Empty", 4)
    ]  # fmt: skip


def test_the_rows_of_the_groups_are_the_rows_of_the_list(thirty: People) -> None:
    """By every field that can group: each row is in exactly one group, whose filter finds it."""
    for field in COMPANY.fields_for(thirty.admin):
        if not lists.groupable(COMPANY, field):
            continue
        state = parse_list(COMPANY, thirty.admin, QueryDict(f"group={field.name}"))
        found: list[int] = []
        for group in lists.groups_of(state).groups:
            within = lists.inside(state, group.key)
            assert within is not None
            rows = [one.pk for one in lists.matching(within)]
            assert len(rows) == group.number, (field.name, group.label)
            found += rows
        assert len(found) == 30 == len(set(found)), field.name


def test_a_group_shows_its_first_rows_and_more_by_keyset(thirty: People) -> None:
    client = signed_in(thirty.admin)
    body = client.get("/companies?group=state").content.decode()
    assert body.count("group-row") == 3 and body.count("<tr data-row") == 10 + 10 + 5
    more = client.get("/companies/group?group=state&in=lead")
    assert more.content.decode().count("<tr data-row") == 15
    folded = client.get("/companies?group=state&open=lost").content.decode()
    assert folded.count("group-row") == 3 and folded.count("<tr data-row") == 5
    assert client.get("/companies?group=state&open=").content.decode().count("<tr data-row") == 0
    assert client.get("/companies/group?group=state").status_code == 422
    assert client.get("/companies/group?in=lead").status_code == 422


def test_a_relation_groups_by_what_the_reader_may_see(people: People) -> None:
    """How many people belong to which hidden company is nothing they may know."""
    mine, theirs = make_company(people.owner, "Mine"), make_company(people.stranger, "Secret")
    for number in range(3):
        person = make_person(people.owner, f"P{number}")
        Person.objects.filter(pk=person.pk).update(company=theirs if number else mine)
    make_person(people.owner, "Alone")
    state = parse_list(PERSON, people.owner, QueryDict("group=company"))
    found = [(one.label, one.number, one.hidden) for one in lists.groups_of(state).groups]
    assert found == [("Mine", 1, False), ("Empty", 1, False), ("Not visible to you", 2, True)]
    body = signed_in(people.owner).get("/people?group=company").content.decode()
    assert "Secret" not in body and f"company.is={theirs.pk}" not in body
    assert lists.page_of(lists.inside(state, str(theirs.pk)) or state).records == []


def test_figures_are_those_of_all_rows_that_match(thirty: People) -> None:
    state = parse_list(COMPANY, thirty.admin, QueryDict("cols=name,completeness&state.is=lost"))
    (found,) = lists.figures_of(state)
    # 0, 6, 12, 18 and 24 are lost
    assert (found.count, found.smallest, found.largest, found.total) == (5, 0, 24, None)
    assert found.average == 12
    body = signed_in(thirty.admin).get("/companies/figures?cols=name,completeness").content.decode()
    assert "Average" in body and "14.5" in body and "29" in body
    files = entity("interactions.file")
    for number in range(3):
        make_sample(files, thirty.owner, f"File {number}")
    (size,) = lists.figures_of(parse_list(files, thirty.owner, QueryDict()))
    assert size.total == 9
    (none,) = lists.figures_of(parse_list(files, thirty.stranger, QueryDict()))
    assert none.count == 0 and none.total is None


def test_what_takes_too_long_is_given_up_and_said(
    thirty: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vinculo.records.lists import counting

    with pytest.raises(lists.TooMany), counting.soon(1):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
    assert Company.objects.count() == 30

    def tired(state: lists.ListState) -> None:
        raise lists.TooMany

    monkeypatch.setattr("vinculo.records.views.table.lists.groups_of", tired)
    monkeypatch.setattr("vinculo.records.views.lists.lists.figures_of", tired)
    client = signed_in(thirty.admin)
    page = client.get("/companies?group=state")
    assert page.status_code == 422 and "too many records to group" in page.content.decode()
    foot = client.get("/companies/figures?cols=name,completeness")
    assert foot.status_code == 200 and "Too many to add up" in foot.content.decode()


def test_the_file_is_what_the_screen_shows(thirty: People) -> None:
    query = (
        "any1.city.is=Bonn&any1.state.is=lost&completeness.max=12"
        "&sort=-completeness&cols=name,completeness,city:120&group=state"
    )
    answer = signed_in(thirty.admin).post(f"/companies/export.csv?{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == [
        "State,Name,Completeness,City",
        "Lead,Company 09,9,Bonn",
        "Lead,Company 03,3,Bonn",
        "Lost,Company 12,12,Bonn",
        "Lost,Company 06,6,Bonn",
        "Lost,Company 00,0,Bonn",
    ]


def test_columns_keep_width_pin_and_order(thirty: People) -> None:
    client = signed_in(thirty.admin)
    body = client.get("/companies?cols=city:150,name:300p,owner:p&density=compact").content.decode()
    assert "table-drawn" in body and '<col width="150">' in body and '<col width="300">' in body
    assert body.index('data-spec="city:150"') < body.index('data-spec="name:300p"')
    assert "cell-stay pin-1" in body and "cell-stay pin-2" in body and "table-compact" in body
    state = parse_list(COMPANY, thirty.admin, QueryDict("cols=name:9999,city:1,state:x,owner"))
    assert state.columns_parameter == "name:800,city:60,owner"
    form = parse_list(COMPANY, thirty.admin, QueryDict("cols=name:240&cols=city&pin=city&pin=tags"))
    assert form.columns_parameter == "name:240,city:p"


@pytest.mark.parametrize("record_type", ENTITIES, ids=lambda one: one.key)
def test_every_list_groups_adds_up_and_refuses(record_type: Entity, people: People) -> None:
    make_sample(record_type, people.owner)
    client = signed_in(people.owner)
    for field in record_type.fields_for(people.owner):
        url = f"/{record_type.path}?group={field.name}"
        allowed = lists.groupable(record_type, field)
        assert not (allowed and field.sensitive)
        assert client.get(url).status_code == (200 if allowed else 422), url
    assert client.get(f"/{record_type.path}/figures").status_code == 200
    assert client.get(f"/{record_type.path}/filter").status_code == 200
    with pytest.raises(DomainError):
        parse_list(record_type, people.owner, QueryDict("group=nothing"))
