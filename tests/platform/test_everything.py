"""Everything out in open formats and back in: the same rows, the same ids, the same files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.personas import People, make_people
from tests.samples import make_sample
from vinculo.demo.actions import create_demo
from vinculo.interactions.actions import attach_file
from vinculo.interactions.models import File
from vinculo.kernel.errors import Conflict, DomainError
from vinculo.parties.models import Company
from vinculo.platform import blobs
from vinculo.platform.everything import export as exports
from vinculo.platform.everything.loading import load_everything
from vinculo.platform.everything.tables import LEFT_OUT, tables
from vinculo.platform.everything.writing import write_everything
from vinculo.platform.jobs import _JOBS as JOBS
from vinculo.platform.jobs import run_job
from vinculo.platform.models import User, Work
from vinculo.records.registry import entities

HARD = 'Ñandú "S.A.",\r\nline two\t=1+1 \\N 田中商事'
Rows = dict[str, list[tuple[Any, ...]]]


def one_of_everything() -> tuple[People, Company, File]:
    """A company with texts that break careless writers of CSV, and a file."""
    people = make_people()
    for entity in entities():
        make_sample(entity, people.owner)
    named = next(one for one in entities() if one.key == "parties.company")
    party = make_sample(named, people.owner, HARD)
    upload = SimpleUploadedFile("a.txt", b"\x00bytes")
    return people, party, attach_file(actor=people.owner, party=party, upload=upload)


def contents() -> Rows:
    """Every row of every table that goes along."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tables(cursor):
            names = ", ".join(f'"{column}"::text' for column, _ in table.columns)
            cursor.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"')
            found[table.name] = cursor.fetchall()
    return found


def forget_everything() -> None:
    """What a new installation looks like: tables, and nothing in them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        names = ", ".join(f'"{table.name}"' for table in tables(cursor))
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


@pytest.mark.django_db(transaction=True)
def test_the_round_trip_brings_back_every_row_of_every_table(tmp_path: Path) -> None:
    create_demo(actor=None)
    people, _party, kept = one_of_everything()
    before = contents()
    assert sum(map(bool, before.values())) >= 15, "there is something in most tables"
    counts = write_everything(tmp_path / "all.zip")
    assert counts == {name: len(rows) for name, rows in before.items()}

    with pytest.raises(Conflict, match="not empty"):
        load_everything(tmp_path / "all.zip")
    assert contents() == before

    forget_everything()
    blobs.discard(kept.token)
    done = load_everything(tmp_path / "all.zip")
    assert contents() == before
    assert done.rows == sum(counts.values()) and done.files >= 1
    with blobs.opened(File.objects.get(pk=kept.pk).token) as file:
        assert file.read() == b"\x00bytes"
    owner = User.objects.get(pk=people.owner.pk)
    assert not owner.has_usable_password(), "passwords do not travel"
    changes = len(before["platform_change"])
    highest = max(int(row[0]) for row in before["parties_party"])
    fresh = Company.objects.create(kind="company", name="New")
    assert fresh.pk > highest, "new rows go on after the highest id"
    assert len(contents()["platform_change"]) == changes + 1, "the journal watches again"
    forget_everything()


@pytest.mark.django_db(transaction=True)
def test_what_is_inside(tmp_path: Path) -> None:
    people, _party, _file = one_of_everything()
    User.objects.filter(pk=people.owner.pk).update(password="argon2$secret-hash")
    write_everything(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        readme = archive.read("README.txt").decode()
        users = archive.read("platform_user.csv").decode()
        parties = list(
            csv.reader(io.StringIO(archive.read("parties_party.csv").decode(), newline=""))
        )
    assert {f"{name}.csv" for name in manifest["tables"]} | {"README.txt", "manifest.json"} <= names
    assert not {f"{name}.csv" for name in LEFT_OUT} & names
    assert "secret-hash" not in users and "password" not in users.splitlines()[0]
    name = parties[0].index("name")
    assert HARD in [row[name] for row in parties[1:]]
    for table, told in manifest["tables"].items():
        assert f"{table}.csv" in readme
        for column in told["columns"]:
            assert f"  {column} (" in readme


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["flipped", "cut", "version", "foreign"])
def test_a_file_that_is_not_what_was_written_changes_nothing(tmp_path: Path, what: str) -> None:
    forget_everything()
    file = tmp_path / "all.zip"
    write_everything(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if what == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    else:
        if what == "flipped":
            members["platform_user.csv"] += b"9,mallory\n"
        elif what == "version":
            members["manifest.json"] = members["manifest.json"].replace(
                b'"parties.0001', b'"parties.9999'
            )
        else:
            manifest = json.loads(members["manifest.json"])
            manifest["files"]["files/../../evil"] = "0"
            members["manifest.json"] = json.dumps(manifest).encode()
            members["files/../../evil"] = b""
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    with pytest.raises(DomainError, match="another version" if what == "version" else "damaged"):
        load_everything(file)
    assert not User.objects.exists()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db(transaction=True)
def test_from_the_page_to_the_file_and_only_for_whom_asked(settings: Any, tmp_path: Path) -> None:
    settings.VINCULO_DATA = tmp_path
    people = make_people()
    client = browser(people.admin)
    assert "Export everything" in client.get("/settings/data").content.decode()
    assert client.post("/settings/data/export").status_code == 302
    assert client.post("/settings/data/export").status_code == 409, "one at a time"
    work = Work.objects.get(kind=exports.KIND)
    name = "abcdefghijklmnop"
    run_job(
        JOBS["platform.export_everything"], 1,
        {"actor_id": people.admin.pk, "work_id": work.pk, "name": name},
    )  # fmt: skip
    work.refresh_from_db()
    assert (work.state, work.result_url) == ("done", f"/settings/data/exports/{name}")
    page = client.get("/settings/data").content.decode()
    assert work.result_url in page
    answer = client.get(work.result_url)
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]

    other = people.manager_as_admin()
    assert browser(other).get(work.result_url).status_code == 404, "not even another administrator"
    assert browser(people.owner).get(work.result_url).status_code == 403
    assert browser(people.owner).post("/settings/data/export").status_code == 403
    people.admin.role_assignments.all().delete()
    again = browser(User.objects.get(pk=people.admin.pk))
    assert again.get(work.result_url).status_code == 403, "whoever lost the right gets nothing"
