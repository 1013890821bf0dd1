"""What an attacker found by hand in the running program; each stays mended."""

from __future__ import annotations

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.forms import ChoiceField
from django.test import Client

from tests.parties.importing_help import import_file
from tests.personas import People, make_role, make_user
from tests.samples import make_company, make_person
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.derived import refresh
from vinculo.parties.importing.writer import PartyWriter
from vinculo.parties.kinds import kinds_changed_by, kinds_seen_by
from vinculo.parties.models import Company, Person
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.platform.role_form import RoleForm
from vinculo.platform.undo import undo_change_set
from vinculo.records.checks import check_entity
from vinculo.records.registry import entity
from vinculo.records.transfer.reading import open_table
from vinculo.records.writing import delete_record

pytestmark = pytest.mark.django_db
HIDDEN = "Zanzibarquill"


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/companies?owner.is=--5", 422),
        ("/companies?completeness.min=--5", 422),
        ("/companies?created_at.on=9999-12-31", 422),
        ("/companies?created_at.before=0001-01-01", 422),
        # a cursor that holds a NUL, and one that is nested a few hundred deep
        ("/companies?sort=name&after=WyJcdTAwMDAiLDFd", 422),
        ("/companies?after=" + "W1tb" * 240, 422),
        ("/companies/choices?q=a%00b", 200),
        ("/people/new?company=%C2%B2", 200),
        ("/notifications?before=%C2%B2", 200),
    ],
)
def test_an_address_that_makes_no_sense_is_no_fault_of_the_server(
    address: str, status: int, people: People
) -> None:
    """Two signs, superscript digits, days at the end of time, NUL."""
    assert signed_in(people.admin).get(address).status_code == status


def test_colleagues_are_looked_for_by_text_with_nul(people: People) -> None:
    company = make_company(people.owner)
    answer = signed_in(people.owner).get(f"/timeline/{company.pk}/colleagues?q=a%00b")
    assert answer.status_code == 200


def test_what_a_form_showed_may_be_nested_nonsense(people: People) -> None:
    company = make_company(people.owner, "Before")
    url = f"/companies/{company.pk}/field/name"
    answer = signed_in(people.owner).post(url, {"name": "After", "_was": "[" * 50_000})
    assert answer.status_code == 200
    assert Company.objects.get(pk=company.pk).name == "After"


def test_a_conflict_does_not_name_a_record_the_reader_may_not_see(people: People) -> None:
    """Whoever forges what their form showed, to be told what stands in a reference now."""
    secret = make_company(people.stranger, HIDDEN)
    company, mine = make_company(people.owner, "Mine"), make_company(people.owner, "Other")
    Company.objects.filter(pk=company.pk).update(parent_id=secret.pk)
    client = signed_in(people.owner)
    forged = {"name": "Mine", "parent": str(mine.pk), "_was": json.dumps({"parent": "1"})}
    for place in ("edit", "field/parent"):
        answer = client.post(f"/companies/{company.pk}/{place}", forged)
        assert answer.status_code in (409, 422)
        assert HIDDEN not in answer.content.decode()


def test_no_list_is_sorted_by_records_that_may_be_hidden(people: People) -> None:
    """Neither the order nor the cursor, which anybody can decode, tells their names."""
    company = entity("parties.company")
    named = [
        replace(one, sort="parent__sort_name") if one.name == "parent" else one
        for one in company.all_fields.values()
    ]
    problems = check_entity(replace(company, fields=named))
    assert [one.msg for one in problems] == [
        "parties.company: a list sorted by parent tells hidden names."
    ]
    assert check_entity(company) == []
    answer = signed_in(people.admin).get("/companies?sort=parent")
    assert answer.status_code == 422


def test_undoing_what_colleagues_did_ends_where_ones_reach_ends(people: People) -> None:
    """The right to undo others' changes is no key to the rows of other teams."""
    role = make_role("Undoes in the team", "team")
    role.actions = ["platform.undo_others"]
    role.save()
    north = make_user("north", role, team=people.north)
    theirs, ours = make_company(people.stranger, HIDDEN), make_company(people.owner, "Ours")
    for owner, company, allowed in (
        (people.stranger, theirs, False),
        (people.owner, ours, True),
    ):
        with change_set(actor=owner, verb="records.edit", label=company.name) as opened:
            Company.objects.filter(pk=company.pk).update(description="new")
        _try_undo(north, opened.id, allowed)
        assert (Company.objects.get(pk=company.pk).description == "") is allowed
        gone = delete_record(actor=owner, entity=entity("parties.company"), record=company)
        _try_undo(north, gone, allowed)
        assert Company.objects.filter(pk=company.pk).exists() is allowed


