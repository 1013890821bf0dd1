"""Who can see a record and why; what one may do oneself; what a changed role would let see."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import make_company, make_sample
from tests.security.world import contents
from vinculo.parties.models import Company
from vinculo.platform.models import Role, User
from vinculo.platform.sight import who_can_see
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db
ENTITIES = entities()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_it_names_exactly_those_who_can_open_it(entity: Entity, people: People) -> None:
    make_user("nobody", team=people.north)
    make_user("reads", make_role("Reads all", "all"), team=people.south)
    record = make_sample(entity, people.owner)
    named = {seer.user.pk for seer in who_can_see(record, entity.key)}
    opened = set()
    for user in User.objects.all():
        if client_of(user).get(entity.url(record)).status_code == 200:
            opened.add(user.pk)
    assert named == opened


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_every_record_says_so(entity: Entity, people: People) -> None:
    record = make_sample(entity, people.owner)
    client = client_of(people.owner)
    url = f"{entity.url(record)}/who"
    assert f'href="{url}"' in client.get(entity.url(record)).content.decode()
    page = client.get(url).content.decode()
    assert "Manager" in page
    assert "Stranger" not in page
    assert client_of(people.stranger).get(url).status_code == 404


def test_the_reasons(people: People) -> None:
    lead = make_role("Leads", "team")
    lead.field_rules = {"parties.company": {"description": "hidden"}}
    lead.save()
    make_user("lead", lead, team=people.north)
    company = make_company(people.owner)
    seers = {seer.user.name: seer for seer in who_can_see(company, "parties.company")}
    assert list(seers) == ["Owner", "Lead", "Manager", "Admin"]
    assert [reason.how for reason in seers["Owner"].reasons] == ["own"]
    (reason,) = seers["Lead"].reasons
    assert (reason.how, reason.role, reason.team) == ("team", "Leads", "North")
    assert seers["Lead"].hidden == ("description",)
    assert seers["Admin"].administrator
    page = client_of(people.owner).get(f"/companies/{company.pk}/who").content.decode()
    assert "role “Leads” sees those of the team North" in page
    assert "without Description" in page


def test_a_refusal_leads_to_the_reason(people: People) -> None:
    role = make_role("Reads only", "none")
    role.grants = {"parties.company": {"view": "all"}}
    role.save()
    reader = make_user("reader", role)
    company = make_company(people.owner)
    client = client_of(reader)
    page = client.get(f"/companies/{company.pk}/edit")
    assert page.status_code == 403
    assert f'href="/companies/{company.pk}/who"' in page.content.decode()
    assert "You may not change it" in client.get(f"/companies/{company.pk}/who").content.decode()
    page = client.get("/settings/users")
    assert 'href="/settings/rights"' in page.content.decode()


def test_what_i_may_do(people: People) -> None:
    role = make_role("Sees no phones", "team")
    role.field_rules = {"parties.company": {"phone": "hidden", "city": "readonly"}}
    role.save()
    page = client_of(make_user("reader", role)).get("/settings/rights").content.decode()
    assert "Sees no phones" in page
    assert "Hidden: Phone" in page
    assert "Read only: City" in page
    assert (
        "You are an administrator"
        in client_of(people.admin).get("/settings/rights").content.decode()
    )


def wanted(role: Role, **changes: str) -> dict[str, str]:
    posted = {"name": role.name}
    for key, verbs in role.grants.items():
        for verb, scope in verbs.items():
            posted[f"grant:{key}:{verb}"] = scope
    return posted | changes


def test_what_would_this_person_see(people: People) -> None:
    for owner, name in ((people.owner, "Aurora"), (people.stranger, "Borealis")):
        make_company(owner, name)
    role = people.owner.role_assignments.get().role
    client = client_of(people.admin)
    before = contents()
    wider = wanted(role, **{"grant:parties.company:view": "all"})
    url = f"/settings/roles/{role.pk}/preview"
    page = client.post(url, {**wider, "person": people.owner.pk}).content.decode()
    assert "Borealis" in page
    assert "would see this once the role is saved" in page
    narrower = {name: "none" for name in wanted(role) if name != "name"}
    page = client.post(url, {**narrower, "name": role.name, "person": people.owner.pk})
    assert "Aurora" not in page.content.decode()
    new = client.post("/settings/roles/new/preview", {**wider, "person": people.teammate.pk})
    assert "if they had this role as well" in new.content.decode()
    assert contents() == before
    assert Company.objects.visible_to(people.owner).count() == 1


def test_a_preview_without_sense_is_refused_in_words(people: People) -> None:
    role = people.owner.role_assignments.get().role
    client, url = client_of(people.admin), f"/settings/roles/{role.pk}/preview"
    assert "Choose a person" in client.post(url, wanted(role)).content.decode()
    wrong = wanted(role, **{"grant:parties.company:edit": "all"})
    page = client.post(url, {**wrong, "person": people.owner.pk})
    assert page.status_code == 422
    assert "cannot see" in page.content.decode()
    assert client_of(people.manager).post(url, wanted(role)).status_code == 403
