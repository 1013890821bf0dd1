"""Standardising: looked at, applied, undone, restored, and as records come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.parties.importing_help import import_text
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties import actions as ways
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.derived import refresh
from vinculo.parties.importing.standards import WRITTEN
from vinculo.parties.models import Company, ContactPoint, Party, Person
from vinculo.parties.standardising import actions, running, switching
from vinculo.parties.standardising.models import RuleSwitch, StandardisingRun
from vinculo.platform import jobs
from vinculo.platform.custom.known import known
from vinculo.platform.jobs import run_job
from vinculo.platform.models import ChangeSet, Notification, User, Work
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test knows the rules of another."""
    switching.look_again()
    yield
    switching.look_again()


@pytest.fixture
def world(people: People) -> tuple[Company, Person]:
    """A company and a person as files bring them."""
    company = make_company("Furtado e Hijos, sl", owner=people.owner, team=people.north)
    point(company, "address", "C/ SOL 3", city="MADRID", street="C/ SOL 3", postal_code="8013",
          country="ES", is_primary=True)  # fmt: skip
    point(company, "phone", "955472912", "+34955472912", is_primary=True, is_valid=True)
    person = make_person(
        "JUAN PÉREZ", given_name="JUAN", family_name="PÉREZ", company=company,
        owner=people.owner, team=people.north,
    )  # fmt: skip
    refresh([company.pk, person.pk])
    return company, person


def looked(admin: User, **more: Any) -> StandardisingRun:
    return actions.look(actor=admin, token=f"look{StandardisingRun.objects.count()}", **more)


def applied(admin: User, **more: Any) -> StandardisingRun:
    return actions.apply(
        actor=admin, token=f"do{StandardisingRun.objects.count()}", seen=looked(admin, **more)
    )


def values_of(company: Company, person: Person) -> list[str]:
    company, person = Company.objects.get(pk=company.pk), Person.objects.get(pk=person.pk)
    place = ContactPoint.objects.get(party=company, kind="address")
    return [company.name, company.phone, company.city, place.street, place.postal_code,
            person.name, person.given_name, person.family_name]  # fmt: skip


AS_CAME = ["Furtado e Hijos, sl", "955472912", "MADRID", "C/ SOL 3", "8013",
           "JUAN PÉREZ", "JUAN", "PÉREZ"]  # fmt: skip
AS_MADE = ["Furtado e Hijos, S.L.", "+34 955 47 29 12", "Madrid", "Calle Sol 3", "08013",
           "Juan Pérez", "Juan", "Pérez"]  # fmt: skip


def test_a_look_writes_nothing_and_a_run_is_one_undo(
    people: People, world: tuple[Company, Person]
) -> None:
    seen = looked(people.admin)
    assert (seen.looked_at, seen.changed, seen.done) == (2, 2, True)
    assert seen.counts == {"company_form": 1, "phone_international": 1, "address_code": 1,
                           "address_words": 1, "address_case": 1, "person_case": 1}  # fmt: skip
    assert "JUAN" not in str([seen.counts, seen.samples])
    assert values_of(*world) == AS_CAME
    before = ChangeSet.objects.count()
    run = actions.apply(actor=people.admin, token="once", seen=seen)
    assert actions.apply(actor=people.admin, token="once", seen=seen).pk == run.pk
    assert values_of(*world) == AS_MADE
    assert ChangeSet.objects.count() == before + 1
    assert looked(people.admin).changed == 0
    phone = ContactPoint.objects.get(kind="phone")
    assert (phone.value, phone.is_valid) == ("+34955472912", True)
    assert phone.as_typed["typed"]["typed"] == "955472912"
    assert run.changeset is not None
    undo_change_set(actor=people.admin, change_set=run.changeset)
    assert values_of(*world) == AS_CAME


