"""Where a record stands in a list agrees with the list itself, whatever its order."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from tests.personas import People
from tests.records.test_bulk import COMPANY, make_many
from tests.samples import make_company
from vinculo.records import lists
from vinculo.records.writing import edit_record


@pytest.mark.parametrize("query", ["", "sort=-name", "sort=industry", "sort=-last_contact_at", "sort=owner,-name"])  # fmt: skip
def test_walking_by_next_is_the_list(people: People, query: str) -> None:
    made = make_many(people.owner, 7)
    for at, one in enumerate(made[:4]):
        data = {"industry": ["energy", "finance"][at % 2]}
        edit_record(actor=people.owner, entity=COMPANY, record=one, data=data)
    state = lists.parse_list(COMPANY, people.owner, QueryDict(query))
    listed = [one.pk for one in lists.page_of(state).records]
    for at, pk in enumerate(listed):
        standing = lists.standing_of(state, pk)
        assert standing is not None
        assert standing.position == at + 1
        assert standing.total.number == 7
        assert standing.previous == (listed[at - 1] if at else None)
        assert standing.next == (listed[at + 1] if at < 6 else None)


def test_neighbours_are_only_what_the_reader_may_see(people: People, client: Client) -> None:
    mine = make_company(people.owner, "Mine")
    make_company(people.stranger, "Mind of others")
    make_company(people.stranger, "Ming of others")
    client.force_login(people.owner)
    page = client.get(f"/companies/{mine.pk}?in=all").content.decode()
    assert "1 of 1 in Companies" in page
    assert "of others" not in page and 'rel="next"' not in page


@pytest.mark.parametrize("told", ["all", "nonsense.contains=1", "sort=secret", "%00", "a" * 3000])
def test_an_odd_list_in_the_address_shows_the_record_all_the_same(
    people: People, client: Client, told: str
) -> None:
    mine = make_company(people.owner, "Mine")
    client.force_login(people.owner)
    assert client.get(f"/companies/{mine.pk}", {"in": told}).status_code == 200
