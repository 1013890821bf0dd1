"""One slow report never stops the others: time limits, turns, heavy places, busy seconds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from tests.personas import People
from tests.samples import make_company
from vinculo.platform.errors import TooMuchAtOnce
from vinculo.platform.patience import limit_statements, patience
from vinculo.platform.turns import Turns, charge, take_heavy_place, turns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _begin_anew() -> Iterator[None]:
    turns.forget()
    yield
    turns.forget()


@pytest.fixture
def hurried(settings: Any) -> Iterator[None]:
    """A statement may take a fifth of a second, as in a web process with such a limit."""
    settings.ROOT_URLCONF = "tests.platform.slow_urls"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 200")
    yield


def test_a_slow_page_is_stopped_and_says_so(people: People, hurried: None, caplog: Any) -> None:
    client = Client()
    client.force_login(people.owner)
    answer = client.get("/tests/slow")
    assert answer.status_code == 503
    assert "This took too long and was stopped." in answer.content.decode()
    assert "A statement took too long: slow" in caplog.text


def test_a_slow_part_of_a_page_is_a_toast(people: People, hurried: None) -> None:
    client = Client()
    client.force_login(people.owner)
    answer = client.get("/tests/slow", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert "took too long" in json.loads(answer["HX-Trigger"])["toast"]["message"]


def test_a_slow_call_of_the_api_says_so_to_programs(people: People, monkeypatch: Any) -> None:
    from vinculo.records.api import reading

    def slow(*_arguments: Any, **_named: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1)")

    client = Client()
    client.force_login(people.owner)
    monkeypatch.setattr(reading.lists, "parse_list", slow)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 200")
    answer = client.get("/api/v1/companies")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "took_too_long")


def test_what_needs_longer_says_so_and_the_limit_comes_back(people: People) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 200")
        with patience(5):
            cursor.execute("SELECT pg_sleep(0.4)")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "200ms"


def test_the_limit_is_an_option_of_the_connection(monkeypatch: Any) -> None:
    options: dict[str, Any] = {"options": "-c lock_timeout=7"}
    settings_dict = {**connections["default"].settings_dict, "OPTIONS": options}
    monkeypatch.setattr(connections["default"], "settings_dict", settings_dict)
    limit_statements(10)
    assert options["options"] == "-c lock_timeout=7 -c statement_timeout=10000"
    beside = connections["default"].copy()
    with beside.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "10s"
    beside.close()


def test_one_thread_always_stays_for_the_others(settings: Any, monkeypatch: Any) -> None:
    settings.WEB_THREADS, settings.BUSY_SECONDS = 4, 0
    monkeypatch.setattr("vinculo.platform.turns.PATIENCE", 0.2)
    gate, end, refused = Turns(), threading.Event(), []
    served = threading.Semaphore(0)

    def ask() -> None:
        try:
            with gate.one(1):
                served.release()
                end.wait(10)
        except TooMuchAtOnce:
            refused.append(1)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        assert served.acquire(timeout=5)
    begun = time.monotonic()
    with gate.one(2):  # somebody else is served at once
        assert time.monotonic() - begun < 0.1
    threads[0].join(2)
    time.sleep(0.4)
    end.set()
    for thread in threads:
        thread.join(5)
    assert len(refused) == 2


def test_quick_requests_wait_for_their_turn_and_are_served(settings: Any) -> None:
    settings.WEB_THREADS, settings.BUSY_SECONDS = 2, 0
    gate, served = Turns(), []

    def ask() -> None:
        with gate.one(1):
            time.sleep(0.02)
            served.append(1)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(served) == 10


def test_a_person_has_two_places_for_heavy_work(people: People) -> None:
    outcomes: list[str] = []
    taken, end = threading.Semaphore(0), threading.Event()

    def export() -> None:
        """In a thread, so with a connection of its own: as another process would."""
        try:
            give_back = take_heavy_place(people.owner)
            taken.release()
            end.wait(10)
            give_back()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=export) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert taken.acquire(timeout=5)
    with pytest.raises(TooMuchAtOnce):
        take_heavy_place(people.owner)
    make_company(people.owner)
    client = Client()
    client.force_login(people.owner)
    refused = client.post("/companies/export.csv")
    outcomes.append(str(refused.status_code))
    take_heavy_place(people.teammate)()
    end.set()
    for thread in threads:
        thread.join(5)
    for _ in range(3):  # each export gives its place back
        answer = client.post("/companies/export.csv")
        assert b"Zanzibarquill" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert outcomes == ["429"]


def test_busy_seconds_run_out_and_come_back(people: People, settings: Any) -> None:
    settings.BUSY_SECONDS = 60
    name = f"busy:{people.owner.pk}:{time.time()}"
    assert charge(name, 20, 60) == pytest.approx(40, abs=1)
    assert charge(name, 50, 60) == pytest.approx(-10, abs=1)
    gate = Turns()
    gate._charge(-people.owner.pk, 61)
    with pytest.raises(TooMuchAtOnce), gate.one(-people.owner.pk):
        pass
    with gate.one(-people.teammate.pk):
        pass


def test_who_asks_for_too_much_is_told(people: People, settings: Any) -> None:
    settings.BUSY_SECONDS = 60
    client = Client()
    client.force_login(people.owner)
    turns._overdrawn[people.owner.pk] = time.monotonic() + 5
    answer = client.get("/companies")
    assert answer.status_code == 429
    assert "asking for much at once" in answer.content.decode()
    client.force_login(people.teammate)
    assert client.get("/companies").status_code == 200
