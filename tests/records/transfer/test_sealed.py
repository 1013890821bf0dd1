"""What somebody brings to be imported lies nowhere in the clear: neither the file nor a copy of its
rows, on the disk or in the database, from the upload to the undo."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.personas import EVERYTHING, People, make_people, make_user
from tests.records.transfer.test_wizard import client_of
from vinculo.config.cluster.binaries import binaries
from vinculo.kernel import sealed_files
from vinculo.kernel.cipher import Unreadable
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Person
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.platform.sensitive import files, rotation
from vinculo.platform.sensitive.keys import keys, write
from vinculo.platform.worker import run_worker
from vinculo.records.transfer import imports
from vinculo.records.transfer.models import Import, import_folder

CANARY = "ES9121000418450200051332"
REFUSED = "ES0200000000000000000077"
LEFT_OUT = "ES0300000000000000000088"
ROWS = (
    ("Full name", "E-mail", "Bank account (IBAN)", "Left out"),
    ("Ada Quill", "ada@example.com", CANARY, LEFT_OUT),
    ("Bo Quill", "no address", REFUSED, LEFT_OUT),
)
FILE = "".join(",".join(row) + "\n" for row in ROWS)
SECRETS = (CANARY, REFUSED, LEFT_OUT)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data directory of this test alone."""
    settings.VINCULO_DATA = tmp_path
    settings.FIELD_KEYS = []
    yield tmp_path


def payroll(people: People) -> User:
    verbs = dict.fromkeys(("view", "add", "edit", "delete", "export"), "all")
    role = Role.objects.create(
        name="Payroll",
        grants={key: dict(verbs) for key in EVERYTHING},
        actions=["platform.read_sensitive"],
    )
    return make_user("payroll", role, team=people.north)


def bring(client: Client, content: bytes, name: str = "people.csv") -> Import:
    file = SimpleUploadedFile(name, content)
    answer = client.post("/import/", {"as": "parties.person", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def decide(client: Client, imported: Import) -> None:
    answers = {"mode": "create", "key": ""}
    for at, target in enumerate(("name", "email", "iban", "")):
        answers[f"column-{at}"] = target
    answer = client.post(f"/import/{imported.pk}/decide", answers)
    assert answer.status_code == 302, answer.content.decode()


def assert_nowhere(folder: Path) -> None:
    """No file under the data directory and no row of the database says any of it."""
    looked_at = 0
    for path in folder.rglob("*"):
        if path.is_file() and "secrets" not in path.parts:
            found = path.read_bytes()
            looked_at += 1
            for secret in SECRETS:
                assert secret.encode() not in found, path
                assert secret.encode("utf-16-le") not in found, path
    assert looked_at
    place = connection.settings_dict
    command = [str(binaries() / "pg_dump"), "-h", place["HOST"], "-U", place["USER"], place["NAME"]]
    given = {"PGPORT": str(place["PORT"]), "PGPASSWORD": place["PASSWORD"] or ""}
    dump = subprocess.run(
        command, capture_output=True, check=True, env={**os.environ, **given}
    ).stdout
    assert b"records_import" in dump
    for secret in SECRETS:
        assert secret.encode() not in dump


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [True, False], ids=["checked at once", "checked by a worker"])
def test_from_the_upload_to_the_undo(
    at_once: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHECKED_AT_ONCE", 400_000 if at_once else 0)
    client = client_of(payroll(make_people()))
    imported = bring(client, FILE.encode())
    assert imported.size == len(FILE.encode())
    assert CANARY in client.get(f"/import/{imported.pk}").content.decode()  # its owner may see it
    assert_nowhere(folder)
    decide(client, imported)
    run_worker(wait=False)
    checked = client.get(f"/import/{imported.pk}").content.decode()
    assert "Ada Quill" in checked
    assert_nowhere(folder)
    client.post(f"/import/{imported.pk}/run")
    run_worker(wait=False)
    imported.refresh_from_db()
    assert imported.state == "done"
    assert Person.objects.get(name="Ada Quill").iban.reveal() == CANARY
    answer = client.get(f"/import/{imported.pk}/refused.csv")
    back = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert REFUSED in back and int(answer["Content-Length"]) == len(back.encode()) + 3
    assert_nowhere(folder)
    client.post(f"/changes/{ChangeSet.objects.filter(verb='records.import').latest('pk').pk}/undo")
    assert not Person.objects.filter(name="Ada Quill").exists()
    assert_nowhere(folder)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "vcf", "utf-16"])
