"""The journal's seal: what was touched behind the application's back is found and named."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.personas import People, make_people
from vinculo.kernel.clock import now
from vinculo.platform.journal import change_set
from vinculo.platform.models import Change, Seal, Team
from vinculo.platform.seal import anchors
from vinculo.platform.seal.checking import check_journal
from vinculo.platform.seal.erasing import erase_payloads
from vinculo.platform.seal.merkle import merkle_root
from vinculo.platform.seal.sealing import seal_journal, seal_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_anchors(tmp_path: Path, settings: Any) -> None:
    settings.VINCULO_DATA = tmp_path


def sentences() -> list[str]:
    return [finding.what for finding in check_journal().findings]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


@contextmanager
def behind_its_back(table: str) -> Iterator[None]:
    """As somebody with a database console who switches the triggers off."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def edit_twice(people: People) -> Change:
    """A team renamed twice, everything sealed; returns the first of the two changes."""
    for name in ("North-East", "North-West"):
        with change_set(actor=people.admin, verb="t.rename"):
            Team.objects.filter(pk=people.north.pk).update(name=name)
    seal_journal()
    renamed = Change.objects.filter(changeset__verb="t.rename").order_by("id")
    return renamed[0]


def test_a_clean_journal_is_clean_and_a_second_look_seals_nothing(people: People) -> None:
    edit_twice(people)
    assert sentences() == []
    assert seal_once(now()) is None
    report = check_journal()
    assert (report.changes, report.waiting) == (Change.objects.count(), 0)


def test_an_altered_change_is_named(people: People) -> None:
    touched = edit_twice(people)
    sql('UPDATE platform_change SET before = \'{"name": "Other"}\' WHERE id = %s', touched.id)
    (said,) = sentences()
    assert said.startswith(f"platform_team {people.north.pk}: change {touched.id} (change-set ")
    assert f"(change-set {touched.changeset_id}, sealed {now():%Y-%m-%d}" in said
    assert said.endswith("was altered.")


def test_a_change_given_to_somebody_else_is_named(people: People) -> None:
    touched = edit_twice(people)
    sql(
        "UPDATE platform_changeset SET actor_id = %s WHERE id = %s",
        people.owner.pk,
        touched.changeset_id,
    )
    assert [f"change {touched.id}" in said for said in sentences()] == [True]


def test_a_removed_change_is_named(people: People) -> None:
    touched = edit_twice(people)
    sql("DELETE FROM platform_change WHERE id = %s", touched.id)
    (said,) = sentences()
    assert f"platform_team {people.north.pk}: change {touched.id}" in said
    assert said.endswith("was removed.")


def test_an_added_change_is_named(people: People) -> None:
    touched = edit_twice(people)
    Seal.objects.update(floor=Change.objects.latest("id").id)  # as once all transactions ended
    sql(
        "INSERT INTO platform_change (id, at, changeset_id, table_name, row_id, op) "
        "OVERRIDING SYSTEM VALUE VALUES (-5, now(), %s, 'platform_team', 77, 'U')",
        touched.changeset_id,
    )
    (said,) = sentences()
    assert said.startswith("platform_team 77: change -5") and said.endswith("was added.")


def test_a_row_changed_with_the_triggers_off_is_named(people: People) -> None:
    edit_twice(people)
    with behind_its_back("platform_team"):
        sql("UPDATE platform_team SET name = 'Quietly' WHERE id = %s", people.north.pk)
    (said,) = sentences()
    assert said.startswith(f"platform_team {people.north.pk} was changed without the journal")


def test_a_row_removed_with_the_triggers_off_is_named(people: People) -> None:
    edit_twice(people)
    with behind_its_back("platform_membership"):
        sql("DELETE FROM platform_membership WHERE user_id = %s", people.owner.pk)
    (said,) = sentences()
    assert said.startswith("platform_membership ") and "was removed without the journal" in said


def test_a_row_added_with_the_triggers_off_is_named(people: People) -> None:
    edit_twice(people)
    with behind_its_back("platform_team"):
        sql("INSERT INTO platform_team (id, name) VALUES (4711, 'Slipped in')")
    assert sentences() == ["platform_team 4711 was added without the journal."]


def test_columns_that_the_journal_ignores_and_new_columns_alarm_nobody(people: People) -> None:
    edit_twice(people)
    with behind_its_back("platform_user"):
        sql("UPDATE platform_user SET session_epoch = 9 WHERE id = %s", people.owner.pk)
    sql("ALTER TABLE platform_team ADD COLUMN colour text DEFAULT 'green'")
    assert sentences() == []


