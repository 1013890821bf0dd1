"""External ids in files: rows are found again by what other systems call them, and exported so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.parties.importing_help import import_file, import_text
from tests.personas import People
from tests.records.transfer.test_export import export, rows_of
from tests.records.transfer.test_wizard import bring, client_of, decisions
from vinculo.interactions.models import Task
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, ContactPoint, Person
from vinculo.platform.models import ChangeSet, Role
from vinculo.platform.undo import undo_change_set
from vinculo.records import external
from vinculo.records.external.models import ExternalId
from vinculo.records.external.written import read_names, write_names
from vinculo.records.transfer import pool
from vinculo.records.transfer.elsewhere import AT_ONCE
from vinculo.records.transfer.models import Import, ImportMapping
from vinculo.records.transfer.plan import Plan

pytestmark = pytest.mark.django_db

SHOP = "Company,City,Shop no\nAcme,Bonn,A-17\nZeta,Lyon,A-18\nNameless id,Rome,\n"
COLUMNS = ((0, "name"), (1, "city"), (2, "elsewhere"))
BOTH: dict[str, Any] = {"mode": "both", "key": "elsewhere", "system": "Shop", "columns": COLUMNS}
TASKS = "Title,Ticket\nCall,T-1\nWrite,T-2\n"
OF_TASKS: dict[str, Any] = {**BOTH, "columns": ((0, "title"), (1, "elsewhere"))}


def shop(people: People, folder: Path, text: str = SHOP, **changed: Any) -> tuple[int, ...]:
    """What comes of a file of the web shop's companies, brought by the owner."""
    return import_text(people.owner, "parties.company", folder, text, **{**BOTH, **changed}).counts


def ids() -> set[tuple[str, str, str]]:
    """(system, id, name of the company it means)."""
    names = dict(Company.objects.values_list("pk", "name"))
    rows = ExternalId.objects.filter(entity="parties.company")
    return {(one.source, one.value, names[one.row_id]) for one in rows}


# --- as text ------------------------------------------------------------------------------------

NAMES = st.tuples(st.text(r"ab\:; ", min_size=1), st.text(r"AB\:; é", min_size=1))


@given(st.lists(NAMES.filter(lambda pair: all(side.strip() for side in pair)), max_size=4))
def test_names_are_read_back_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    kept = tuple(
        dict.fromkeys((external.clean_source(a), external.clean_value(b)) for a, b in pairs)
    )
    assert read_names(write_names(kept)) == kept


