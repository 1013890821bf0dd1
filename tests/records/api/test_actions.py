"""Actions through the API: the screen's form from JSON, the screen's refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.personas import People
from tests.records.api.calling import Caller, caller_for, database_state, one_of_each
from vinculo.interactions.models import Interaction, Task
from vinculo.platform.models import ApiKey, ChangeSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(people: People) -> Caller:
    return caller_for(people.owner)


@pytest.fixture
def made(people: People) -> dict[str, str]:
    return one_of_each(people)


def test_a_call_is_logged_with_its_promise(
    caller: Caller, made: dict[str, str], people: People
) -> None:
    person = int(made["parties.person"].rsplit("/", 1)[1])
    done = caller.post(
        f"{made['parties.company']}/do/interactions.log_call",
        {
            "body": "She wants an offer.",
            "at": "2026-01-05T09:30:00+08:00",
            "person": person,
            "minutes": 12,
            "follow_up_on": "2030-01-01",
            "follow_up_title": "Send the offer",
        },
    )
    assert done.status_code == 200, done.content
    data = done.json()["data"]
    assert data["type"] == "interactions.interaction"
    call = Interaction.objects.get(pk=data["id"])
    assert (call.at.isoformat(), call.minutes) == ("2026-01-05T01:30:00+00:00", 12)
    assert (call.party_id, call.owner) == (person, people.owner)
    assert Task.objects.filter(interaction=call, title="Send the offer").exists()
    verb = ChangeSet.objects.get(pk=int(done["Vinculo-Change-Set"]))
    assert (verb.verb, verb.via) == ("interactions.log_call", "api")


def test_what_is_not_sent_keeps_its_first_value(caller: Caller, made: dict[str, str]) -> None:
    task = made["interactions.task"]
    caller.post(f"{task}/do/interactions.edit_task", {"due_on": "2030-05-05", "notes": "Soon"})
    changed = caller.post(f"{task}/do/interactions.edit_task", {"title": "Call instead"})
    assert changed.status_code == 200, changed.content
    data = caller.get(task).json()["data"]
    assert (data["title"], data["due_on"], data["notes"]) == ("Call instead", "2030-05-05", "Soon")
    emptied = caller.post(f"{task}/do/interactions.edit_task", {"due_on": None})
    assert emptied.status_code == 200, emptied.content
    assert caller.get(task).json()["data"]["due_on"] is None


def test_actions_without_a_form_take_no_input(caller: Caller, made: dict[str, str]) -> None:
    task = made["interactions.task"]
    assert caller.post(f"{task}/do/interactions.complete_task", {"x": 1}).status_code == 422
    assert caller.post(f"{task}/do/interactions.complete_task").status_code == 200
    assert caller.get(task).json()["data"]["done_at"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"follow_up_on": "2020-01-01"}, "follow_up_on"),
        ({"at": "2999-01-01T00:00:00+00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": [1]}, "minutes"),
        ({"person": 99_999_999}, "person"),
        ({"person": "1"}, "person"),
        ({"person": 2**70}, "person"),
        ({"direction": "sideways"}, "direction"),
        ({"outcome": {"a": 1}}, "outcome"),
        ({"actor": 1}, "actor"),
        ({"party": 1}, "party"),
        ({"nonsense": 1}, "nonsense"),
        ({"body": "a\x00b"}, "body"),
    ],
)
def test_a_refusal_names_the_input_and_writes_nothing(
    caller: Caller, made: dict[str, str], body: dict[str, Any], field: str
) -> None:
    before = database_state()
    refused = caller.post(f"{made['parties.company']}/do/interactions.log_call", body)
    assert refused.status_code == 422, refused.content
    assert refused.json()["error"]["field"] == field
    assert database_state() == before


def test_a_file_comes_as_multipart(caller: Caller, made: dict[str, str]) -> None:
    at = f"{made['parties.company']}/do/interactions.attach_file"
    done = caller.upload(at, "plan.txt", b"A plan")
    assert done.status_code == 200, done.content
    assert done.json()["data"]["name"] == "plan.txt"
    assert caller.post(at, {}).json()["error"]["field"] == "upload"


def test_an_action_belongs_to_its_record_type(caller: Caller, made: dict[str, str]) -> None:
    wrong = caller.post(f"{made['parties.company']}/do/interactions.complete_task")
    assert wrong.status_code == 404
    assert caller.get(f"{made['parties.company']}/do/interactions.log_call").status_code == 405


def test_keys_and_accounts_are_no_matter_of_the_api(people: People) -> None:
    caller = caller_for(people.admin)
    keys = ApiKey.objects.count()
    for name in ("platform.create_api_key", "platform.invite_user", "platform.edit_role", "x"):
        assert caller.post(f"/do/{name}", {"name": "x"}).status_code == 404
    assert ApiKey.objects.count() == keys


def test_an_instant_in_an_odd_zone_is_the_same_instant(people: People) -> None:
    """Found by made-up calls: the database knows no zone seventeen hours off."""
    made = one_of_each(people)
    caller = caller_for(people.owner)
    at = made["parties.company"]
    done = caller.post(f"{at}/do/interactions.log_call", {"at": "2020-01-02T03:04:00-17:31"})
    assert done.status_code == 200, done.json()
    call = Interaction.objects.latest("pk")
    assert call.at.isoformat() == "2020-01-02T20:35:00+00:00"
    for odd in ("0001-01-01T00:00:00+20:00", "9999-12-31T23:59:00-20:00"):
        refused = caller.post(f"{at}/do/interactions.log_call", {"at": odd})
        assert refused.status_code == 422
