"""A list taken away as a file: what it shows, what its taker may export, nothing that runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.test import Client

from tests.parties.importing_help import import_file, import_text
from tests.personas import People
from vinculo.parties.models import Company, Person
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.records.transfer.reading import open_table

pytestmark = pytest.mark.django_db

TEXT = (
    "name,city,country,tags,phone\n"
    "Acme,Bonn,Germany,a;b,030 1234567\n"
    '"=HYPERLINK(""http://x"")",Bonn,Germany,,\n'
    "Zeta,Lyon,France,,\n"
)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def export(user: User, query: str = "", form: str = "csv", path: str = "companies") -> bytes:
    answer = client_of(user).post(f"/{path}/export.{form}?{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def filled(people: People, tmp_path: Path) -> People:
    import_text(people.owner, "parties.company", tmp_path, TEXT)
    import_text(people.stranger, "parties.company", tmp_path, "name\nSecret\n")
    return people


def test_exactly_what_the_list_shows(filled: People) -> None:
    rows = rows_of(export(filled.owner, "city.contains=bonn&cols=name,city,country,tags,owner"))
    assert rows[0] == ["Name", "City", "Country", "Tags", "Owner"]
    assert rows[1:] == [
        ["Acme", "Bonn", "DE", "a; b", "Owner"],
        ['\'=HYPERLINK("http://x")', "Bonn", "DE", "", "Owner"],
    ]


def test_formulas_are_escaped_in_workbooks_and_read_back_as_they_were(
    filled: People, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(export(filled.owner, "cols=name", "xlsx"))
    names = [row.cells[0] for row in open_table(path, "list.xlsx").rows()]
    assert '=HYPERLINK("http://x")' in names
    exported = tmp_path / "list.csv"
    exported.write_bytes(export(filled.owner, "cols=name,city"))
    again = import_file(filled.owner, "parties.company", exported, key="name", mode="both")
    assert again.counts == (0, 0, 3, 0)


def test_only_rows_one_may_export(filled: People) -> None:
    names = {row[0] for row in rows_of(export(filled.owner, "cols=name"))[1:]}
    assert "Secret" not in names
    assert len(names) == 3
    role = Role.objects.get(name="Own rows")
    role.grants["parties.company"] |= {"view": "all", "export": "own"}
    role.save()
    assert len(rows_of(export(filled.owner, "cols=name"))) == 4


def test_without_the_right_nothing_leaves(filled: People) -> None:
    role = Role.objects.get(name="Own rows")
    role.grants["parties.company"]["export"] = "none"
    role.save()
    before = ChangeSet.objects.count()
    assert client_of(filled.owner).post("/companies/export.csv").status_code == 403
    assert ChangeSet.objects.count() == before


def test_hidden_fields_and_hidden_companies_stay_unsaid(filled: People, tmp_path: Path) -> None:
    import_text(filled.owner, "parties.person", tmp_path, "name,email\nAna,a@b.com\n")
    Person.objects.update(company=Company.objects.get(name="Secret"))
    rows = rows_of(export(filled.owner, "cols=name,company", path="people"))
    assert rows[1] == ["Ana", ""]
    assert rows_of(export(filled.admin, "cols=name,company", path="people"))[1] == ["Ana", "Secret"]
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"parties.company": {"city": "hidden"}}
    role.save()
    assert rows_of(export(filled.owner, "cols=name,city"))[0] == ["Name"]


def test_who_took_what_is_written_down(filled: People) -> None:
    export(filled.owner, "q=acme")
    taken = ChangeSet.objects.get(verb="records.export")
    assert taken.actor == filled.owner
    assert "CSV" in taken.label
    assert "q=acme" in taken.label


def test_a_get_exports_nothing(filled: People) -> None:
    before = ChangeSet.objects.count()
    answer = client_of(filled.owner).get("/companies/export.csv?q=acme")
    assert (answer.status_code, answer["Location"]) == (302, "/companies?q=acme")
    assert ChangeSet.objects.count() == before


def test_choices_and_headers_are_in_the_readers_language(filled: People) -> None:
    from django.utils.translation import gettext, override

    filled.owner.language = "es"
    filled.owner.save()
    rows = rows_of(export(filled.owner, "cols=name,state"))
    with override("es"):
        assert rows[0] == [gettext("Name"), gettext("State")]
        assert rows[1][1] == gettext("Lead")