def test_a_row_that_changed_since_its_seal_is_not_alarming(people: People) -> None:
    edit_twice(people)
    Team.objects.filter(pk=people.north.pk).update(name="Later")
    assert sentences() == []
    assert check_journal().waiting == 1


def test_a_rewritten_chain_is_found_by_its_anchor(people: People) -> None:
    touched = edit_twice(people)
    written = anchors.read_all()[0]
    sql('UPDATE platform_change SET before = \'{"name": "Other"}\' WHERE id = %s', touched.id)
    chains = set(Seal.objects.values_list("chain", flat=True))
    kept = [(anchor.file, anchor.file.read_text()) for anchor in written]
    Seal.objects.all().delete()
    seal_journal()
    assert set(Seal.objects.values_list("chain", flat=True)).isdisjoint(chains)
    assert sentences() == []  # the chain itself is whole …
    for file, text in kept:
        file.write_text(text)
    (said,) = sentences()  # … but not the one that was anchored
    assert "chain was rewritten" in said


def test_a_shortened_and_a_patched_chain_are_found(people: People) -> None:
    for step in range(3):
        with change_set(actor=people.admin, verb="t.step"):
            Team.objects.filter(pk=people.north.pk).update(name=f"Step {step}")
        seal_once(now() + timedelta(minutes=step))
    last = Seal.objects.latest("number")
    sql("UPDATE platform_seal SET root = %s WHERE number = %s", b"x" * 32, last.number)
    assert any("does not follow" in said for said in sentences())
    Seal.objects.filter(number=last.number).delete()
    assert any("names a seal that the chain does not have" in said for said in sentences())


def test_an_erased_payload_still_verifies(people: People) -> None:
    touched = edit_twice(people)
    assert erase_payloads([touched.id]) == 1
    touched = Change.objects.get(id=touched.id)
    assert touched.before is None
    report = check_journal()
    assert (report.findings, report.erased) == ([], 1)
    sql("UPDATE platform_change SET before_digest = %s WHERE id = %s", b"x" * 32, touched.id)
    assert len(sentences()) == 1


def test_the_anchor_is_private_and_says_how_far_the_day_came(people: People) -> None:
    edit_twice(people)
    (anchor,) = anchors.read_all()[0]
    assert stat.S_IMODE(anchor.file.stat().st_mode) == 0o600
    last = Seal.objects.latest("number")
    assert (anchor.number, anchor.total) == (last.number, Change.objects.count())
    assert anchor.file.name == f"{now():%Y-%m-%d}.txt"


def test_roots_differ_with_order_count_and_content() -> None:
    leaves = [bytes([n]) * 32 for n in range(1, 6)]
    roots = {
        merkle_root(some)
        for some in (leaves, leaves[::-1], leaves[:4], leaves[:1], [*leaves, leaves[-1]], [])
    }
    assert len(roots) == 6


@pytest.mark.django_db(transaction=True)
def oldest_running() -> int:
    """The number of the oldest transaction that has not ended, in any database of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def test_what_commits_late_is_sealed_late_and_never_missed(transactional_db: None) -> None:
    """A transaction takes its numbers early and commits after others were sealed."""
    people = make_people()
    seal_journal()
    wrote, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with change_set(actor=people.admin, verb="t.slow"):
                Team.objects.filter(pk=people.north.pk).update(name="Slow")
                wrote.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    for name in ("One", "Two"):
        with change_set(actor=people.admin, verb="t.quick"):
            Team.objects.filter(pk=people.south.pk).update(name=name)
        assert seal_once(now()) is not None
    quick = Seal.objects.latest("number")
    assert quick.floor < quick.first_id  # somebody may still come in below
    may_end.set()
    thread.join()
    late = seal_once(now())
    assert late is not None and late.count == 1 and late.last_id < quick.first_id
    assert sentences() == []
    oldest = oldest_running()
    assert seal_once(now()) is None
    # A transaction of another database of the same server holds the floor down as well.
    assert Seal.objects.latest("number").floor >= quick.last_id or oldest < quick.horizon
    Team.objects.filter(pk=people.south.pk).update(name="Three")
    seal_journal()
    report = check_journal()
    assert (report.findings, report.waiting) == ([], 0)
    assert report.changes == Change.objects.count()
