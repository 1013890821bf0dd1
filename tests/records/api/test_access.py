"""Every persona on every record type: what may not be seen shows nowhere, not even as a count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.personas import EVERYTHING, People, make_role, make_user
from tests.records.api.calling import Caller, caller_for, database_state, one_of_each
from vinculo.parties.models import Company
from vinculo.platform.models import Role
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db
SEES = {"owner": True, "teammate": False, "stranger": False, "manager": True, "admin": True}


@pytest.mark.parametrize("persona", SEES)
def test_rows_show_to_whom_they_may_and_nowhere_else(people: People, persona: str) -> None:
    made = one_of_each(people)
    caller = caller_for(getattr(people, persona))
    before = database_state()
    for entity in entities():
        at = made[entity.key]
        listed = caller.get(f"/{entity.path}?count=1").json()
        assert (listed["count"]["number"] > 0) is SEES[persona], entity.key
        assert (len(listed["data"]) > 0) is SEES[persona]
        status = 200 if SEES[persona] else 404
        assert caller.get(at).status_code == status
        assert caller.get(f"{at}/history").status_code == status
        if not SEES[persona]:
            gone = caller.get(f"/{entity.path}/99999999")
            # The same answer as for what does not exist: nothing tells them apart.
            assert caller.get(at).content == gone.content
            assert caller.patch(at, {}).status_code == 404
            assert caller.patch(at, {"owner": people.owner.pk}).status_code == 404
            assert caller.delete(at).status_code == 404
            for action in entity.actions_for(getattr(people, persona)):
                refused = caller.post(f"{at}/do/{action.name}")
                assert refused.status_code == 404, action.name
    assert SEES[persona] or database_state() == before


def test_hidden_rows_cannot_be_pointed_at_or_asked_for(people: People) -> None:
    made = one_of_each(people)
    company = int(made["parties.company"].rsplit("/", 1)[1])
    person = int(made["parties.person"].rsplit("/", 1)[1])
    stranger = caller_for(people.stranger)
    own = stranger.post("/people", {"given_name": "Zoe", "family_name": "Q"})["Location"]
    before = database_state()
    hidden = stranger.patch(own, {"company": company})
    absent = stranger.patch(own, {"company": 99_999_999})
    assert (hidden.status_code, hidden.content) == (422, absent.content)
    assert stranger.get(f"/people?company.is={company}&count=1").json()["count"]["number"] == 0
    assert stranger.get("/companies?q=aurora").json()["data"] == []
    refused = stranger.post(f"{own}/do/parties.add_company", {"company": company})
    assert refused.status_code == 422
    twin = stranger.post("/companies?strict=1", {"name": "Aurora"})
    assert "912345678" not in twin.content.decode()
    assert str(person) not in twin.json().get("error", {}).get("message", "")
    assert {k: v for k, v in database_state().items() if k == "parties_relation"} == {
        k: v for k, v in before.items() if k == "parties_relation"
    }


def test_a_reference_to_a_hidden_record_tells_nothing(people: People) -> None:
    made = one_of_each(people)
    Company.objects.filter(name="Aurora").update(owner=people.stranger, team=people.south)
    caller = caller_for(people.owner)
    nothing = {"id": None, "name": None, "url": None}
    assert caller.get(made["parties.person"]).json()["data"]["company"] == nothing
    assert caller.get("/people?fields=company").json()["data"][0]["company"] == nothing
    assert "Aurora" not in caller.get(f"{made['parties.person']}/history").content.decode()


def reader(people: People, **rules: str) -> Caller:
    """Somebody who sees everything but the fields that `rules` hide."""
    role = make_role("Reader", "all")
    role.field_rules = {key: dict(rules) for key in EVERYTHING}
    role.save()
    return caller_for(make_user("reader", role, team=people.north))


def test_hidden_fields_are_in_no_answer_and_answer_no_question(people: People) -> None:
    made = one_of_each(people)
    at = made["parties.company"]
    caller_for(people.owner).patch(at, {"phone": "934 777 111", "value_class": "A"})
    caller = reader(people, phone="hidden", value_class="hidden")
    for path in (at, "/companies", f"{at}/history", "/openapi.json"):
        text = caller.get(path).content.decode()
        assert "777 111" not in text and "777111" not in text, path
        assert "912345678" not in text, path
        assert "value_class" not in text, path

    def same_words(path: str, name: str, nonsense: str) -> None:
        hidden, absent = caller.get(path), caller.get(path.replace(name, nonsense))
        assert hidden.status_code == absent.status_code == 422
        assert hidden.json()["error"]["message"] == absent.json()["error"]["message"].replace(
            nonsense, name
        )

    same_words("/companies?sort=value_class", "value_class", "nonsense")
    same_words("/companies?value_class.is=A", "value_class", "nonsense")
    same_words("/companies?fields=value_class", "value_class", "nonsense")
    # Neither by its own name nor through the words of a search.
    for query in ("q=934777111", "q=7111", "name.contains=934777111"):
        assert caller.get(f"/companies?{query}").json()["data"] == [], query
    before = database_state()
    hidden = caller.patch(at, {"value_class": "B"}).json()["error"]
    absent = caller.patch(at, {"nonsense": "B"}).json()["error"]
    assert hidden["message"] == absent["message"].replace("nonsense", "value_class")
    assert (hidden["field"], hidden["code"]) == ("value_class", "invalid")
    assert database_state() == before


def test_read_only_fields_are_shown_and_refused(people: People) -> None:
    at = one_of_each(people)["parties.company"]
    caller = reader(people, state="readonly")
    assert caller.get(at).json()["data"]["state"] == "lead"
    before = database_state()
    refused = caller.patch(at, {"state": "active", "name": "Other"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "state")
    assert database_state() == before


def test_who_may_only_look_writes_nothing(people: People) -> None:
    made = one_of_each(people)
    role = Role.objects.create(name="Looks", grants={key: {"view": "all"} for key in EVERYTHING})
    caller = caller_for(make_user("looks", role))
    before = database_state()
    for entity in entities():
        at = made[entity.key]
        assert caller.get(at).status_code == 200
        calls: list[Any] = [
            caller.patch(at, {entity.form[0]: "x"}),
            caller.patch(at, {}),
            caller.delete(at),
        ]
        if entity.creatable:
            calls.append(caller.post(f"/{entity.path}", {entity.form[0]: "x"}))
        calls += [
            caller.post(f"{at}/do/{action.name}")
            for action in entity.actions_for(people.admin)
            if not action.allowed(people.owner) or action.granted
        ]
        for refused in calls:
            assert refused.status_code == 403, (entity.key, refused.content)
            assert refused.json()["error"]["code"] == "not_allowed"
    assert database_state() == before


def test_a_record_type_without_a_right_is_refused_as_a_whole(people: People) -> None:
    one_of_each(people)
    role = Role.objects.create(name="People only", grants={"parties.person": {"view": "all"}})
    caller = caller_for(make_user("narrow", role))
    assert caller.get("/people").status_code == 200
    assert caller.get("/people").json()["data"][0]["company"]["name"] is None
    for path in ("/companies", "/companies?count=1", "/companies/1", "/companies/1/history"):
        assert caller.get(path).status_code == 403
    assert "companies" not in caller.get("/openapi.json").json()["paths"]


def test_a_record_cannot_be_given_out_of_reach(people: People) -> None:
    at = one_of_each(people)["parties.company"]
    caller = caller_for(people.owner)
    before = database_state()
    refused = caller.patch(at, {"owner": people.stranger.pk})
    assert refused.status_code == 403
    assert database_state() == before
