"""Who works where: the current company follows the newest open relation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.parties.makers import make_company, make_person
from tests.personas import People

from vinculo.kernel.clock import today
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.parties import actions
from vinculo.parties.models import Company, Person, Relation
from vinculo.platform.models import ChangeSet, Event
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, delete_record, edit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(people: People) -> Company:
    """A company of the owner's."""
    return make_company("Northwind", owner=people.owner, team=people.north)


@pytest.fixture
def person(people: People) -> Person:
    """A person of the owner's."""
    return make_person("Maria Anders", owner=people.owner, team=people.north)


def keys(person: Person) -> set[str]:
    """What the person is found by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(search) FROM parties_party WHERE id = %s", [person.pk]
        )
        return set(cursor.fetchone()[0])


def test_the_current_company_follows_the_newest_open_relation(
    people: People, company: Company, person: Person
) -> None:
    older = actions.add_person(
        actor=people.owner,
        company=company,
        person=person,
        title="Sales",
        started_on=date(2020, 1, 1),
    )
    person.refresh_from_db()
    assert (person.company_id, person.job_title) == (company.pk, "Sales")
    assert "northwind" in keys(person)
    assert Event.objects.filter(name="parties.person_joined").exists()

    newer_company = make_company("Southgale", owner=people.owner, team=people.north)
    newer = actions.add_company(
        actor=people.owner, person=person, company=newer_company, started_on=date(2022, 1, 1)
    )
    person.refresh_from_db()
    assert person.company_id == newer_company.pk

    actions.end_relation(actor=people.owner, relation=newer, ended_on=date(2023, 1, 1))
    person.refresh_from_db()
    assert person.company_id == company.pk, "the older one is still open"
    actions.end_relation(actor=people.owner, relation=older, ended_on=date(2023, 1, 1))
    person.refresh_from_db()
    assert person.company_id is None
    assert "northwind" not in keys(person)


def test_a_company_is_more_complete_with_somebody_in_it(
    people: People, company: Company, person: Person
) -> None:
    before = Company.objects.get(pk=company.pk).completeness
    actions.add_person(actor=people.owner, company=company, person=person)
    assert Company.objects.get(pk=company.pk).completeness == before + 10
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.order_by("-pk")[0])
    assert Company.objects.get(pk=company.pk).completeness == before
    assert Person.objects.get(pk=person.pk).company_id is None
    actions.add_person(actor=people.owner, company=company, person=person)
    delete_record(actor=people.owner, entity=entity("parties.person"), record=person)
    assert Company.objects.get(pk=company.pk).completeness == before


def test_nobody_works_twice_in_one_company_and_dates_are_in_order(
    people: People, company: Company, person: Person
) -> None:
    relation = actions.add_person(
        actor=people.owner, company=company, person=person, started_on=date(2024, 5, 1)
    )
    with pytest.raises(DomainError):
        actions.add_person(actor=people.owner, company=company, person=person)
    tomorrow = today() + timedelta(days=2)
    for ended_on in (date(2024, 4, 30), tomorrow):
        with pytest.raises(DomainError) as refused:
            actions.end_relation(actor=people.owner, relation=relation, ended_on=ended_on)
        assert refused.value.field == "ended_on"
    with pytest.raises(DomainError) as refused:
        actions.edit_relation(
            actor=people.owner, relation=relation, role="buyer", started_on=tomorrow
        )
    assert refused.value.field == "started_on"
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.filter(pk=relation.pk).update(ended_on=date(2024, 4, 30))


def test_choosing_a_company_in_the_form_keeps_the_past(people: People, company: Company) -> None:
    made = create_record(
        actor=people.owner,
        entity=entity("parties.person"),
        data={
            "given_name": "Ana",
            "family_name": "Pérez",
            "company": company,
            "job_title": "Buyer",
        },
    )
    relation = Relation.objects.get(person=made)
    assert (relation.company_id, relation.title, relation.started_on) == (company.pk, "Buyer", None)
    other = make_company("Southgale", owner=people.owner, team=people.north)
    edit_record(
        actor=people.owner, entity=entity("parties.person"), record=made, data={"company": other}
    )
    made.refresh_from_db()
    assert made.company_id == other.pk
    relation.refresh_from_db()
    assert relation.ended_on == today()
    edit_record(
        actor=people.owner, entity=entity("parties.person"), record=made, data={"company": None}
    )
    made.refresh_from_db()
    assert made.company_id is None
    assert Relation.objects.filter(person=made, ended_on__isnull=True).count() == 0


def test_a_job_title_edited_in_place_is_the_relations_title(
    people: People, company: Company, person: Person
) -> None:
    relation = actions.add_person(actor=people.owner, company=company, person=person, title="Sales")
    edit_record(
        actor=people.owner,
        entity=entity("parties.person"),
        record=Person.objects.get(pk=person.pk),
        data={"job_title": "Head of sales"},
    )
    relation.refresh_from_db()
    assert relation.title == "Head of sales"


def test_strangers_relate_nobody(people: People, company: Company, person: Person) -> None:
    with pytest.raises(NotFound):
        actions.add_person(actor=people.stranger, company=company, person=person)
    theirs = make_person("Theirs", owner=people.stranger, team=people.south)
    with pytest.raises(NotFound):
        actions.add_person(actor=people.stranger, company=company, person=theirs)
    assert not Relation.objects.exists()


def test_deleting_a_company_frees_its_people_and_undo_brings_all_back(
    people: People, company: Company, person: Person
) -> None:
    actions.add_person(actor=people.owner, company=company, person=person)
    set_id = delete_record(actor=people.owner, entity=entity("parties.company"), record=company)
    person.refresh_from_db()
    assert person.company_id is None
    assert "northwind" not in keys(person)
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=set_id))
    person.refresh_from_db()
    assert person.company_id == company.pk
    assert "northwind" in keys(person)
    assert Relation.objects.filter(person=person, company=company).exists()
