"""What becomes of each row: created, updated, skipped or refused; and never more than one may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parties.importing_help import import_file, import_text
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.kernel.errors import NotAllowed
from vinculo.parties.importing.decide import REASONS
from vinculo.parties.models import Company, ContactPoint, Party, Person, Relation
from vinculo.platform.models import ChangeSet, Role
from vinculo.platform.undo import undo_change_set
from vinculo.records.transfer import pool

pytestmark = pytest.mark.django_db

FIRST = "id,name,phone,email,city,country\n1,Acme,+34 911 222 333,a@acme.es,Madrid,Spain\n"


def points(party: Party, kind: str) -> list[tuple[str, bool]]:
    found = party.contact_points.filter(kind=kind).order_by("pk")
    return [(point.value, point.is_primary) for point in found]


def test_an_update_changes_what_the_file_says_and_nothing_else(
    people: People, tmp_path: Path
) -> None:
    import_text(people.owner, "parties.company", tmp_path, FIRST)
    Company.objects.update(description="Kept")
    second = "id,name,phone,city\n1,Acme Ibérica,+34 911 222 444,\n2,New,,\n"
    imported = import_text(
        people.owner, "parties.company", tmp_path, second, key="external_id", mode="both"
    )
    assert imported.counts == (1, 1, 0, 0)
    acme = Company.objects.get(external_id="1")
    assert (acme.name, acme.description, acme.city) == ("Acme Ibérica", "Kept", "Madrid")
    assert acme.phone == "+34 911 222 444"
    assert points(acme, "phone") == [("+34911222333", False), ("+34911222444", True)]
    assert acme.sort_name == "acme iberica"


def test_undo_reverts_updates_too(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "parties.company", tmp_path, FIRST)
    before = Party.objects.values().get()
    imported = import_text(
        people.owner,
        "parties.company",
        tmp_path,
        "id,name,phone,city,tags\n1,Other name,+34 911 999 999,Sevilla,x;y\n2,New,,,\n",
        key="external_id",
        mode="both",
    )
    change_set = ChangeSet.objects.get(pk=imported.result.changeset_id)
    undo_change_set(actor=people.owner, change_set=change_set)
    after = Party.objects.values().get()
    before.pop("updated_at"), after.pop("updated_at")
    assert after == before
    assert points(Company.objects.get(), "phone") == [("+34911222333", True)]


def test_update_mode_never_creates(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "parties.company", tmp_path, FIRST)
    imported = import_text(
        people.owner,
        "parties.company",
        tmp_path,
        "id,city\n1,Toledo\n9,Lugo\n",
        key="external_id",
        mode="update",
    )
    assert imported.counts == (0, 1, 1, 0)
    assert Company.objects.get().city == "Toledo"


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("external_id", "1,Whatever,,,,"),
        ("name", ",ACME,,,Bonn,"),
        ("email", ",Whatever,,A@ACME.ES,Bonn,"),
        ("phone", ",Whatever,0034911222333,,Bonn,"),
    ],
)
def test_known_records_are_recognised_by_each_key(
    people: People, tmp_path: Path, key: str, row: str
) -> None:
    import_text(people.owner, "parties.company", tmp_path, FIRST)
    text = FIRST.splitlines()[0] + "\n" + row + "\n"
    imported = import_text(people.owner, "parties.company", tmp_path, text, key=key, mode="both")
    assert imported.counts == (0, 1, 0, 0)
    assert Company.objects.count() == 1


def test_names_that_only_sound_alike_are_two_companies(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "parties.company", tmp_path, "name\n上海\n")
    imported = import_text(
        people.owner, "parties.company", tmp_path, "name\n伤害\n上海\n", key="name", mode="both"
    )
    assert imported.counts == (1, 0, 1, 0)


def test_repeated_rows_become_one_record(people: People, tmp_path: Path) -> None:
    text = (
        "id,name,phone,tags\n7,First,+34 911 111 111,a\n8,Between,,\n"
        "7,,+34 911 222 222,\n7,Last,,b;c\n"
    )
    imported = import_text(
        people.owner, "parties.company", tmp_path, text, key="external_id", mode="both"
    )
    assert imported.counts == (2, 2, 0, 0)
    last = Company.objects.get(external_id="7")
    assert (last.name, sorted(last.tags)) == ("Last", ["b", "c"])
    assert points(last, "phone") == [("+34911111111", False), ("+34911222222", True)]
    assert last.sort_name == "last"


def test_repeated_rows_are_skipped_when_only_creating(people: People, tmp_path: Path) -> None:
    imported = import_text(
        people.owner, "parties.company", tmp_path, "id,name\n7,A\n7,B\n", key="external_id"
    )
    assert imported.counts == (1, 0, 1, 0)
    assert Company.objects.get().name == "A"


def test_two_records_that_match_refuse_the_row(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "parties.company", tmp_path, "name\nAcme\nAcme\n", key="")
    imported = import_text(
        people.owner, "parties.company", tmp_path, "name,city\nAcme,Bonn\n", key="name", mode="both"
    )
    assert imported.counts == (0, 0, 0, 1)
    assert imported.refused[0][:2] == (2, REASONS["ambiguous"])


class TestRights:
    def test_a_hidden_match_tells_nothing(self, people: People, tmp_path: Path) -> None:
        import_text(people.stranger, "parties.company", tmp_path, FIRST)
        for mode in ("create", "both"):
            imported = import_text(
                people.owner, "parties.company", tmp_path, FIRST, key="external_id", mode=mode
            )
            assert imported.counts == (0, 0, 0, 1)
            assert imported.refused[0][1] == REASONS["hidden"]
        assert Company.objects.get().owner == people.stranger

    def test_what_may_only_be_seen_is_not_changed(self, people: People, tmp_path: Path) -> None:
        role = Role.objects.get(name="Own rows")
        role.grants["parties.company"]["view"] = "all"
        role.save()
        import_text(people.stranger, "parties.company", tmp_path, FIRST)
        imported = import_text(
            people.owner,
            "parties.company",
            tmp_path,
            "id,city\n1,Lugo\n",
            key="external_id",
            mode="update",
        )
        assert imported.refused[0][1] == REASONS["readonly"]
        assert Company.objects.get().city == "Madrid"

    def test_nobody_gives_records_beyond_their_reach(self, people: People, tmp_path: Path) -> None:
        text = f"name,owner\nMine,{people.owner.email}\nTheirs,{people.stranger.email}\nX,nobody\n"
        imported = import_text(people.owner, "parties.company", tmp_path, text)
        assert imported.counts == (1, 0, 0, 2)
        assert Company.objects.get().name == "Mine"
        by_manager = import_text(
            people.manager, "parties.company", tmp_path, text.replace("X,nobody\n", ""), key=""
        )
        assert by_manager.counts == (2, 0, 0, 0)
        assert Company.objects.get(name="Theirs").team == people.south

    def test_without_the_right_nothing_is_read(self, people: People, tmp_path: Path) -> None:
        Role.objects.filter(name="Own rows").update(grants={"parties.company": {"view": "all"}})
        with pytest.raises(NotAllowed):
            import_text(people.owner, "parties.company", tmp_path, FIRST)

    def test_hidden_fields_are_no_targets(self, people: People, tmp_path: Path) -> None:
        role = Role.objects.get(name="Own rows")
        role.field_rules = {"parties.company": {"phone": "hidden", "tax_id": "readonly"}}
        role.save()
        imported = import_text(
            people.owner, "parties.company", tmp_path, "name,phone,NIF\nA,911222333,B1\n"
        )
        assert imported.counts[0] == 1
        assert not ContactPoint.objects.exists()
        assert Company.objects.get().tax_id == ""


class TestPeople:
    def test_people_come_with_their_company(self, people: People, tmp_path: Path) -> None:
        import_text(people.owner, "parties.company", tmp_path, "name\nAcme\n")
        text = (
            "First name,Last name,Company,Job title,Email,Birthday\n"
            "Ana,Pérez,ACME,Buyer,ana@acme.es,31/12/1980\n"
            "Bo,Li,New Corp,,bo@new.com,01/02/1990\nCy,Ro,new corp,,,\n"
        )
        imported = import_text(people.owner, "parties.person", tmp_path, text, key="email")
        assert imported.counts == (3, 0, 0, 0)
        ana = Person.objects.get(given_name="Ana")
        assert (ana.name, ana.company.name, ana.job_title) == ("Ana Pérez", "Acme", "Buyer")
        assert ana.birthday.isoformat() == "1980-12-31"
        assert Company.objects.count() == 2
        assert Relation.objects.filter(company__name="New Corp").count() == 2
        assert ana.company.completeness > 5

    def test_a_change_of_company_ends_the_old_place(self, people: People, tmp_path: Path) -> None:
        text = "Name,Company,Email\nAna Pérez,{},ana@x.es\n"
        import_text(people.owner, "parties.person", tmp_path, text.format("Old"), key="email")
        imported = import_text(
            people.owner, "parties.person", tmp_path, text.format("New"), key="email", mode="both"
        )
        assert imported.counts == (0, 1, 0, 0)
        assert Person.objects.get().company.name == "New"
        assert Relation.objects.get(company__name="Old").ended_on is not None
        again = import_text(
            people.owner, "parties.person", tmp_path, text.format("New"), key="email", mode="both"
        )
        assert again.counts == (0, 0, 1, 0)

    def test_salesforce_export(self, people: People) -> None:
        accounts = import_file(
            people.admin, "parties.company", shared("salesforce_export_genai", "Account.csv"),
            lenient=True,
        )  # fmt: skip
        contacts = import_file(
            people.admin, "parties.person", shared("salesforce_export_genai", "Contact.csv"),
            lenient=True,
        )  # fmt: skip
        assert accounts.counts[3] == 0
        assert contacts.counts[0] > 0
        assert Person.objects.count() == contacts.counts[0]


def test_parents_are_linked_and_circles_cut(people: People, tmp_path: Path) -> None:
    text = "name,parent company\nChild,Mother\nA,B\nB,A\n"
    import_text(people.owner, "parties.company", tmp_path, text)
    assert Company.objects.get(name="Child").parent.name == "Mother"
    a, b = Company.objects.get(name="A"), Company.objects.get(name="B")
    assert not (a.parent == b and b.parent == a)
    assert Company.objects.count() == 4


def test_maven_accounts(people: People) -> None:
    imported = import_file(people.owner, "parties.company", shared("maven_crm_sales", "accounts.csv"),
                           lenient=True)  # fmt: skip
    assert imported.counts == (85, 0, 0, 0)
    assert Company.objects.get(name="Acme Corporation").size == "1000+"
    assert Company.objects.get(name="Acme Corporation").country == "US"


def test_two_processes_give_what_one_gives(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},Company {n},+34 911 {n:06d},x{n}\n" for n in range(2_500))
    text = "id,name,phone,email\n" + rows
    monkeypatch.setattr(pool, "WORTH_A_POOL", 1)
    imported = import_text(people.owner, "parties.company", tmp_path, text, lenient=True)
    assert imported.counts == (2_500, 0, 0, 0)
    assert imported.result.left_out == {"email": 2_500}
    assert [p.external_id for p in Company.objects.order_by("pk")[:3]] == ["0", "1", "2"]


CELL = st.sampled_from(
    ["", "1", "2", "3", "Acme", "acme", "ACME ", "x@y.com", "bad@", "+34911222333"]
)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=8),
    mode=st.sampled_from(["create", "update", "both"]),
    key=st.sampled_from(["external_id", "name", "email", "phone"]),
    lenient=st.booleans(),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_is_accounted_for(
    people: People,
    tmp_path: Path,
    rows: list[tuple[str, ...]],
    mode: str,
    key: str,
    lenient: bool,
) -> None:
    """seen = created + updated + skipped + refused; the dry run says the same; undo goes back."""
    text = "id,name,email,phone\n" + "".join(",".join(row) + "\n" for row in rows)
    options = {"mode": mode, "key": key, "lenient": lenient}
    columns = ((0, "external_id"), (1, "name"), (2, "email"), (3, "phone"))
    before = Company.objects.count()
    dry = import_text(people.owner, "parties.company", tmp_path, text, dry_run=True,
                      columns=columns, **options)  # fmt: skip
    real = import_text(people.owner, "parties.company", tmp_path, text, columns=columns, **options)
    assert real.counts == dry.counts
    assert real.result.counts["seen"] == sum(any(map(str.strip, row)) for row in rows)
    assert Company.objects.count() == before + real.counts[0]
    assert len(real.refused) == real.counts[3]


@pytest.mark.django_db(transaction=True)
def test_readers_never_wait_for_an_import(people: People, tmp_path: Path) -> None:
    """No lock of an import stands against reading: lists and searches go on beside it."""
    held: set[str] = set()

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if "pg_locks" not in str(sql):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT c.relname || ': ' || l.mode FROM pg_locks l JOIN pg_class c"
                    " ON c.oid = l.relation WHERE l.mode = 'AccessExclusiveLock'"
                    " AND l.pid = pg_backend_pid() AND c.relpersistence = 'p'"
                )
                held.update(row[0] for row in cursor.fetchall())
        return result

    lines = "".join(f"Company {n}\n" for n in range(1_200))
    with connection.execute_wrapper(look):
        imported = import_text(people.owner, "parties.company", tmp_path, f"name\n{lines}")
    assert imported.counts == (1_200, 0, 0, 0)
    assert not held
