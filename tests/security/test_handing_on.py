"""5: nobody gives a record to people or teams outside their reach, by whichever column."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import make_sample
from tests.security.world import contents
from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed
from vinculo.platform.journal import change_set
from vinculo.platform.models import Membership, User
from vinculo.records.bulk.engine import BulkWriter
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.registry import entities
from vinculo.records.writing import create_record, edit_record

pytestmark = pytest.mark.django_db


def columns() -> Iterator[tuple[Entity, str]]:
    """Every column of every record type that says whose a record is and may be changed."""
    for entity in entities():
        for name, field in entity.declared_fields.items():
            if field.kind in (Kind.USER, Kind.TEAM) and field.editable:
                yield entity, name


COLUMNS = [pytest.param(entity, name, id=f"{entity.key}.{name}") for entity, name in columns()]


@pytest.fixture
def lead(people: People) -> User:
    """Somebody whose rights reach as far as their team, North."""
    return make_user("lead", make_role("North team", "team"), team=people.north)


def outside(people: People, name: str) -> int:
    return int(people.south.pk if name == "team" else people.stranger.pk)


@pytest.mark.parametrize(("entity", "name"), COLUMNS)
@pytest.mark.parametrize("who", ["lead", "owner"])
def test_by_no_door(entity: Entity, name: str, who: str, people: People, lead: User) -> None:
    actor = lead if who == "lead" else people.owner
    record = make_sample(entity, people.owner)
    client = Client(raise_request_exception=False)
    client.force_login(actor)
    foreign, before = outside(people, name), contents()
    url = entity.url(record)
    title = {entity.title: str(record)}
    answers = [
        client.post(f"{url}/field/{name}", {name: foreign}),
        client.post(f"{url}/edit", {**title, name: foreign}),
        client.patch(f"/api/v1{url}", json.dumps({name: foreign}), content_type="application/json"),
    ]
    assert all(answer.status_code >= 400 or answer.status_code == 302 for answer in answers)
    assert {answers[0].status_code, answers[2].status_code} <= {403, 409, 422}
    after = contents()
    # The whole form may not ask for the column at all; then it changes nothing of whose it is.
    fresh = entity.model._default_manager.get(pk=record.pk)
    assert getattr(fresh, f"{name}_id") != foreign
    assert answers[1].status_code == 302 or before == after
    value = (User if name != "team" else type(people.south)).objects.get(pk=foreign)
    with change_set(actor=actor, verb="records.bulk"):
        writer = BulkWriter(actor, entity, [name], lambda _row: {name: value}, seen_at=now())
        done = writer.write([record.pk])
    assert done.changed == []
    assert len(done.refused) == 1


@pytest.mark.parametrize(("entity", "name"), COLUMNS)
def test_within_ones_teams_it_is_possible(
    entity: Entity, name: str, people: People, lead: User
) -> None:
    record = make_sample(entity, people.owner)
    value = people.north if name == "team" else people.teammate
    edit_record(actor=lead, entity=entity, record=record, data={name: value})
    fresh = entity.model._default_manager.get(pk=record.pk)
    assert getattr(fresh, name) == value


def test_nor_is_a_new_record_made_for_others(people: People, lead: User) -> None:
    company = next(one for one in entities() if one.key == "parties.company")
    for data in ({"owner": people.stranger}, {"team": people.south}):
        with pytest.raises(NotAllowed):
            create_record(actor=lead, entity=company, data={"name": "Zanzibarquill", **data})


def test_what_it_was_may_stay(people: People, lead: User) -> None:
    """A record whose owner moved on can still be edited by a form that names them."""
    company = next(one for one in entities() if one.key == "parties.company")
    record = make_sample(company, people.owner)
    Membership.objects.filter(user=people.owner).delete()
    data = {"name": "Changed", "owner": people.owner, "team": people.north}
    edited = edit_record(actor=lead, entity=company, record=record, data=data)
    assert edited.name == "Changed"


def test_the_refusal_says_to_whom(people: People, lead: User) -> None:
    company = next(one for one in entities() if one.key == "parties.company")
    record = make_sample(company, people.owner)
    client = Client()
    client.force_login(lead)
    htmx = {"HX-Request": "true"}
    answer = client.post(
        f"{company.url(record)}/field/owner", {"owner": people.stranger.pk}, headers=htmx
    )
    assert "only to people in your teams" in answer.content.decode()