def test_whatever_program_wrote_it(form: str, folder: Path, people: People) -> None:
    content = {"xlsx": workbook, "vcf": card, "utf-16": lambda: FILE.encode("utf-16")}[form]()
    client = client_of(payroll(people))
    imported = bring(client, content, f"people.{form}")
    assert "Ada Quill" in client.get(f"/import/{imported.pk}").content.decode()
    stored = imported.path.read_bytes()
    assert sealed_files.key_of_file(imported.path) == "1"
    assert not any(
        word in stored for word in (b"Ada", b"A\0d\0a", CANARY.encode(), zipfile.stringEndArchive)
    )


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def card() -> bytes:
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Quill\nNOTE:{CANARY}\nEND:VCARD\n".encode()


@pytest.mark.django_db
def test_a_file_that_is_too_large_or_no_table_leaves_nothing(
    folder: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(people.owner)
    for content in (b"%PDF-1.7 ...", b""):
        file = SimpleUploadedFile("x.csv", content)
        assert client.post("/import/", {"as": "parties.person", "file": file}).status_code == 422
    monkeypatch.setattr("vinculo.records.transfer.limits.MAX_FILE_BYTES", 10)
    file = SimpleUploadedFile("x.csv", FILE.encode())
    assert client.post("/import/", {"as": "parties.person", "file": file}).status_code == 422
    assert list(import_folder().iterdir()) == []


@pytest.mark.django_db
def test_a_new_key_takes_the_files_along_and_the_old_one_retires(
    folder: Path, people: People
) -> None:
    client = client_of(payroll(people))
    imported = bring(client, FILE.encode())
    (import_folder() / "older").write_text(FILE)  # by a version that did not seal
    assert rotation.keys_in_use()["1"] == (1, 0)
    rotation.begin_rotation()
    with pytest.raises(DomainError, match="still needed"):
        rotation.retire("1")
    with imports.open_import(imported).path.open("rb"):  # read while it is renewed
        assert rotation.reencrypt() == (2, 0)
    assert_sealed = {sealed_files.key_of_file(path) for path in import_folder().iterdir()}
    assert assert_sealed == {"2"}
    rotation.retire("1")
    assert rotation.reencrypt() == (0, 0)
    assert "Ada Quill" in client.get(f"/import/{imported.pk}").content.decode()
    assert files.open_any(import_folder() / "older").read() == FILE.encode()


@pytest.mark.django_db
def test_killed_while_a_file_is_renewed_it_is_there_as_before(
    folder: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = bring(client_of(payroll(people)), FILE.encode())
    rotation.begin_rotation()

    def killed(*_around: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        files.reseal()
    monkeypatch.undo()
    assert files.open_any(imported.path).read() == FILE.encode()
    (imported.path.with_name(imported.path.name + files.DRAFT)).write_bytes(b"half")
    assert files.reseal() == (1, 0)
    assert [path.name for path in import_folder().iterdir()] == [imported.file]


@pytest.mark.django_db
def test_without_its_key_the_file_is_asked_for_again(folder: Path, people: People) -> None:
    client = client_of(payroll(people))
    imported = bring(client, FILE.encode())
    rotation.begin_rotation()
    held = keys()
    write(type(held)(held.current, {"2": held.by_number["2"]}, held.index))
    with pytest.raises(Unreadable):
        files.open_any(imported.path)
    with pytest.raises(DomainError, match="Choose the file again"):
        imports.open_import(imported)
    assert rotation.reencrypt() == (0, 1)
    assert client.get(f"/import/{imported.pk}?step=mapping").status_code in (409, 422)