@pytest.mark.parametrize("text", ["A-17", "shop:A; B", ":A", "shop:", f"shop:{'x' * 121}"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_names(text)


# --- companies and people -----------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_makes_nothing(
    people: People, tmp_path: Path
) -> None:
    assert shop(people, tmp_path, dry_run=True) == (3, 0, 0, 0)
    assert not ExternalId.objects.exists()
    assert shop(people, tmp_path) == (3, 0, 0, 0)
    assert ids() == {("shop", "A-17", "Acme"), ("shop", "A-18", "Zeta")}
    assert shop(people, tmp_path, SHOP.replace("Nameless id,Rome,\n", "")) == (0, 0, 2, 0)
    moved = SHOP.replace("Acme,Bonn", "Acme SA,Köln").replace("Nameless id,Rome,\n", "")
    assert shop(people, tmp_path, moved, dry_run=True) == (0, 1, 1, 0)
    assert shop(people, tmp_path, moved) == (0, 1, 1, 0)
    assert Company.objects.count() == 3
    assert Company.objects.get(name="Acme SA").city == "Köln"
    # The same number of another system is another company.
    assert shop(people, tmp_path, system="erp") == (3, 0, 0, 0)


def test_what_creates_only_skips_the_known_and_what_updates_only_the_new(
    people: People, tmp_path: Path
) -> None:
    shop(people, tmp_path)
    more = "Company,City,Shop no\nOther,Bonn,A-17\nNew,Bonn,A-19\n"
    assert shop(people, tmp_path, more, mode="update", dry_run=True) == (0, 1, 1, 0)
    assert shop(people, tmp_path, more, mode="create") == (1, 0, 1, 0)
    assert ("shop", "A-17", "Acme") in ids() and ("shop", "A-19", "New") in ids()


def test_rows_of_one_file_with_one_id_are_one_company(people: People, tmp_path: Path) -> None:
    text = "Company,City,Shop no\nAcme,Bonn,A-17\nAcme SA,,A-17\n"
    assert shop(people, tmp_path, text) == (1, 1, 0, 0)
    assert ids() == {("shop", "A-17", "Acme SA")}


def test_a_company_known_by_something_else_is_known_by_its_id_from_then_on(
    people: People, tmp_path: Path
) -> None:
    shop(people, tmp_path, system="")  # cells without a system
    import_text(people.owner, "parties.company", tmp_path, "name,city\nAcme,Bonn\nZeta,Lyon\n")
    assert shop(people, tmp_path, key="name", mode="update", dry_run=True)[1] == 2
    assert shop(people, tmp_path, key="name", mode="update") == (0, 2, 1, 0)
    assert ids() == {("shop", "A-17", "Acme"), ("shop", "A-18", "Zeta")}
    # Nothing is new the second time.
    assert shop(people, tmp_path, key="name", mode="update") == (0, 0, 3, 0)


def test_an_id_of_another_record_refuses_the_row(people: People, tmp_path: Path) -> None:
    shop(people, tmp_path)
    before = ids()
    swapped = "Company,City,Shop no\nZeta,Lyon,A-17\nFresh,Bonn,A-18\n"
    assert shop(people, tmp_path, swapped, key="name") == (0, 0, 0, 2)
    both = "Company,City,Shop no\nOne,Bonn,A-20\nTwo,Bonn,A-20\n"
    assert shop(people, tmp_path, both, key="name") == (1, 0, 0, 1)
    assert ids() == before | {("shop", "A-20", "One")}


def test_a_cell_says_its_systems_itself(people: People, tmp_path: Path) -> None:
    text = 'name,ID in another system\nAcme,"shop:A-17; erp:9"\nZeta,A-18\nOmega,:\n'
    imported = import_text(people.owner, "parties.company", tmp_path, text, mode="both")
    assert imported.counts == (1, 0, 0, 2)
    assert "as in shop:A-17" in imported.refused[0][1]
    assert ids() == {("shop", "A-17", "Acme"), ("erp", "9", "Acme")}
    again = "name,ID in another system\nAcme Neu,erp:9\nMixed,erp:9; shop:A-1\n"
    assert import_text(people.owner, "parties.company", tmp_path, again, mode="update").counts == (
        0,
        2,
        0,
        0,
    )
    assert ("shop", "A-1", "Mixed") in ids()


def test_two_ids_of_two_companies_mean_neither(people: People, tmp_path: Path) -> None:
    shop(people, tmp_path)
    text = "name,ID in another system\nBoth,shop:A-17; shop:A-18\n"
    imported = import_text(people.owner, "parties.company", tmp_path, text, mode="both")
    assert imported.counts == (0, 0, 0, 1)
    assert "Several records match" in imported.refused[0][1]


def test_what_one_may_not_see_or_change_is_refused(people: People, tmp_path: Path) -> None:
    import_text(people.stranger, "parties.company", tmp_path, SHOP, **BOTH)
    before = list(Company.objects.order_by("pk").values())
    one = "Company,City,Shop no\nTaken over,Bonn,A-17\n"
    hidden = import_text(people.owner, "parties.company", tmp_path, one, **BOTH)
    assert hidden.counts == (0, 0, 0, 1)
    assert hidden.refused[0][1] == "The row cannot be imported. Ask an administrator."
    role = Role.objects.get(name="Own rows")
    role.grants["parties.company"] |= {"view": "all"}
    role.save()
    people.owner.forget_rights()
    readonly = import_text(people.owner, "parties.company", tmp_path, one, **BOTH)
    assert readonly.counts == (0, 0, 0, 1)
    assert list(Company.objects.order_by("pk").values()) == before
    assert len(ids()) == 2


def test_undo_takes_the_ids_back_and_a_deleted_record_frees_its_id(
    people: People, tmp_path: Path
) -> None:
    imported = import_text(people.owner, "parties.company", tmp_path, SHOP, **BOTH)
    Company.objects.filter(name="Zeta").delete()  # as when it goes along with another
    assert shop(people, tmp_path, "Company,City,Shop no\nZeta 2,Lyon,A-18\n") == (1, 0, 0, 0)
    assert ("shop", "A-18", "Zeta 2") in ids()
    again = import_text(
        people.owner, "parties.company", tmp_path, SHOP.replace("A-1", "B-1"), **BOTH
    )
    change_set = ChangeSet.objects.get(pk=again.result.changeset_id)
    undo_change_set(actor=people.owner, change_set=change_set)
    assert not ExternalId.objects.filter(value__startswith="B-").exists()
    assert imported.counts == (3, 0, 0, 0)


def test_people_are_known_apart_from_companies(people: People, tmp_path: Path) -> None:
    shop(people, tmp_path)
    imported = import_text(people.owner, "parties.person", tmp_path, SHOP, **BOTH)
    assert imported.counts == (3, 0, 0, 0)
    assert (Person.objects.count(), Company.objects.count()) == (3, 3)


def test_two_processes_read_ids_as_one_does(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WORTH_A_POOL", 1)
    text = "Company,City,Shop no\n" + "".join(f"Company {n},Bonn,N-{n}\n" for n in range(2_500))
    assert shop(people, tmp_path, text) == (2_500, 0, 0, 0)
    assert shop(people, tmp_path, text) == (0, 0, 2_500, 0)
    assert ("shop", "N-2499", "Company 2499") in ids()


def test_an_import_without_the_column_asks_nothing_of_external_ids(
    people: People, tmp_path: Path
) -> None:
    with CaptureQueriesContext(connection) as asked:
        shop(people, tmp_path, key="name", columns=COLUMNS[:2])
    assert not [one["sql"] for one in asked if "records_externalid" in one["sql"]]


# --- record types without a writer of their own --------------------------------------------------


def test_tasks_are_found_again_by_their_id(people: People, tmp_path: Path) -> None:
    def tickets(text: str, **changed: Any) -> tuple[int, ...]:
        options = {**OF_TASKS, **changed}
        return import_text(people.owner, "interactions.task", tmp_path, text, **options).counts

    assert tickets(TASKS, dry_run=True) == (2, 0, 0, 0)
    assert tickets(TASKS) == (2, 0, 0, 0)
    assert tickets(TASKS) == (0, 0, 2, 0)
    assert tickets("Title,Ticket\nCall again,T-1\nNew,T-3\nNewer,T-3\n") == (1, 2, 0, 0)
    assert set(Task.objects.values_list("title", flat=True)) == {"Call again", "Write", "Newer"}
    assert tickets("Title,Ticket\nWrite,T-1\n", key="title", mode="update") == (0, 0, 0, 1)
    assert tickets("Title,Ticket\nWrite,T-9\n", key="title", mode="update") == (0, 1, 0, 0)
    other = import_text(people.stranger, "interactions.task", tmp_path, TASKS, **OF_TASKS)
    assert (other.counts, Task.objects.count()) == ((0, 0, 0, 2), 3)


def test_rows_are_looked_up_many_at_a_time(people: People, tmp_path: Path) -> None:
    text = "Title,Ticket\n" + "".join(f"Task,T-{n}\n" for n in range(40))
    with CaptureQueriesContext(connection) as asked:
        import_text(people.owner, "interactions.task", tmp_path, text, dry_run=True, **OF_TASKS)
    lookups = [one for one in asked if "FROM records_externalid" in one["sql"]]
    assert AT_ONCE > 40 and len(lookups) == 1


# --- out and in again ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_with_external_ids_comes_in_as_what_is_there(
    people: People, tmp_path: Path, form: str
) -> None:
    shop(people, tmp_path)
    acme = Company.objects.get(name="Acme")
    external.note("parties.company", {("=erp", "x; y:z\\"): acme.pk})
    Company.objects.filter(name="Nameless id").delete()
    answer = client_of(people.owner).post(
        f"/companies/export.{form}?cols=name,city", {"elsewhere": "1"}
    )
    path = tmp_path / f"list.{form}"
    path.write_bytes(b"".join(answer.streaming_content))
    before = ids()
    again = import_file(people.owner, "parties.company", path, mode="both")
    assert again.counts == (0, 0, 2, 0)
    assert ids() == before
    Company.objects.update(city="")
    ContactPoint.objects.all().delete()
    assert import_file(people.owner, "parties.company", path, mode="both").counts == (0, 2, 0, 0)


def test_an_export_has_the_column_only_when_asked(people: People, tmp_path: Path) -> None:
    shop(people, tmp_path)
    assert rows_of(export(people.owner, "cols=name"))[0] == ["Name"]
    answer = client_of(people.owner).post("/companies/export.csv?cols=name", {"elsewhere": "1"})
    with CaptureQueriesContext(connection) as asked:
        rows = rows_of(b"".join(answer.streaming_content))
    assert rows[0] == ["Name", "ID in another system"]
    assert dict(rows[1:]) == {"Acme": "shop:A-17", "Zeta": "shop:A-18", "Nameless id": ""}
    assert len([one for one in asked if "records_externalid" in one["sql"]]) == 1
    page = client_of(people.owner).get("/companies").content.decode()
    assert 'name="elsewhere"' in page
    assert 'name="elsewhere"' not in client_of(people.owner).get("/interactions").content.decode()


# --- the wizard ---------------------------------------------------------------------------------


def test_the_wizard_keeps_the_system_with_the_mapping(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SHOP)
    chosen = decisions(
        client, imported, **{"column-2": "elsewhere", "key": "elsewhere", "system": "Shop"},
        mapping_name="Web shop", mode="both",
    )  # fmt: skip
    assert client.post(f"/import/{imported.pk}/mapping", chosen).status_code == 302
    assert ImportMapping.objects.get().settings["system"] == "Shop"
    following = bring(client, SHOP, "next.csv")
    client.post(f"/import/{following.pk}/mapping/{ImportMapping.objects.get().pk}/use")
    following.refresh_from_db()
    plan = Plan.from_json(following.settings)
    assert (plan.system, plan.key, plan.mode) == ("Shop", "elsewhere", "both")
    page = client.get(f"/import/{following.pk}?step=mapping").content.decode()
    assert 'value="Shop"' in page
    client.post(
        f"/import/{following.pk}/decide",
        decisions(client, following, mode="both", system="Shop"),
    )
    following.refresh_from_db()
    assert following.counts["created"] == 3


def test_without_a_system_the_rows_say_what_to_do(people: People) -> None:
    client = client_of(people.owner)
    imported = bring(client, SHOP)
    client.post(
        f"/import/{imported.pk}/decide",
        decisions(client, imported, **{"column-2": "elsewhere", "key": "elsewhere"}),
    )
    imported.refresh_from_db()
    assert imported.counts["refused"] == 2
    page = client.get(f"/import/{imported.pk}").content.decode()
    assert "Name the system of the ids, or write “A-17” with it, as in shop:A-17." in page


def test_an_own_export_is_recognised_and_brought_as_both(people: People) -> None:
    imported = bring(client_of(people.owner), "name,ID in another system\nAcme,shop:A-17\n")
    plan = Plan.from_json(Import.objects.get(pk=imported.pk).settings)
    assert (plan.key, plan.mode, plan.system) == ("elsewhere", "both", "")
    preset = bring(
        client_of(people.owner), "Record ID,Company name,Company Domain Name\n1,Acme,acme.com\n"
    )
    assert Plan.from_json(preset.settings).system == "hubspot"