def test_what_was_undone_or_edited_is_left_alone_until_asked_for(
    people: People, world: tuple[Company, Person]
) -> None:
    company, person = world
    run = applied(people.admin)
    edit_record(actor=people.owner, entity=entity("parties.person"), record=person,
                data={"given_name": "JUANITO"})  # fmt: skip
    again = applied(people.admin)
    assert (again.changed, again.left_alone) == (0, 1)
    assert run.changeset is not None
    undo_change_set(actor=people.admin, change_set=run.changeset)
    assert (looked(people.admin).changed, looked(people.admin).left_alone) == (0, 2)
    wished = looked(people.admin, again=True)
    assert wished.changed == 2
    actions.apply(actor=people.admin, token="all", seen=wished)
    assert values_of(company, person)[:5] == AS_MADE[:5]


def test_one_value_goes_back_as_it_was_typed(
    people: People, world: tuple[Company, Person], client: Client
) -> None:
    company, person = world
    applied(people.admin)
    client.force_login(people.owner)
    page = client.get(f"/people/{person.pk}").content.decode()
    assert "As it was typed" in page
    assert "Typed: JUAN" in page
    assert "Typed: 955472912" in client.get(f"/companies/{company.pk}").content.decode()
    assert client.post(f"/people/{person.pk}/typed", {"field": "name"}).status_code == 302
    phone = ContactPoint.objects.get(kind="phone")
    place = ContactPoint.objects.get(kind="address")
    url = f"/companies/{company.pk}/typed"
    assert client.post(url, {"field": "typed", "point": phone.pk}).status_code == 302
    assert client.post(url, {"field": "street", "point": place.pk}).status_code == 302
    for said in ({"field": "street", "point": place.pk}, {"field": "no_such"}, {"field": "pk"}):
        assert client.post(url, said).status_code == 422
    assert client.post(url, {"field": "street", "point": "x"}).status_code == 404
    wanted = [*AS_MADE[:1], AS_CAME[1], AS_MADE[2], AS_CAME[3], AS_MADE[4], *AS_CAME[5:]]
    assert values_of(company, person) == wanted
    assert looked(people.admin).changed == 0
    client.force_login(people.stranger)
    assert client.post(url, {"field": "name"}).status_code == 404


def test_restoring_asks_for_the_right(people: People, world: tuple[Company, Person]) -> None:
    company, _person = world
    applied(people.admin)
    with pytest.raises(NotFound):
        actions.restore_typed(actor=people.stranger, party=company, field="name")
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"name": "readonly"}}
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed):
        actions.restore_typed(actor=people.owner, party=company, field="name")
    assert Company.objects.get(pk=company.pk).name == AS_MADE[0]


def test_only_administrators_switch_and_run(
    people: People, world: tuple[Company, Person], client: Client
) -> None:
    with pytest.raises(NotAllowed):
        actions.switch_standard(actor=people.manager, key="person_case", incoming=True)
    with pytest.raises(NotAllowed):
        looked(people.manager)
    seen = looked(people.admin)
    client.force_login(people.manager)
    for url in ("", f"/runs/{seen.pk}"):
        assert client.get(f"/settings/standardising{url}").status_code == 403
    for url in ("preview", f"runs/{seen.pk}/apply", "person_case/switch"):
        assert client.post(f"/settings/standardising/{url}", {"active": "0"}).status_code == 403
    other = people.manager_as_admin()
    client.force_login(other)
    assert client.get(f"/settings/standardising/runs/{seen.pk}").status_code == 404
    assert not RuleSwitch.objects.exists()
    assert values_of(*world) == AS_CAME


def test_a_rule_that_is_off_is_not_applied(people: People, world: tuple[Company, Person]) -> None:
    for key in ("company_form", "phone_international"):
        actions.switch_standard(actor=people.admin, key=key, active=False)
    applied(people.admin)
    assert values_of(*world)[:3] == [*AS_CAME[:2], AS_MADE[2]]
    for key in switching.RULES:
        actions.switch_standard(actor=people.admin, key=key, active=False)
    with pytest.raises(DomainError):
        looked(people.admin)
    with pytest.raises(NotFound):
        actions.switch_standard(actor=people.admin, key="no_such_rule", active=True)


