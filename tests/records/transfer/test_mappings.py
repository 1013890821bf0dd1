"""Saved mappings, changes of values and files brought together, as people use them in the wizard."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.personas import People
from tests.records.transfer.shared_data import shared
from tests.records.transfer.test_wizard import bring, client_of, decisions
from vinculo.parties.models import Company, Person
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.worker import run_worker
from vinculo.records.transfer.models import Import, ImportMapping
from vinculo.records.transfer.plan import Plan

SOURCE = "Firm,Where,Rank\n ACME  SA ,MADRID,gold\nBETA,LIMA,none\n"


def page_of(client: Client, imported: Import) -> str:
    return client.get(f"/import/{imported.pk}?step=mapping").content.decode()


def remember(client: Client, imported: Import, name: str, **more: str) -> int:
    answers = decisions(
        client, imported, **{
            "column-0": "name", "column-1": "city", "column-2": "value_class",
            "step-0-0": "trim", "step-0-1": "title", "step-1-0": "title",
            "step-2-0": "map", "first-2-0": "gold = a; none = ", "mapping_name": name, **more,
        },
    )  # fmt: skip
    return client.post(f"/import/{imported.pk}/mapping", answers).status_code


@pytest.mark.django_db
def test_values_are_shown_before_and_after_their_change(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SOURCE)
    answers = decisions(
        client, imported, **{"column-0": "name", "step-0-0": "title", "preview": "1"}
    )
    page = client.post(f"/import/{imported.pk}/decide", answers).content.decode()
    assert "ACME  SA  → <strong> Acme  Sa </strong>" in page
    imported.refresh_from_db()
    assert not Plan.from_json(imported.settings).transforms  # only shown, nothing kept


@pytest.mark.django_db
def test_a_change_that_cannot_be_meant_is_said(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SOURCE)
    answers = decisions(client, imported, **{"column-0": "name", "step-0-0": "map"})
    answer = client.post(f"/import/{imported.pk}/decide", answers)
    assert answer.status_code == 422
    assert "Say with what" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_saved_mapping_reads_the_next_file_whatever_its_columns_order(people: People) -> None:
    client = client_of(people.owner)
    assert remember(client, bring(client, SOURCE), "Monthly list") == 302
    following = bring(client, "Rank,More,Firm,Where\ngold,x, GAMMA ,ROMA\n", "next.csv")
    assert "Monthly list" in page_of(client, following)
    kept = ImportMapping.objects.get()
    client.post(f"/import/{following.pk}/mapping/{kept.pk}/use")
    client.post(f"/import/{following.pk}/decide", decisions_with_steps(client, following))
    client.post(f"/import/{following.pk}/run")
    run_worker(wait=False)
    company = Company.objects.get()
    assert (company.name, company.city, company.value_class) == ("Gamma", "Roma", "A")


def decisions_with_steps(client: Client, imported: Import) -> dict[str, str]:
    """The page's answers with the texts of its changes, as a browser sends them."""
    imported.refresh_from_db()
    answers = decisions(client, imported)
    for at, steps in Plan.from_json(imported.settings).transforms.items():
        for n, step in enumerate(steps):
            assert answers[f"step-{at}-{n}"] == step.name
            answers[f"first-{at}-{n}"] = step.first
    return answers


@pytest.mark.django_db
def test_a_mapping_is_not_offered_for_a_file_without_its_columns(people: People) -> None:
    client = client_of(people.owner)
    remember(client, bring(client, SOURCE), "Monthly list")
    assert "Monthly list" not in page_of(client, bring(client, "Firm,City\nA,B\n"))


