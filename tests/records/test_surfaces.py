"""Derived: every record type × every surface × every persona, through HTTP.

Whoever may not see a record finds no trace of it anywhere, not even in a count; whoever may not
change it changes nothing, and the journal is as long as before.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.samples import CANARY, SAMPLES, make_sample
from vinculo.platform.models import Change, User
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

ENTITIES = entities()
#: What is searched for: the beginning of the name, so that an echoed query is no trace of it.
START = CANARY[:6]
PERSONAS = ("owner", "teammate", "stranger", "manager", "admin")
#: Who sees a record of `owner` in the team North: see tests/personas.py.
SEES = {"owner", "manager", "admin"}


def signed_in(user: User) -> Client:
    """A browser session of `user`."""
    client = Client()
    client.force_login(user)
    return client


def surfaces(entity: Entity, record: Any) -> dict[str, str]:
    """Where a record can show: pages of its own, and pages that list it."""
    one = entity.url(record)
    found = {
        "list": f"/{entity.path}",
        "list newest first": f"/{entity.path}?sort=-created_at",
        "choices": f"/{entity.path}/choices",
        "record": one,
        "peek": f"{one}/peek",
        "history": f"{one}/history",
        "api list": f"/api/v1/{entity.path}",
        "api record": f"/api/v1/{entity.path}/{record.pk}",
    }
    if entity.search:
        found |= {
            "list search": f"/{entity.path}?q={START}",
            "choices search": f"/{entity.path}/choices?q={START}",
            "search": f"/search{'/more' if entity.search_late else ''}?q={START}",
            "palette": f"/palette{'/more' if entity.search_late else ''}?q={START}",
            "api search": f"/api/v1/{entity.path}?q={START}",
        }
    return found


OWN_PAGES = ("record", "peek", "history", "api record")


def test_every_entity_has_a_sample() -> None:
    assert {entity.key for entity in ENTITIES} == set(SAMPLES)


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_shows_a_record_to_those_who_may_see_it_and_no_trace_to_others(
    entity: Entity, persona: str, people: People
) -> None:
    record = make_sample(entity, people.owner)
    client = signed_in(people.all()[persona])
    for name, url in surfaces(entity, record).items():
        response = client.get(url)
        body = response.content.decode()
        if persona in SEES:
            assert response.status_code == 200, (name, response.status_code)
            if name != "history":
                assert CANARY in body, name
        else:
            expected = 404 if name in OWN_PAGES else 200
            assert response.status_code == expected, (name, response.status_code)
            assert CANARY not in body, name
            assert f"/{entity.path}/{record.pk}" not in body, name


@pytest.mark.parametrize("persona", ("teammate", "stranger"))
@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_counts_only_what_may_be_seen(entity: Entity, persona: str, people: People) -> None:
    make_sample(entity, people.owner)
    body = signed_in(people.all()[persona]).get(f"/{entity.path}/count").content.decode()
    assert body.strip() == '<span data-total="0">0 records</span>'


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_a_refused_write_writes_nothing(entity: Entity, persona: str, people: People) -> None:
    record = make_sample(entity, people.owner)
    client = signed_in(people.all()[persona])
    before = Change.objects.count()
    one = entity.url(record)
    name = next((f.name for f in entity.all_fields.values() if f.editable), "")
    answers = [client.post(f"{one}/delete")] if persona not in SEES else []
    if persona not in SEES:
        answers += [
            client.post(f"{one}/edit", {name: "x"}),
            client.post(f"{one}/field/{name}", {name: "x"}),
            client.delete(f"/api/v1/{entity.path}/{record.pk}"),
            client.patch(
                f"/api/v1/{entity.path}/{record.pk}", {name: "x"}, content_type="application/json"
            ),
        ]
    for answer in answers:
        assert answer.status_code == 404, answer.status_code
    assert Change.objects.count() == before


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_a_stranger_without_any_right_gets_no_page(entity: Entity, people: People) -> None:
    nobody = User.objects.create_user("nobody@example.com", "Nobody")
    record = make_sample(entity, people.owner)
    client = signed_in(nobody)
    for name, url in surfaces(entity, record).items():
        response = client.get(url)
        assert response.status_code in (200, 403, 404), name
        assert f"/{entity.path}/{record.pk}" not in response.content.decode(), name
        if name not in ("search", "palette"):
            assert response.status_code != 200, name


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_signed_out_readers_are_sent_to_sign_in(entity: Entity, people: People) -> None:
    record = make_sample(entity, people.owner)
    for name, url in surfaces(entity, record).items():
        response = Client().get(url)
        assert response.status_code in (302, 401), name
        assert CANARY not in response.content.decode(), name