def _try_undo(user: User, number: int, allowed: bool) -> None:
    from vinculo.platform.models import ChangeSet

    found = ChangeSet.objects.get(pk=number)
    if allowed:
        undo_change_set(actor=user, change_set=found)
        return
    with pytest.raises(NotAllowed):
        undo_change_set(actor=user, change_set=found)


@pytest.mark.parametrize("part", ["street", "postal_code", "region", "country"])
def test_a_rule_about_part_of_an_address_holds_for_the_whole_contact(
    part: str, people: People
) -> None:
    """The panel shows an address in one line: it must not say what the facts do not."""
    role = make_role("Sees no streets", "all")
    role.field_rules = {"parties.company": {part: "hidden"}}
    role.save()
    reader = make_user("reader", role, team=people.north)
    company = make_company(people.owner)
    assert "address" not in kinds_seen_by(reader, company.kind)
    assert "address" not in kinds_changed_by(reader, company.kind)
    targets = {one.key for one in PartyWriter("company").targets(reader)}
    assert not targets & {"street", "street_2", "postal_code", "city", "region", "country"}


def test_a_rule_about_people_holds_for_the_contacts_of_imported_companies(
    people: People,
) -> None:
    role = make_role("Leaves titles alone", "all")
    role.field_rules = {"parties.person": {"job_title": "readonly"}}
    role.save()
    writer = make_user("writer", role, team=people.north)
    assert "contact_role" not in {one.key for one in PartyWriter("company").targets(writer)}


CELLS = """<?xml version="1.0"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row><c {}><v>1</v></c></row>
</sheetData></worksheet>"""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ('r="ZZ200000"', "worksheets/sheet1.xml"),
        ("r='ZZ200000'", "worksheets/sheet1.xml"),
        ('r = "ZZ200000"', "worksheets/sheet1.xml"),
        ('r="zz200000"', "worksheets/sheet1.xml"),
        ('r="ZZ200000"', "elsewhere/sheet.xml"),
    ],
)
def test_a_small_workbook_that_spans_a_huge_sheet_is_refused(
    cell: str, part: str, tmp_path: Path
) -> None:
    """Its reader keeps every cell of the rectangle: half a kilobyte would take all memory."""
    path = tmp_path / "huge.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"xl/{part}", CELLS.format(cell))
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{RELATIONS}/worksheet" Target="{part}"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
    with pytest.raises(DomainError, match="unpacks to more"):
        open_table(path, path.name)


def test_a_refused_action_comes_back_as_a_page_without_scripts(people: People) -> None:
    company = make_company(people.owner)
    url = f"/companies/{company.pk}/do/interactions.add_note"
    assert signed_in(people.owner).get(url).status_code == 200
    assert signed_in(people.owner).post(url, {"body": ""}).status_code == 422


def test_importing_ones_company_does_not_retitle_the_people_of_others(
    people: People, tmp_path: Path
) -> None:
    company = make_company(people.owner, "Acme")
    for name, holder in (("Ana Puig", people.stranger), ("Eva Sol", people.owner)):
        person = make_person(holder, name)
        Person.objects.filter(pk=person.pk).update(company_id=company.pk, job_title="Director")
        refresh([person.pk])
    file = tmp_path / "companies.csv"
    file.write_text("name,contact_name,contact_role\nAcme,Ana Puig,Clerk\nAcme,Eva Sol,Clerk\n")
    columns = ((0, "name"), (1, "contact_name"), (2, "contact_role"))
    import_file(people.owner, "parties.company", file, mode="update", key="name", columns=columns)
    titles = dict(Person.objects.values_list("name", "job_title"))
    assert titles == {"Ana Puig": "Director", "Eva Sol": "Clerk"}


def test_no_role_promises_to_hide_what_records_are_called(people: People) -> None:
    """It stands in every link, notice and history: a rule that hid it would be believed."""
    for item in RoleForm().types:
        found = RoleForm().fields[f"rule:{item.key}:{item.title}"]
        assert isinstance(found, ChoiceField)
        assert [value for value, _label in found.choices] == ["", "readonly"]


@pytest.mark.django_db(transaction=True)
def test_undo_pressed_twice_at_once_is_told_so(people: People) -> None:
    """A double click must meet the sentence, not the database's constraint."""
    company = make_company(people.owner)
    gone = delete_record(actor=people.owner, entity=entity("parties.company"), record=company)

    def press(_turn: int) -> int:
        try:
            return signed_in(people.owner).post(f"/changes/{gone}/undo").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(press, range(3)))
    assert answers == [302, 409, 409]
    assert Company.objects.filter(pk=company.pk).exists()
