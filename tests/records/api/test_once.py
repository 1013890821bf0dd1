"""Calls and forms that are sent twice: the work is done once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests.personas import People, make_people
from tests.records.api.calling import Caller, caller_for, make_key
from vinculo.interactions.models import Interaction
from vinculo.kernel.clock import frozen, now
from vinculo.parties.models import Company
from vinculo.platform.jobs import housekeeping
from vinculo.platform.models import ChangeSet, OnceKey

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.mark.django_db
def test_the_same_call_is_answered_as_the_first_time(people: People) -> None:
    caller = caller_for(people.owner)
    first = caller.post("/companies", {"name": "Aurora"}, Idempotency_Key=KEY)
    second = caller.post("/companies", {"name": "Aurora"}, Idempotency_Key=f'"{KEY}"')
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    for header in ("Location", "ETag", "Vinculo-Change-Set"):
        assert second[header] == first[header]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Company.objects.count() == 1
    assert ChangeSet.objects.filter(verb="records.create").count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_call_is_refused(people: People) -> None:
    caller = caller_for(people.owner)
    made = caller.post("/companies", {"name": "Aurora"}, Idempotency_Key=KEY)
    others = (
        caller.post("/companies", {"name": "Borealis"}, Idempotency_Key=KEY),
        caller.post("/people", {"given_name": "Ana"}, Idempotency_Key=KEY),
        caller.patch(made["Location"], {"city": "Madrid"}, Idempotency_Key=KEY),
    )
    for refused in others:
        assert refused.status_code == 422
        assert refused.json()["error"]["code"] == "idempotency_key_reused"
    assert Company.objects.count() == 1
    # Another key of the same person is another sender.
    assert caller_for(people.owner).post(
        "/companies", {"name": "Borealis"}, Idempotency_Key=KEY
    ).status_code == 201  # fmt: skip


@pytest.mark.django_db
def test_a_refusal_is_not_remembered(people: People) -> None:
    caller = caller_for(people.owner)
    refused = caller.post("/companies", {"name": ""}, Idempotency_Key=KEY)
    assert refused.status_code == 422
    assert not OnceKey.objects.exists()
    assert caller.post("/companies", {"name": "A"}, Idempotency_Key=KEY).status_code == 201


@pytest.mark.django_db
def test_a_key_that_is_none_is_refused_and_old_ones_are_forgotten(people: People) -> None:
    caller = caller_for(people.owner)
    for bad in ("", "x" * 201, '"open', "two words"):
        refused = caller.post("/companies", {"name": "A"}, Idempotency_Key=bad)
        assert refused.status_code == 400, bad
    caller.post("/companies", {"name": "A"}, Idempotency_Key=KEY)
    with frozen(now() + timedelta(hours=25)):
        again = caller.post("/companies", {"name": "Another"}, Idempotency_Key=KEY)
        assert again.status_code == 201
    with frozen(now() + timedelta(hours=60)):
        housekeeping()
    assert not OnceKey.objects.exists()


@pytest.mark.django_db
def test_an_answer_is_not_told_to_less_rights(people: People) -> None:
    caller = caller_for(people.owner)
    caller.post("/companies", {"name": "Aurora", "city": "Hidden City"}, Idempotency_Key=KEY)
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"city": "hidden"}}
    role.save()
    again = caller.post(
        "/companies", {"name": "Aurora", "city": "Hidden City"}, Idempotency_Key=KEY
    )
    assert again.status_code == 409
    assert "Hidden City" not in again.content.decode()


@pytest.mark.django_db
def test_deleting_and_doing_are_kept_too(people: People) -> None:
    caller = caller_for(people.owner)
    at = caller.post("/companies", {"name": "Aurora"})["Location"]
    do = f"{at}/do/interactions.log_call"
    one = caller.post(do, {"body": "We spoke."}, Idempotency_Key="call")
    two = caller.post(do, {"body": "We spoke."}, Idempotency_Key="call")
    assert one.json() == two.json()
    assert Interaction.objects.count() == 1
    assert caller.delete(at, Idempotency_Key="gone").status_code == 204
    again = caller.delete(at, Idempotency_Key="gone")
    assert (again.status_code, again.content) == (204, b"")


def at_once(calls: list[Any]) -> list[Any]:
    """Run each in a thread of its own, with a database connection of its own."""

    def run(call: Any) -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_ten_at_the_same_moment_make_one_record() -> None:
    people = make_people()
    secret = make_key(people.owner)[1]
    callers = [Caller(secret) for _ in range(10)]
    answers = at_once(
        [
            lambda one=one: one.post("/companies", {"name": "Aurora"}, Idempotency_Key=KEY)
            for one in callers
        ]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer["Location"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 9
    assert Company.objects.count() == 1


# --- forms -------------------------------------------------------------------------------------


def form_of(client: Client, url: str) -> dict[str, str]:
    """What the opened form sends along unseen."""
    page = client.get(url).content.decode()
    token = page.split('name="_once" value="', 1)[1].split('"', 1)[0]
    return {"_once": token}


@pytest.mark.django_db
def test_a_form_sent_twice_leads_to_the_first_record(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    filled = {**form_of(client, "/companies/new"), "name": "Aurora", "owner": people.owner.pk}
    first = client.post("/companies/new", filled)
    second = client.post("/companies/new", filled)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Company.objects.count() == 1
    # Whoever goes back and types something else means another record.
    other = client.post("/companies/new", {**filled, "name": "Borealis"})
    assert other["Location"] != first["Location"]
    # And so does whoever opens the form anew.
    fresh = {**filled, **form_of(client, "/companies/new"), "_anyway": "1"}
    assert client.post("/companies/new", fresh)["Location"] != first["Location"]


@pytest.mark.django_db
def test_a_refused_form_keeps_its_token_and_can_be_sent_again(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    filled = {**form_of(client, "/companies/new"), "name": "", "owner": people.owner.pk}
    refused = client.post("/companies/new", filled)
    assert refused.status_code == 422
    assert f'value="{filled["_once"]}"' in refused.content.decode()
    assert not OnceKey.objects.exists()
    assert client.post("/companies/new", {**filled, "name": "Aurora"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_record_and_both_lead_to_it() -> None:
    people = make_people()
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(people.owner)
    filled = {
        **form_of(clients[0], "/companies/new"),
        "name": "Aurora",
        "owner": str(people.owner.pk),
    }
    headers = {"HX-Request": "true"}
    answers = at_once(
        [lambda one=one: one.post("/companies/new", filled, headers=headers) for one in clients]
    )
    assert {answer.status_code for answer in answers} == {204}
    assert len({answer["HX-Location"] for answer in answers}) == 1
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_the_token_of_one_person_is_nothing_to_another(people: People) -> None:
    mine, theirs = Client(), Client()
    mine.force_login(people.owner)
    theirs.force_login(people.stranger)
    filled = {**form_of(mine, "/companies/new"), "name": "Aurora"}
    first = mine.post("/companies/new", {**filled, "owner": people.owner.pk})
    second = theirs.post("/companies/new", {**filled, "owner": people.stranger.pk, "_anyway": "1"})
    assert first["Location"] != second["Location"]
