"""One record through the API: made, read, changed, deleted, and what its history says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.personas import People
from tests.records.api.calling import Caller, caller_for, one_of_each
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(people: People) -> Caller:
    return caller_for(people.owner)


def test_a_record_is_made_with_all_its_parts(caller: Caller, people: People) -> None:
    body = {
        "name": " Añejos  del Sur ",
        "phone": "912 345 678",
        "email": "Hola@Anejos.es",
        "city": "Jerez",
        "country": "ES",
        "tags": ["vip", "vip", "wine"],
        "state": "active",
    }
    made = caller.post("/companies", body)
    assert made.status_code == 201, made.content
    data = made.json()["data"]
    assert data["name"] == "Añejos del Sur"
    assert (data["phone"], data["city"], data["country"]) == ("912 345 678", "Jerez", "ES")
    assert data["tags"] == ["vip", "wine"]
    assert data["owner"] == {"id": people.owner.pk, "name": "Owner", "url": None}
    assert data["created_at"].endswith("+00:00")
    assert made["Location"] == data["url"] == f"/api/v1/companies/{data['id']}"
    phone = ContactPoint.objects.get(party_id=data["id"], kind="phone")
    assert phone.value == "+34912345678"
    change_set = ChangeSet.objects.get(pk=int(made["Vinculo-Change-Set"]))
    assert (change_set.via, change_set.actor) == ("api", people.owner)
    assert caller.get(made["Location"]).json()["data"] == data


def test_a_call_can_be_undone_by_its_change_set(caller: Caller, people: People) -> None:
    made = caller.post("/companies", {"name": "Aurora"})
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(pk=int(made["Vinculo-Change-Set"]))
    )
    assert caller.get(made["Location"]).status_code == 404


def test_only_the_fields_in_the_body_change(caller: Caller) -> None:
    at = caller.post("/companies", {"name": "Aurora", "city": "Madrid"})["Location"]
    changed = caller.patch(at, {"phone": "600 111 222", "value_class": "A", "city": None})
    data = changed.json()["data"]
    assert (data["phone"], data["value_class"], data["city"]) == ("600 111 222", "A", "")
    assert data["name"] == "Aurora"


def test_writing_what_is_there_already_writes_nothing(caller: Caller) -> None:
    at = caller.post("/companies", {"name": "Aurora", "tags": ["a"]})["Location"]
    sets = ChangeSet.objects.count()
    same = caller.patch(at, {"name": "Aurora", "tags": ["a"], "industry": None})
    assert same.status_code == 200
    assert "Vinculo-Change-Set" not in same
    assert ChangeSet.objects.count() == sets


def test_an_etag_answers_with_304_until_something_changes(caller: Caller) -> None:
    made = caller.post("/companies", {"name": "Aurora"})
    at, tag = made["Location"], made["ETag"]
    unchanged = caller.get(at, If_None_Match=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert caller.get(f"{at}?fields=name", If_None_Match=tag).status_code == 200
    # A phone is a row of another table, and still a change of the record.
    changed = caller.patch(at, {"phone": "912345678"})
    assert changed["ETag"] != tag
    assert caller.get(at, If_None_Match=tag).status_code == 200
    assert caller.get(at)["ETag"] == changed["ETag"]


def test_if_match_refuses_what_changed_meanwhile(caller: Caller) -> None:
    at = caller.post("/companies", {"name": "Aurora"})["Location"]
    mine = caller.get(f"{at}?fields=name")["ETag"]
    first = caller.patch(at, {"name": "Aurora Foods"}, If_Match=mine)
    assert first.status_code == 200, first.content
    late = caller.patch(at, {"name": "Aurora Wines"}, If_Match=mine)
    assert (late.status_code, late.json()["error"]["code"]) == (412, "changed")
    assert caller.delete(at, If_Match=mine).status_code == 412
    assert caller.get(at).json()["data"]["name"] == "Aurora Foods"
    assert caller.patch(at, {"name": "Other"}, If_Match="*").status_code == 200
    assert caller.delete(at, If_Match=caller.get(at)["ETag"]).status_code == 204
    assert caller.get(at).status_code == 404


def test_history_tells_who_changed_what(caller: Caller, people: People) -> None:
    at = caller.post("/companies", {"name": "Aurora"})["Location"]
    caller.patch(at, {"state": "active", "owner": people.owner.pk})
    entries = caller.get(f"{at}/history").json()["data"]
    assert [entry["created"] for entry in entries] == [False, True]
    assert entries[0]["changes"] == [
        {"field": "state", "label": "State", "old": "lead", "new": "active"}
    ]
    assert entries[0]["by"]["name"] == "Owner"
    assert entries[0]["via"] == "api"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": ["a"]}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"state": "nonsense"}, "state"),
        ({"state": True}, "state"),
        ({"tags": "vip"}, "tags"),
        ({"tags": ["a,b"]}, "tags"),
        ({"tags": [1]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"tags": [str(n) for n in range(51)]}, "tags"),
        ({"owner": "1"}, "owner"),
        ({"owner": True}, "owner"),
        ({"owner": 2**70}, "owner"),
        ({"owner": 999_999}, "owner"),
        ({"parent": 999_999}, "parent"),
        ({"country": "Spain"}, "country"),
        ({"email": "no address"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"nonsense": 1}, "nonsense"),
        ({"id": 7}, "id"),
        ({"kind": "person"}, "kind"),
        ({"search": "x"}, "search"),
        ({"owner_id": 1}, "owner_id"),
        ({"completeness": 100}, "completeness"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(
    caller: Caller, body: dict[str, Any], field: str
) -> None:
    refused = caller.post("/companies", {"name": "Aurora", **body})
    assert refused.status_code == 422, refused.content
    error = refused.json()["error"]
    assert error["code"] == "invalid"
    assert error["field"] == field
    assert error["fields"][0]["field"] == field
    assert not Company.objects.exists()
    assert not ChangeSet.objects.filter(verb="records.create").exists()


@pytest.mark.parametrize("value", ["2026-11-21T09:30:00", "yesterday", 7, "0001-01-01T00:00:00Z"])
def test_an_instant_needs_its_zone(caller: Caller, people: People, value: Any) -> None:
    task = one_of_each(people)["interactions.task"]
    assert caller.patch(task, {"remind_at": value}).json()["error"]["field"] == "remind_at"


def test_dates_numbers_and_choices_keep_their_types(caller: Caller, people: People) -> None:
    task = one_of_each(people)["interactions.task"]
    body = {"due_on": "2030-02-28", "priority": 3, "remind_at": "2030-02-28T09:30:00+08:00"}
    changed = caller.patch(task, body)
    assert changed.status_code == 200, changed.content
    data = changed.json()["data"]
    assert (data["due_on"], data["priority"]) == ("2030-02-28", 3)
    assert data["remind_at"] == "2030-02-28T01:30:00+00:00"
    assert caller.patch(task, {"priority": "3"}).status_code == 422
    assert caller.patch(task, {"due_on": "28.02.2030"}).status_code == 422


def test_everything_that_is_wrong_is_said_at_once(caller: Caller) -> None:
    refused = caller.post("/companies", {"name": 7, "state": "x", "tags": "y"}).json()["error"]
    assert [problem["field"] for problem in refused["fields"]] == ["name", "state", "tags"]
    missing = caller.post("/companies", {"city": "Madrid"}).json()["error"]
    assert (missing["field"], missing["message"]) == ("name", "This field is required.")


def test_warnings_come_along_or_refuse(caller: Caller) -> None:
    caller.post("/companies", {"name": "Añejos del Sur", "email": "hola@anejos.es"})
    twin = {"name": "Anejos del Sur", "email": "hola@anejos.es"}
    strict = caller.post("/companies?strict=1", twin)
    assert (strict.status_code, strict.json()["error"]["code"]) == (422, "warning")
    assert Company.objects.count() == 1
    made = caller.post("/companies", twin)
    assert made.status_code == 201
    assert made.json()["warnings"] == [
        problem["message"] for problem in strict.json()["error"]["fields"]
    ]


def test_every_type_of_record_is_read_alike(caller: Caller, people: People) -> None:
    made = one_of_each(people)
    assert set(made) == {entity.key for entity in entities()}
    for entity in entities():
        one = caller.get(made[entity.key]).json()["data"]
        listed = caller.get(f"/{entity.path}").json()["data"]
        row = next(row for row in listed if row["id"] == one["id"])
        # A list has the stored fields, with the very same values.
        assert row == {name: one[name] for name in row}
        assert set(one) - set(row) <= {f.name for f in entity.all_fields.values() if not f.column}
        assert caller.get(f"{made[entity.key]}/history").status_code == 200


def test_types_made_by_actions_take_no_post(caller: Caller) -> None:
    refused = caller.post("/activities", {"subject": "x"})
    assert refused.status_code == 405
    assert refused["Allow"] == "GET, HEAD, OPTIONS"
    assert refused.json()["error"]["code"] == "method_not_allowed"