def test_a_record_that_could_not_be_beside_another_stays(
    people: People, world: tuple[Company, Person]
) -> None:
    make_company("Furtado e Hijos, S.L.", owner=people.owner, team=people.north)
    refresh(Party.objects.values_list("pk", flat=True))
    from tests.parties.collision_help import only_rule

    only_rule(people.admin, [[["name", "exact"]]])
    run = applied(people.admin)
    assert (run.refused, run.changed) == (1, 1)
    assert values_of(*world)[0] == AS_CAME[0]
    assert values_of(*world)[5] == AS_MADE[5]
    assert CollisionRule.objects.get(kind="company").refuses


def worked(run: StandardisingRun) -> None:
    """Do a run's job as a worker does."""
    told = {"actor_id": run.owner_id, "run_id": run.pk, "work_id": run.work_id}
    run_job(jobs._JOBS["parties.standardise"], 5_000_000 + run.pk, told)


def test_many_records_are_a_job_that_can_be_watched(
    people: People, world: tuple[Company, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    seen = looked(people.admin)
    assert not seen.done
    with pytest.raises(DomainError):
        actions.apply(actor=people.admin, token="early", seen=seen)
    worked(seen)
    seen.refresh_from_db()
    assert (seen.done, seen.changed) == (True, 2)
    run = actions.apply(actor=people.admin, token="late", seen=seen)
    worked(run)
    run.refresh_from_db()
    work = Work.objects.get(pk=run.work_id)
    assert (work.changeset_id, work.total) == (run.changeset_id, 2)
    assert Notification.objects.filter(user=people.admin, kind="standardise").count() == 2
    assert values_of(*world) == AS_MADE


def test_many_records_take_a_few_statements(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements follow the number of thousands, not of records; the same holds for a million."""
    rows = [Person(kind="person", name=f"JUAN N{n}", given_name="JUAN", family_name=f"N{n}")
            for n in range(600)]  # fmt: skip
    Person.objects.bulk_create(rows)
    monkeypatch.setattr(running, "CHUNK", 200)
    known()  # what a process learns once
    counted = []
    for writes in (False, True):
        run = StandardisingRun.objects.create(
            owner=people.admin, token=str(writes), rules=["person_case"], writes=writes
        )
        with CaptureQueriesContext(connection) as asked:
            running.carry_out(run, None)
        assert (run.looked_at, run.changed) == (600, 600)
        counted.append(len(asked))
    looks, writes_too = counted
    assert looks <= 2 + 4 * 3
    assert writes_too <= 10 + 14 * 3


# --- as records come in -------------------------------------------------------------------------


@pytest.fixture
def incoming(people: People) -> None:
    """Every rule is applied to what comes in."""
    for key in switching.RULES:
        actions.switch_standard(actor=people.admin, key=key, incoming=True)


def test_new_records_come_in_as_the_rules_want_them(people: People, incoming: None) -> None:
    company = create_record(
        actor=people.owner, entity=entity("parties.company"),
        data={"name": "Furtado, sl", "phone": "955472912", "country": "ES", "city": "MADRID",
              "street": "C/ SOL 3", "email": "INFO@ACME.example"},
    )  # fmt: skip
    company.refresh_from_db()
    assert [company.name, company.phone, company.city, company.email] == [
        "Furtado, S.L.", "+34 955 47 29 12", "Madrid", "info@acme.example",
    ]  # fmt: skip
    assert company.as_typed["name"]["typed"] == "Furtado, sl"
    person = create_record(
        actor=people.owner, entity=entity("parties.person"),
        data={"given_name": "Sra. ANA", "family_name": "RUIZ", "company": company},
    )  # fmt: skip
    assert [person.name, person.given_name, person.salutation] == ["Ana Ruiz", "Ana", "Sra."]
    known = Person.objects.get(pk=person.pk)
    added = ways.add_phone(actor=people.owner, party=known, typed="600112233")
    assert (added.typed, added.as_typed["typed"]["typed"]) == ("+34 600 11 22 33", "600112233")


def test_what_is_typed_back_stays(people: People, incoming: None) -> None:
    company = create_record(
        actor=people.owner, entity=entity("parties.company"),
        data={"name": "Furtado, sl", "phone": "955472912", "country": "ES"},
    )  # fmt: skip
    data = {"name": "Furtado, sl", "phone": "955472912"}
    edit_record(actor=people.owner, entity=entity("parties.company"), record=company, data=data)
    company.refresh_from_db()
    assert (company.name, company.phone) == ("Furtado, sl", "955472912")
    assert looked(people.admin).changed == 0
    edit_record(actor=people.owner, entity=entity("parties.company"), record=company,
                data={"name": "Furtado Hijos, sl"})  # fmt: skip
    company.refresh_from_db()
    assert company.name == "Furtado Hijos, S.L."


def test_nothing_is_asked_of_records_that_come_in_while_no_rule_is_on(people: People) -> None:
    company = make_company("Uno, sl", owner=people.owner, team=people.north)
    edit_record(
        actor=people.owner,
        entity=entity("parties.company"),
        record=company,
        data={"name": "Dos, sl"},
    )
    company.refresh_from_db()
    assert (company.name, company.as_typed) == ("Dos, sl", {})
    actions.switch_standard(actor=people.admin, key="company_form", incoming=True)
    actions.switch_standard(actor=people.admin, key="company_form", active=False)
    assert switching.incoming_keys() == []


# --- files --------------------------------------------------------------------------------------

COMPANIES = """name,contact,phone,email,address,city,postal code,country,external id
"Furtado e Hijos, sl",SRA. ANA RUIZ,955472912,mailto:INFO@ACME.example,C/ SOL 3,MADRID,8013,ES,F1
"""


def test_a_file_comes_in_as_the_rules_want_it(
    people: People, incoming: None, tmp_path: Path
) -> None:
    made = import_text(people.admin, "parties.company", tmp_path, COMPANIES)
    assert made.counts == (1, 0, 0, 0)
    assert ("warned", WRITTEN, {}, 1) in made.result.reasons
    company = Company.objects.get()
    place = ContactPoint.objects.get(kind="address")
    assert [company.name, company.phone, company.email, company.city, place.street,
            place.postal_code] == ["Furtado e Hijos, S.L.", "+34 955 47 29 12", "info@acme.example",
                                   "Madrid", "Calle Sol 3", "08013"]  # fmt: skip
    assert company.as_typed["name"]["typed"] == "Furtado e Hijos, sl"
    assert place.as_typed["postal_code"]["typed"] == "8013"
    contact = Person.objects.get()
    assert (contact.name, contact.salutation) == ("Ana Ruiz", "Sra.")
    assert looked(people.admin).changed == 0


def test_a_file_does_not_change_what_was_set_back(
    people: People, incoming: None, tmp_path: Path
) -> None:
    import_text(people.admin, "parties.company", tmp_path, COMPANIES)
    company = Company.objects.get()
    place = ContactPoint.objects.get(kind="address")
    actions.restore_typed(actor=people.admin, party=company, field="name")
    actions.restore_typed(actor=people.admin, party=company, field="city", point=place)
    again = import_text(
        people.admin, "parties.company", tmp_path, COMPANIES, mode="both", key="external_id"
    )
    assert again.counts[1] == 1
    company.refresh_from_db()
    assert (company.name, company.city) == ("Furtado e Hijos, sl", "MADRID")
    other = COMPANIES.replace("Hijos, sl", "Nietos, sl")
    import_text(people.admin, "parties.company", tmp_path, other, mode="both", key="external_id")
    company.refresh_from_db()
    assert company.name == "Furtado e Nietos, S.L."


def test_people_of_a_file(people: People, incoming: None, tmp_path: Path) -> None:
    text = 'name,country\n"GARCÍA PÉREZ, DR. JUAN",ES\n王小明先生,TW\nLeonardo DiCaprio,US\n'
    assert import_text(people.admin, "parties.person", tmp_path, text).counts == (3, 0, 0, 0)
    told = Person.objects.order_by("pk").values_list(
        "name", "given_name", "family_name", "salutation"
    )
    assert list(told) == [
        ("Juan García Pérez", "Juan", "García Pérez", "Dr."),
        ("王小明", "小明", "王", "先生"),
        ("Leonardo DiCaprio", "Leonardo", "DiCaprio", ""),
    ]