@pytest.mark.django_db
def test_a_mapping_is_its_owners_until_shared(people: People) -> None:
    owner = client_of(people.owner)
    remember(owner, bring(owner, SOURCE), "Mine")
    other = client_of(people.stranger)
    theirs = bring(other, SOURCE)
    kept = ImportMapping.objects.get()
    assert "Mine" not in page_of(other, theirs)
    assert other.post(f"/import/{theirs.pk}/mapping/{kept.pk}/use").status_code == 404
    assert other.post(f"/import/{theirs.pk}/mapping/{kept.pk}/forget").status_code == 404
    admin = client_of(people.admin)
    role = User.objects.get(pk=people.stranger.pk).role_assignments.get().role_id
    status = remember(admin, bring(admin, SOURCE), "Ours", mapping_shared=f"role:{role}")
    assert status == 302
    shared_one = ImportMapping.objects.get(name="Ours")
    assert shared_one.role_id == role
    assert "Ours" in page_of(other, theirs)
    assert other.post(f"/import/{theirs.pk}/mapping/{shared_one.pk}/use").status_code == 302
    assert other.post(f"/import/{theirs.pk}/mapping/{shared_one.pk}/forget").status_code == 404
    assert (
        owner.post(f"/import/{bring(owner, SOURCE).pk}/mapping/{kept.pk}/forget").status_code == 302
    )
    assert list(ImportMapping.objects.values_list("name", flat=True)) == ["Ours"]


@pytest.mark.django_db
def test_saving_under_the_same_name_replaces_and_needs_a_name(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SOURCE)
    assert remember(client, imported, "List") == 302
    assert remember(client, imported, "list") == 302
    assert ImportMapping.objects.count() == 1
    assert remember(client, imported, "  ") == 422


@pytest.mark.django_db(transaction=True)
def test_accounts_and_contacts_come_together_and_stay_together(people: People) -> None:
    client = client_of(people.admin)
    files = [
        SimpleUploadedFile(name, shared("salesforce_export_dev", name).read_bytes())
        for name in ("Contact.csv", "Account.csv")
    ]
    answer = client.post("/import/", {"as": "interactions.task", "file": files})
    assert answer.status_code == 302
    made = {one.name: one for one in Import.objects.all()}
    assert made["Account.csv"].entity == "parties.company"
    assert made["Contact.csv"].entity == "parties.person"
    assert answer["Location"] == f"/import/{made['Account.csv'].pk}"  # companies first
    page = page_of(client, made["Account.csv"])
    assert f'href="/import/{made["Contact.csv"].pk}"' in page
    assert "Salesforce: accounts" in page
    for name in ("Account.csv", "Contact.csv"):
        imported = made[name]
        client.post(f"/import/{imported.pk}/decide", decisions(client, imported, lenient="on"))
        client.post(f"/import/{imported.pk}/run")
        run_worker(wait=False)
    assert Company.objects.count() == 18
    assert Person.objects.exclude(company=None).count() == 25
    assert not Person.objects.filter(company=None).exists()


@pytest.mark.django_db
def test_of_files_brought_together_none_stays_when_one_is_no_table(people: People) -> None:
    client = client_of(people.owner)
    changes = ChangeSet.objects.count()
    files = [SimpleUploadedFile("a.csv", SOURCE.encode()), SimpleUploadedFile("b.csv", b"")]
    answer = client.post("/import/", {"as": "parties.company", "file": files})
    assert answer.status_code == 422
    assert (Import.objects.count(), ChangeSet.objects.count()) == (0, changes)


@pytest.mark.django_db
def test_rows_can_be_read_as_other_records(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, "Full name,E-mail\nAna Ruiz,ana@acme.es\n")
    answers = decisions(client, imported, entity="parties.person")
    client.post(f"/import/{imported.pk}/reread", answers)
    imported.refresh_from_db()
    assert imported.entity == "parties.person"
    assert dict(Plan.from_json(imported.settings).columns)[0] == "name"


@pytest.mark.django_db
def test_a_file_of_something_we_do_not_keep_says_so(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, shared("crm_headers", "zoho_Invoices.csv").read_bytes())
    page = page_of(client, imported)
    assert "There is no record type for it here" in page
    assert Plan.from_json(imported.settings).columns == ()
