"""Files that belong together: contacts of accounts, subsidiaries of groups, by their numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.parties.importing_help import import_file, import_text
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.parties.importing.decide import REASONS
from vinculo.parties.models import Company, Party, Person, Relation
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.transfer.transforms import Step, changed, checked_step

pytestmark = pytest.mark.django_db

COMPANIES = "Company ID,Name\nA1,Acme\nB2,Beta\n"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("folder", "accounts", "contacts"),
    [("salesforce_export_dev", 18, 25), ("salesforce_export_genai", 94, 64)],
)
def test_a_salesforce_export_leaves_no_orphans(
    people: People, folder: str, accounts: int, contacts: int
) -> None:
    file = shared(folder, "Account.csv")
    done = import_file(people.admin, "parties.company", file, lenient=True)
    assert done.counts == (accounts, 0, 0, 0)
    done = import_file(people.admin, "parties.person", shared(folder, "Contact.csv"), lenient=True)
    assert done.counts == (contacts, 0, 0, 0)
    for row in rows_of(shared(folder, "Contact.csv")):
        person = Person.objects.get(external_id=row["Id"])
        assert person.company is not None
        assert person.company.external_id == row["AccountId"]
    assert Relation.objects.filter(ended_on=None).count() == contacts


def test_leads_of_an_export_join_the_companies_they_name(people: People) -> None:
    file = shared("salesforce_export_dev", "Lead.csv")
    done = import_file(people.admin, "parties.person", file, lenient=True)
    assert done.counts == (22, 0, 0, 0)
    assert not Person.objects.filter(company=None).exists()


def test_contacts_are_found_by_the_company_they_mean_by_number(
    people: People, tmp_path: Path
) -> None:
    import_text(people.owner, "parties.company", tmp_path, COMPANIES)
    contacts = "Contact ID,Full name,Account ID\nC1,Ana Ruiz,B2\n"
    import_text(people.owner, "parties.person", tmp_path, contacts)
    ana = Person.objects.get()
    assert ana.company is not None
    assert ana.company.name == "Beta"
    assert "beta" in str(Party.objects.get(pk=ana.pk).search)
    again = import_text(people.owner, "parties.person", tmp_path, contacts, mode="both")
    assert again.counts == (0, 0, 1, 0)
    moved = contacts.replace("B2", "A1")
    assert import_text(people.owner, "parties.person", tmp_path, moved, mode="both").counts == (
        0, 1, 0, 0,
    )  # fmt: skip
    ana.refresh_from_db()
    assert ana.company.name == "Acme"


def test_a_row_whose_company_is_not_there_is_refused_unless_it_names_it(
    people: People, tmp_path: Path
) -> None:
    import_text(people.owner, "parties.company", tmp_path, COMPANIES)
    contacts = "Full name,Account ID,Company\nAna Ruiz,X9,\nLi Wei,X9,Gamma\nEva Sol,A1,\n"
    refused = import_text(people.owner, "parties.person", tmp_path, contacts, dry_run=True)
    assert refused.counts == (2, 0, 0, 1)
    assert [(row, why) for row, why, _params in refused.refused] == [(2, REASONS["orphan"])]
    lenient = import_text(people.owner, "parties.person", tmp_path, contacts, lenient=True)
    assert lenient.counts == (3, 0, 0, 0)
    assert Person.objects.get(name="Li Wei").company.name == "Gamma"
    assert Person.objects.get(name="Ana Ruiz").company is None


def test_a_company_one_may_not_see_cannot_be_meant_by_its_number(
    people: People, tmp_path: Path
) -> None:
    import_text(people.owner, "parties.company", tmp_path, COMPANIES)
    contacts = "Full name,Account ID\nAna Ruiz,A1\n"
    visible = entity("parties.company").visible(people.stranger).exists()
    done = import_text(people.stranger, "parties.person", tmp_path, contacts)
    assert done.counts == ((1, 0, 0, 0) if visible else (0, 0, 0, 1))


def test_a_group_and_its_subsidiaries_come_in_one_file_in_any_order(
    people: People, tmp_path: Path
) -> None:
    text = "Company ID,Name,Parent ID\n2,Sub,1\n1,Group,\n3,Lost,9\n"
    done = import_text(people.owner, "parties.company", tmp_path, text)
    assert done.counts == (2, 0, 0, 1)
    assert Company.objects.get(name="Sub").parent == Company.objects.get(name="Group")
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(pk=done.result.changeset_id)
    )
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        ("  a   b ", [("trim", "", "")], "a b"),
        ("ANA PÉREZ", [("title", "", "")], "Ana Pérez"),
        ("Ana Pérez Gil", [("first_word", "", "")], "Ana"),
        ("Ana Pérez Gil", [("last_word", "", "")], "Gil"),
        ("王小明", [("family_name", "", "")], "王"),
        ("Pérez, Ana", [("given_name", "", "")], "Ana"),
        ("a-b-c", [("replace", "-", "")], "abc"),
        ("600 123 123", [("prefix", "+34 ", "")], "+34 600 123 123"),
        ("12", [("suffix", "%", "")], "12%"),
        ("SÍ", [("map", "sí = true; no = false", "")], "true"),
        ("maybe", [("map", "sí = true; no = false", "")], "maybe"),
        ("03/04/2024", [("date", "mdy", "")], "2024-03-04"),
        ("1.234,50", [("number", ",", "")], "1234.50"),
        ("no number", [("number", ",", "")], "no number"),
        ("", [("default", "ES", "")], "ES"),
        ("", [("upper", "", "")], ""),
        ("x", [("constant", "web", "")], "web"),
        (" acme ", [("trim", "", ""), ("upper", "", ""), ("suffix", " SA", "")], "ACME SA"),
    ],
)
def test_changes_of_values(before: str, steps: list[tuple[str, str, str]], after: str) -> None:
    made = tuple(checked_step(*step) for step in steps)
    assert all(isinstance(step, Step) for step in made)
    assert changed(before, made) == after


def test_undoing_many_rows_asks_no_more_often_than_undoing_few(
    people: People, tmp_path: Path
) -> None:
    asked = []
    for rows in (20, 2_500):
        lines = (f"Company {rows} {n},+34 911 {n % 1000:03} 222\n" for n in range(rows))
        done = import_text(
            people.owner, "parties.company", tmp_path, "name,phone\n" + "".join(lines), key=""
        )
        made = ChangeSet.objects.get(pk=done.result.changeset_id)
        with CaptureQueriesContext(connection) as queries:
            undo_change_set(actor=people.owner, change_set=made)
        assert not Company.objects.exists()
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 2, asked
