"""Lists through the API: the screens' filters, bounded pages by cursor, chosen fields, counts."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.parties.makers import make_company
from tests.personas import People
from tests.records.api.calling import Caller, caller_for
from vinculo.parties.derived import refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(people: People) -> Caller:
    cities = ["Berlin", "Madrid", ""]
    made = [
        make_company(
            f"Company {n % 7}", owner=people.owner, value_class="ABCD"[n % 4], tags=[f"t{n % 3}"]
        )
        for n in range(23)
    ]
    refresh([company.pk for company in made])
    caller = caller_for(people.owner)
    for n, company in enumerate(made[:6]):
        if cities[n % 3]:
            caller.patch(f"/companies/{company.pk}", {"city": cities[n % 3]})
    return caller


@pytest.mark.parametrize("sort", ["", "name", "-name", "created_at", "-last_contact_at", "owner"])
def test_pages_hold_every_record_once_in_both_directions(caller: Caller, sort: str) -> None:
    start = f"/companies?limit=5&fields=name&sort={sort}"
    seen, pages, at = [], 0, start
    while at:
        page = caller.get(at).json()
        seen += [row["id"] for row in page["data"]]
        last, at = at, page["next"]
        pages += 1
    assert pages == 5
    assert len(seen) == len(set(seen)) == 23
    back, at = [], last
    while at:
        page = caller.get(at).json()
        back = [row["id"] for row in page["data"]] + back
        at = page["previous"]
    assert back == seen


def test_the_filters_of_the_screen_apply(caller: Caller, people: People) -> None:
    assert len(caller.get("/companies?city.contains=Madrid").json()["data"]) == 2
    assert len(caller.get("/companies?city.is=Berlin&tags.has=t0").json()["data"]) == 2
    assert caller.get("/companies?value_class.in=A,B&count=1&limit=1").json()["count"] == {
        "number": 12,
        "exact": True,
    }
    assert len(caller.get("/companies?q=company+3&owner.is=me").json()["data"]) == 3
    assert caller.get(f"/companies?owner.is={people.stranger.pk}").json()["data"] == []
    next_page = caller.get("/companies?city.empty=1&limit=2").json()["next"]
    assert "city.empty=1" in next_page


def test_only_the_chosen_fields_come(caller: Caller) -> None:
    row = caller.get("/companies?limit=1&fields=owner,name").json()["data"][0]
    assert list(row) == ["id", "url", "owner", "name"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=999999999999", "limit"),
        ("limit=-1", "limit"),
        ("limit=٣", "limit"),
        ("after=nonsense", None),
        ("after=W251bGwsMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjNd", None),
        ("after=WzEsMV0&before=WzEsMV0", "after"),
        ("sort=description", None),
        ("sort=owner__password", None),
        ("sort=nonsense", None),
        ("fields=nonsense", "fields"),
        ("fields=owner__password", "fields"),
        ("nonsense=1", "nonsense"),
        ("lmit=5", "lmit"),
        ("nonsense.is=1", None),
        ("owner__password.is=1", None),
        ("owner.is=%00", None),
        ("owner.is=9999999999999999999999", None),
        ("owner.is=1%20OR%201=1", None),
        ("created_at.before=2026-13-45", None),
        ("last_contact_at.within=ages", None),
        ("&".join(f"city.contains=a{n}" for n in range(35)), None),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(
    caller: Caller, query: str, field: str | None
) -> None:
    refused = caller.get(f"/companies?{query}")
    assert refused.status_code == 422, refused.content
    error = refused.json()["error"]
    assert error["message"]
    if field is not None:
        assert error["field"] == field


def test_filters_take_text_literally(caller: Caller) -> None:
    for typed in ("'; DROP TABLE parties_party--", "%", "_", "\\", "'", "a:*&!b", "\U0001f600"):
        text = quote(typed)
        assert caller.get(f"/companies?city.contains={text}").status_code == 200
        assert caller.get(f"/companies?q={text}").status_code == 200
    assert caller.get("/companies?count=1").json()["count"]["number"] == 23


def test_virtual_fields_are_read_with_the_record_alone(caller: Caller) -> None:
    assert caller.get("/companies?fields=street").status_code == 422
    row = caller.get("/companies?limit=1").json()["data"][0]
    assert "street" not in row
    assert caller.get(f"{row['url']}?fields=street").json()["data"]["street"] == ""
