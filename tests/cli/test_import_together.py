"""`vinculo import` with several files: one transaction, one change-set, companies first."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.cli import export, import_
from vinculo.config.problems import SetupProblem
from vinculo.parties.models import Company, Party, Person
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
