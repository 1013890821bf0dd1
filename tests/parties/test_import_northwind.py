"""A real file in, one company each, and everything back again by one undo."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.parties.importing_help import import_file
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.parties.derived import derive, facts_of
from vinculo.parties.models import Company, ContactPoint, Party, Person, Relation
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db


def test_ninety_one_customers(people: People) -> None:
    imported = import_file(
        people.owner, "parties.company", shared("northwind", "customers.csv"), key="external_id"
    )
    assert imported.counts == (91, 0, 0, 0)
    assert Company.objects.count() == 91
    assert Person.objects.count() == 91
    assert Relation.objects.count() == 91
    alfreds = Company.objects.get(external_id="ALFKI")
    assert (alfreds.name, alfreds.city, alfreds.country) == ("Alfreds Futterkiste", "Berlin", "DE")
    assert alfreds.owner == people.owner
    assert alfreds.team == people.north
    phones = alfreds.contact_points.filter(kind="phone").order_by("pk")
    assert [(p.typed, p.value, p.label, p.is_primary) for p in phones] == [
        ("030-0074321", "+49300074321", "", True),
        ("030-0076545", "+49300076545", "fax", False),
    ]
    maria = Person.objects.get(company=alfreds)
    assert (maria.name, maria.given_name, maria.family_name, maria.job_title) == (
        "Maria Anders",
        "Maria",
        "Anders",
        "Sales Representative",
    )
    assert Relation.objects.get(person=maria).title == "Sales Representative"
    address = alfreds.contact_points.get(kind="address")
    assert (address.street, address.region) == ("Obere Str. 57", "")


def test_derived_columns_are_those_of_a_single_save(people: People) -> None:
    import_file(people.owner, "parties.company", shared("northwind", "customers.csv"))
    ids = list(Party.objects.values_list("pk", flat=True))
    for pk, facts in facts_of(ids).items():
        fresh = derive(facts)
        party = Party.objects.get(pk=pk)
        assert (party.sort_name, party.phone, party.email, party.city, party.completeness) == (
            fresh.sort_name,
            fresh.phone,
            fresh.email,
            fresh.city,
            fresh.completeness,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT tsvector_to_array(search) FROM parties_party WHERE id=%s", [pk])
            assert sorted(cursor.fetchone()[0]) == sorted(fresh.search)


def test_undo_takes_everything_back(people: People) -> None:
    imported = import_file(people.owner, "parties.company", shared("northwind", "customers.csv"))
    change_set = ChangeSet.objects.get(pk=imported.result.changeset_id)
    assert change_set.label == "customers.csv"
    undo_change_set(actor=people.owner, change_set=change_set)
    assert Party.objects.count() == 0
    assert ContactPoint.objects.count() == 0
    assert Relation.objects.count() == 0


def test_the_second_time_nothing_changes(people: People) -> None:
    path = shared("northwind", "customers.csv")
    import_file(people.owner, "parties.company", path, key="external_id")
    again = import_file(people.owner, "parties.company", path, key="external_id", mode="both")
    assert again.counts == (0, 0, 91, 0)
    again = import_file(people.owner, "parties.company", path, key="name", mode="create")
    assert again.counts == (0, 0, 91, 0)
    assert Company.objects.count() == 91


def test_a_dry_run_writes_nothing_and_counts_the_same(people: People) -> None:
    path = shared("northwind", "customers.csv")
    before = ChangeSet.objects.count()
    dry = import_file(people.owner, "parties.company", path, dry_run=True)
    assert dry.counts == (91, 0, 0, 0)
    assert dry.result.samples["created"][0][0] == 2
    assert Party.objects.count() == 0
    assert ChangeSet.objects.count() == before
