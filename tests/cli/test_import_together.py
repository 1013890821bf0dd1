"""`vinculo import` with several files: one transaction, one change-set, companies first."""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

import pytest
from django.db import connection
from tests.parties import makers
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.cli import export, import_
from vinculo.config.problems import SetupProblem
from vinculo.parties.models import Company, Party, Person, Relation
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db


def run(people: People, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    import_.add_arguments(parser)
    return import_.run(parser.parse_args([*arguments, "--user", people.admin.email]))


def test_an_export_of_another_program_comes_in_whole_and_goes_away_whole(people: People) -> None:
    names = ("Contact.csv", "Lead.csv", "Account.csv")
    files = [str(shared("salesforce_export_dev", name)) for name in names]
    assert run(people, *files, "--dry-run") == 0
    assert not Party.objects.exists()
    assert not ChangeSet.objects.filter(verb="records.import").exists()
    assert run(people, *files) == 0
    assert Person.objects.count() == 25 + 22
    assert not Person.objects.filter(company=None).exists()
    made = ChangeSet.objects.get(verb="records.import")
    assert made.label == "Contact.csv, Lead.csv, Account.csv"
    undo_change_set(actor=people.admin, change_set=made)
    assert not Party.objects.exists()


SETS = {"salesforce_export_dev": (18, 25, 22), "salesforce_export_genai": (94, 64, 14)}


@pytest.mark.parametrize("folder", SETS)
def test_a_whole_export_comes_in_linked_once_and_goes_away_exactly(
    people: People, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """All its files in any order: what there is no type for is said, no contact is an orphan."""
    shared(folder, "Account.csv")
    files = sorted(shared(folder).glob("*.csv"), reverse=True)
    makers.make_company("There before", owner=people.owner)
    before = rows_of_parties()
    assert run(people, *map(str, files)) == 0
    said = capsys.readouterr().out
    of_nothing = [path.name for path in files if path.name[:4] in ("Oppo", "Case")]
    for name in of_nothing:
        assert re.search(rf"^{name}: This looks like Salesforce: .* no record type", said, re.M)
    accounts, contacts, leads = (cells(folder, name) for name in ("Account", "Contact", "Lead"))
    assert (len(accounts), len(contacts), len(leads)) == SETS[folder]
    assert set(Company.objects.exclude(external_id="").values_list("external_id", flat=True)) == {
        one["Id"] for one in accounts
    }
    links = dict(Person.objects.values_list("external_id", "company__external_id"))
    assert {one["Id"]: one["AccountId"] for one in contacts}.items() <= links.items()
    assert set(links) == {one["Id"] for one in [*contacts, *leads]}
    assert not Person.objects.filter(company=None).exists()
    open_ones = Relation.objects.filter(ended_on=None)
    assert open_ones.count() == len(contacts) + len(leads)
    after = rows_of_parties()
    assert run(people, *map(str, files)) in (0, 1)
    assert rows_of_parties() == after
    made = ChangeSet.objects.filter(verb="records.import").order_by("pk").first()
    assert made is not None
    undo_change_set(actor=people.admin, change_set=made)
    assert rows_of_parties() == before


def cells(folder: str, name: str) -> list[dict[str, str]]:
    text = shared(folder, f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def rows_of_parties() -> dict[str, list[tuple[object, ...]]]:
    """Every party, contact point and relation as it lies in its table."""
    found = {}
    with connection.cursor() as cursor:
        for table in ("parties_party", "parties_contactpoint", "parties_relation"):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def test_files_of_nothing_we_keep_are_refused_with_what_they_are(people: People) -> None:
    folder = "salesforce_export_genai"
    with pytest.raises(SetupProblem, match=r"looks like Salesforce: cases"):
        run(people, str(shared(folder, "Case.csv")))
    with pytest.raises(SetupProblem, match="nothing in these files"):
        run(people, str(shared(folder, "Case.csv")), str(shared(folder, "Opportunity.csv")))
    assert not Party.objects.exists()


def test_one_file_that_is_no_table_keeps_all_of_them_out(people: People, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("name\nAcme\n", encoding="utf-8")
    bad.write_text("", encoding="utf-8")
    with pytest.raises(SetupProblem):
        run(people, str(good), str(bad))
    assert not Company.objects.exists()
    with pytest.raises(SetupProblem, match="No saved mapping"):
        run(people, str(good), "--mapping", "Monthly list")


def test_ids_of_another_system_find_the_rows_again(people: People, tmp_path: Path) -> None:
    file, out = tmp_path / "shop.csv", tmp_path / "out.csv"
    file.write_text("name,Shop no\nAcme,A-17\nZeta,A-18\n", encoding="utf-8")
    known = ("--map", "Shop no=elsewhere", "--key", "elsewhere", "--mode", "both")
    for _time in range(2):
        assert run(people, str(file), *known, "--system", "shop") == 0
    assert Company.objects.count() == 2
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    asked = [str(out), "--external-ids", "--query", "cols=name", "--user", people.admin.email]
    assert export.run(parser.parse_args(asked)) == 0
    assert "Acme,shop:A-17" in out.read_text(encoding="utf-8-sig")
    assert run(people, str(out)) == 0  # recognised by its header
    assert Company.objects.count() == 2
