"""Who looked at what: noted beside the request, written in batches, kept for a while."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.platform.access_events import Access, Notes, notes, prune_accesses
from vinculo.platform.models import AccessEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    notes.__init__()  # type: ignore[misc]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def written() -> list[tuple[Any, ...]]:
    notes.flush(connection)
    rows = AccessEvent.objects.order_by("id")
    return list(rows.values_list("user__name", "how", "entity", "row_id", "rows"))


def test_each_door_to_a_record_leaves_a_note(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    key = "parties.company"
    for address in ("", "/peek", "/history"):
        assert client.get(f"/companies/{company.pk}{address}").status_code == 200
    assert client.get(f"/api/v1/companies/{company.pk}").status_code == 200
    assert client.get("/api/v1/companies").status_code == 200
    assert written() == [
        ("Owner", "page", key, company.pk, None),
        ("Owner", "peek", key, company.pk, None),
        ("Owner", "history", key, company.pk, None),
        ("Owner", "api", key, company.pk, None),
        ("Owner", "api_list", key, None, 1),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_says_how_many_rows_were_taken_and_of_what(people: People, form: str) -> None:
    for name in ("Aurora", "Borealis"):
        make_company(people.owner, name)
    answer = signed_in(people.owner).post(f"/companies/export.{form}?name.contains=Auro")
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert written() == [("Owner", "export", "parties.company", None, 1)]
    assert "name.contains=Auro" in AccessEvent.objects.get().query


def test_what_was_refused_leaves_no_note(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.stranger)
    for address in (f"/companies/{company.pk}", f"/api/v1/companies/{company.pk}"):
        assert client.get(address).status_code == 404
    assert written() == []


def test_a_page_that_reloads_itself_is_one_access(people: People) -> None:
    company = make_company(people.owner)
    client = signed_in(people.owner)
    for _time in range(3):
        client.get(f"/companies/{company.pk}")
    assert len(written()) == 1


def test_notes_wait_while_the_database_cannot_be_reached(people: People) -> None:
    class Gone:
        def cursor(self) -> Any:
            raise OSError("gone")

    waiting = Notes()
    waiting.add(Access(now(), people.owner.pk, None, "page", "parties.company", 7))
    assert waiting.flush(Gone()) == 0
    assert waiting.flush(connection) == 1
    assert AccessEvent.objects.count() == 1


def test_a_user_who_is_gone_takes_their_notes_along(people: People) -> None:
    waiting = Notes()
    waiting.add(Access(now(), 987_654, None, "page", "parties.company", 7))
    waiting.add(Access(now(), people.owner.pk, None, "page", "parties.company", 8))
    waiting.flush(connection)
    assert list(AccessEvent.objects.values_list("row_id", flat=True)) == [8]


def test_old_notes_are_pruned_and_ninety_days_are_kept(people: People, settings: Any) -> None:
    settings.VINCULO_ACCESS_DAYS = 90
    for days in (89, 91):
        AccessEvent.objects.create(
            at=now() - timedelta(days=days), user=people.owner, how="page", entity="parties.company"
        )
    assert prune_accesses(now()) == 1
    assert AccessEvent.objects.count() == 1


def test_everybody_sees_their_own_notes_and_administrators_all(people: People) -> None:
    AccessEvent.objects.create(at=now(), user=people.owner, how="page", entity="parties.company")
    assert AccessEvent.objects.visible_to(people.owner).count() == 1
    assert AccessEvent.objects.visible_to(people.manager).count() == 0
    assert AccessEvent.objects.visible_to(people.admin).count() == 1


CHILD = """
import multiprocessing, django
multiprocessing.set_start_method("fork")
django.setup()
from vinculo.kernel.clock import now
from vinculo.platform import access_events
access_events.write = lambda batch, connection: print("written", [one.row_id for one in batch])

def work(row):
    access_events.notes.add(access_events.Access(now(), 1, None, "page", "parties.company", row))

work(1)
child = multiprocessing.Process(target=work, args=(2,))
child.start()
child.join()
"""


def test_a_process_that_ends_in_order_writes_what_it_holds() -> None:
    """Web workers are forks of multiprocessing, which leave without `atexit`."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**__import__("os").environ, "DJANGO_SETTINGS_MODULE": "vinculo.config.settings"},
        check=True,
    )
    assert sorted(done.stdout.split("\n")[:2]) == ["written [1]", "written [2]"]
