"""The import wizard as its owner walks through it, from the file to the undo."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.personas import People
from tests.records.transfer.shared_data import shared
from vinculo.parties.models import Company, Party
from vinculo.platform.models import ChangeSet, Notification, User
from vinculo.platform.worker import run_worker
from vinculo.records.transfer.models import Import

SMALL = "name,city,email\nAcme,Bonn,info@acme.de\nBroken,Rome,not an address\nOther,Lyon,\n"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def bring(client: Client, content: bytes | str, name: str = "file.csv") -> Import:
    data = content.encode() if isinstance(content, str) else content
    response = client.post(
        "/import/", {"as": "parties.company", "file": SimpleUploadedFile(name, data)}
    )
    assert response.status_code == 302, response.content.decode()
    return Import.objects.get(pk=int(response["Location"].rsplit("/", 1)[1]))


def decisions(client: Client, imported: Import, **changed: str) -> dict[str, str]:
    """The form of the mapping page as it stands, with some answers changed."""
    page = client.get(f"/import/{imported.pk}?step=mapping").content.decode()
    chosen = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        picked = re.search(r'<option value="([^"]*)" selected', body)
        chosen[name] = picked.group(1) if picked else ""
    return {**chosen, "mode": "create", **changed}


@pytest.mark.django_db(transaction=True)
def test_northwind_from_file_to_undo(people: People) -> None:
    client = client_of(people.owner)
    outside = ChangeSet.objects.filter(verb="outside").count()
    content = shared("northwind", "customers.csv").read_bytes()
    imported = bring(client, content, "customers.csv")
    page = client.get(f"/import/{imported.pk}")
    assert "Alfreds Futterkiste" in page.content.decode()
    answer = client.post(f"/import/{imported.pk}/decide", decisions(client, imported))
    assert answer.status_code == 302
    checked = client.get(f"/import/{imported.pk}").content.decode()
    assert re.search(r"<strong>91</strong>\s*to be created", checked)
    assert Party.objects.count() == 0

    client.post(f"/import/{imported.pk}/run")
    imported.refresh_from_db()
    assert imported.state == "running"
    assert "hx-trigger" in client.get(f"/import/{imported.pk}").content.decode()
    run_worker(wait=False)
    imported.refresh_from_db()
    assert imported.state == "done"
    assert imported.counts == {
        "seen": 91, "created": 91, "updated": 0, "skipped": 0, "refused": 0,
    }  # fmt: skip
    assert client.get(f"/import/{imported.pk}/working")["HX-Refresh"] == "true"
    assert Company.objects.visible_to(people.owner).count() == 91
    assert Notification.objects.filter(user=people.owner, url=f"/import/{imported.pk}").exists()
    change_set = ChangeSet.objects.get(pk=imported.changeset_id)
    assert (change_set.verb, change_set.actor) == ("records.import", people.owner)

    client.post(f"/changes/{imported.changeset_id}/undo")
    assert Party.objects.count() == 0
    report = client.get(f"/import/{imported.pk}").content.decode()
    assert "was undone" in report
    assert ChangeSet.objects.filter(verb="outside").count() == outside


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_leaves_nothing(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SMALL)
    client.post(f"/import/{imported.pk}/decide", decisions(client, imported, lenient="on"))
    client.post(f"/import/{imported.pk}/run")
    client.post(f"/import/{imported.pk}/cancel")
    run_worker(wait=False)
    imported.refresh_from_db()
    assert imported.state == "cancelled"
    assert Party.objects.count() == 0
    page = client.get(f"/import/{imported.pk}").content.decode()
    assert "Cancelled. Nothing was changed." in page


@pytest.mark.django_db
class TestRefusals:
    def test_refused_rows_come_back_with_their_reason(self, people: People) -> None:
        people.owner.language = "es"
        people.owner.save()
        client = client_of(people.owner)
        imported = bring(client, "name,email,note\nBroken,nobody,=1+1\nFine,a@b.com,x\n")
        client.post(f"/import/{imported.pk}/decide", decisions(client, imported))
        imported.refresh_from_db()
        assert imported.counts["refused"] == 1
        answer = client.get(f"/import/{imported.pk}/refused.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert len(text.splitlines()) == 2
        assert "'=1+1" in text
        assert "nobody" in text.splitlines()[1].split(",", 3)[3]
        assert answer["Content-Disposition"].startswith("attachment")

    def test_values_that_do_not_fit_can_be_left_out(self, people: People) -> None:
        client = client_of(people.owner)
        imported = bring(client, SMALL)
        client.post(f"/import/{imported.pk}/decide", decisions(client, imported, lenient="on"))
        imported.refresh_from_db()
        assert (imported.counts["created"], imported.counts["refused"]) == (3, 0)
        page = client.get(f"/import/{imported.pk}").content.decode()
        assert "1 value of “E-mail” does not fit" in page

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4 x", b"\0" * 999, b"PK\x03\x04 zip"])
    def test_what_is_no_table_is_refused_and_not_kept(self, people: People, content: bytes) -> None:
        client = client_of(people.owner)
        file = SimpleUploadedFile("file.csv", content)
        answer = client.post("/import/", {"as": "parties.company", "file": file})
        assert answer.status_code in (200, 422)
        assert 'role="alert"' in answer.content.decode()
        assert not Import.objects.exists()

    def test_a_mapping_without_a_name_is_refused(self, people: People) -> None:
        client = client_of(people.owner)
        imported = bring(client, SMALL)
        asked = decisions(client, imported, **{"column-0": ""})
        answer = client.post(f"/import/{imported.pk}/decide", asked)
        assert answer.status_code == 422
        assert "Choose the column that holds the name." in answer.content.decode()

    def test_headers_are_shown_as_text(self, people: People) -> None:
        client = client_of(people.owner)
        imported = bring(client, "<script>alert(1)</script>,name\n<img src=x>,Acme\n")
        page = client.get(f"/import/{imported.pk}").content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;img src=x&gt;" in page


@pytest.mark.django_db
def test_another_encoding_can_be_chosen(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, "name;city\nPeñalver;León\n".encode("cp1252"))
    assert imported.settings["encoding"] == "cp1252"
    client.post(f"/import/{imported.pk}/reread", {"encoding": "cp1250", "delimiter": ";"})
    imported.refresh_from_db()
    assert imported.settings["encoding"] == "cp1250"


@pytest.mark.django_db
def test_imports_are_personal(people: People) -> None:
    imported = bring(client_of(people.owner), SMALL)
    for other in (people.teammate, people.manager, people.admin):
        client = client_of(other)
        assert client.get(f"/import/{imported.pk}").status_code == 404
        assert client.post(f"/import/{imported.pk}/run").status_code == 404
        assert client.get(f"/import/{imported.pk}/refused.csv").status_code == 404


@pytest.mark.django_db
def test_who_may_add_nothing_may_not_import(people: People) -> None:
    lonely = User.objects.create_user("lonely@example.com", "Lonely")
    client = client_of(lonely)
    assert client.get("/import/").status_code == 403
    file = SimpleUploadedFile("file.csv", SMALL.encode())
    assert client.post("/import/", {"as": "parties.company", "file": file}).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_a_discarded_import_takes_its_file_along(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SMALL)
    assert imported.path.exists()
    client.post(f"/import/{imported.pk}/discard")
    assert not imported.path.exists()
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_a_whole_export_is_brought_at_one_go_and_what_is_nothing_here_says_so(
    people: People,
) -> None:
    client = client_of(people.owner)
    names = ("Opportunity.csv", "Contact.csv", "Case.csv", "Lead.csv", "Account.csv")
    files = [
        SimpleUploadedFile(name, shared("salesforce_export_genai", name).read_bytes())
        for name in names
    ]
    answer = client.post("/import/", {"as": "parties.company", "file": files})
    first = Import.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))
    assert first.name == "Account.csv"
    page = client.get(answer["Location"]).content.decode()
    order = sorted(names, key=lambda name: page.index(f">{name}<"))
    assert order == ["Account.csv", "Contact.csv", "Lead.csv", "Opportunity.csv", "Case.csv"]
    cases = Import.objects.get(name="Case.csv")
    assert "no record type for it here yet" in client.get(f"/import/{cases.pk}").content.decode()
    refused = client.post(f"/import/{cases.pk}/decide", decisions(client, cases))
    assert refused.status_code == 422
    assert "This looks like Salesforce: cases." in refused.content.decode()
    assert not Party.objects.exists()
