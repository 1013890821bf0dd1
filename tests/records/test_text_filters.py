"""A filter on a text field: that field and no other, whatever accents, width or grouping."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from tests.personas import EVERYTHING, People, make_role, make_user
from vinculo.parties.models import Company
from vinculo.platform.models import User
from vinculo.records import lists
from vinculo.records.registry import entity
from vinculo.records.search import best_matches
from vinculo.records.writing import create_record

pytestmark = pytest.mark.django_db
COMPANY = "parties.company"


def names(user: User, query: str) -> set[str]:
    """The names in the list that the query string asks for."""
    state = lists.parse_list(entity(COMPANY), user, QueryDict(query))
    return {record.name for record in lists.page_of(state).records}


@pytest.fixture
def companies(people: People) -> list[Company]:
    said = [
        {"name": "Madrid Foods", "city": "Berlín", "phone": "030 1234567"},
        {"name": "Bodega Añejos", "city": "Madrid", "phone": "912 345 678"},
        {"name": "臺灣茶行", "city": "台北"},
        {"name": "Łódź Stal", "city": "Łódź"},
    ]
    return [create_record(actor=people.owner, entity=entity(COMPANY), data=data) for data in said]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("city.contains=madrid", {"Bodega Añejos"}),
        ("city.contains=berlin", {"Madrid Foods"}),
        ("name.contains=madrid", {"Madrid Foods"}),
        ("name.contains=anejos", {"Bodega Añejos"}),
        ("name.contains=AÑEJOS", {"Bodega Añejos"}),
        ("name.starts=bodega", {"Bodega Añejos"}),
        ("name.starts=anejos", set()),
        ("name.contains=台湾", {"臺灣茶行"}),
        ("city.contains=lodz", {"Łódź Stal"}),
        ("phone.contains=912345", {"Bodega Añejos"}),
        ("phone.contains=91-23-45", {"Bodega Añejos"}),
        ("phone.starts=30", set()),
        ("phone.starts=0301", {"Madrid Foods"}),
        ("name.contains=912345678", set()),
        ("name.contains=.*", set()),
        ("name.contains=[a", set()),
        ("name.contains=a(b", set()),
    ],
)
def test_a_filter_asks_its_own_field(
    people: People, companies: list[Company], query: str, found: set[str]
) -> None:
    assert names(people.owner, query) == found


def test_search_does_not_tell_what_a_hidden_field_holds(
    people: People, companies: list[Company]
) -> None:
    role = make_role("Reader", "all")
    role.field_rules = {key: {"phone": "hidden"} for key in EVERYTHING}
    role.save()
    reader = make_user("reader", role, team=people.north)
    assert names(people.owner, "q=912345678") == {"Bodega Añejos"}
    for query in ("q=912345678", "q=5678", "q=bodega+5678", "name.contains=912345678"):
        assert names(reader, query) == set(), query
    assert best_matches(entity(COMPANY), reader, "912345678", 5) == []
    # What they may see is still found, in any accents.
    assert names(reader, "q=anejos+madrid") == {"Bodega Añejos"}
    assert names(reader, "q=台湾") == {"臺灣茶行"}
    assert [str(one) for one in best_matches(entity(COMPANY), reader, "anejos", 5)] == [
        "Bodega Añejos"
    ]
