"""What the operator sees: request lines and slow pages without anybody's data, and figures."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.personas import People
from tests.samples import make_company

from vinculo.config import logs
from vinculo.config.watching import counters as counting
from vinculo.config.watching.counters import Counters
from vinculo.config.watching.requests import without_values
from vinculo.platform.journal import change_set

CANARY = "Zanzibarquill"


class Lines(io.StringIO):
    """What was logged, as JSON lines."""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def called(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """The log as a machine reads it."""
    monkeypatch.setenv("VINCULO_LOG", "json")
    wanted = logs.logging_settings()["formatters"]["line"]
    into = Lines()
    handler = logging.StreamHandler(into)
    handler.setFormatter(wanted.pop("()")(**wanted))
    handler.addFilter(logs.PlacesOnly())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    requests = logging.getLogger("vinculo.request")
    before = requests.level
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield into
    root.removeHandler(handler)
    root.setLevel(level)
    requests.setLevel(before)


@pytest.fixture
def client(people: People) -> Client:
    """The owner's browser; errors come back as pages, as they do when serving."""
    made = Client(raise_request_exception=False)
    made.force_login(people.owner)
    return made


@pytest.mark.django_db
def test_a_request_is_one_line_of_numbers(client: Client, people: People, lines: Lines) -> None:
    with change_set(actor=people.owner, verb="records.create"):
        company = make_company(people.owner)
    answer = client.get(f"/companies/{company.pk}?tab=history", HTTP_X_REQUEST_ID="ab" * 8)
    assert answer.status_code == 200
    (line,) = lines.called("request")
    assert line["route"] == "/companies/<int:pk>"
    assert (line["method"], line["status"], line["user_id"]) == ("GET", 200, people.owner.pk)
    assert line["sql"] > 3 and line["ms"] >= line["sql_ms"] > 0
    assert answer["X-Request-ID"] == line["request_id"] == "ab" * 8
    other = client.get("/companies", HTTP_X_REQUEST_ID=f"{CANARY} wrote this")
    assert other["X-Request-ID"] != f"{CANARY} wrote this"


@pytest.mark.django_db
def test_nothing_anybody_wrote_is_in_a_line(
    client: Client, people: People, lines: Lines, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SLOW_PAGE_MS = 1  # so that the queries are named, too
    with change_set(actor=people.owner, verb="records.create"):
        company = make_company(people.owner, CANARY)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ValueError(f"could not read {CANARY} of ana@{CANARY}.example")

    client.get(f"/companies?q={CANARY}")
    client.get(f"/search?q={CANARY}")
    client.get(f"/welcome/{CANARY}")
    client.get(f"/{CANARY}")
    client.get("/companies", HTTP_HOST=f"{CANARY}.example")
    client.post("/accounts/login/", {"login": f"{CANARY}@example.com", "password": CANARY})
    client.post("/companies/new", {"name": CANARY, "website": f"javascript:{CANARY}"})
    client.post(f"/companies/{company.pk}/edit", {"name": CANARY * 2})
    monkeypatch.setattr("vinculo.web.views.home", broken)
    monkeypatch.setattr("vinculo.platform.views.entrance.FirstLink", broken, raising=False)
    client.get(f"/welcome/{CANARY}")
    client.get(f"/api/v1/companies?q={CANARY}")
    logging.getLogger("vinculo.test").error("Failed: %s", "token=abc ana@example.com")
    logging.getLogger("vinculo.test").error("It broke.", exc_info=ValueError(CANARY))
    queued = {"task_name": "x.send", "id": 7, "task_kwargs": {"to": CANARY}, "call_string": CANARY}
    logging.getLogger("procrastinate.worker").error(
        f"Job x.send({CANARY})", extra={"action": "job_error", "job": queued}
    )
    assert lines.called("job_error")[0]["job"] == "x.send"
    assert len(lines.called("request")) >= 9 and lines.called("slow page")
    assert CANARY.lower() not in lines.getvalue().lower()
    assert "ana@example.com" not in lines.getvalue() and "token=abc" not in lines.getvalue()
    assert "builtins.ValueError" in lines.getvalue(), "what kind of error is still said"


@pytest.mark.django_db
def test_a_slow_page_names_its_view_and_its_slowest_queries(
    client: Client, lines: Lines, settings: Any
) -> None:
    settings.SLOW_PAGE_MS = 1
    client.get("/companies")
    (line,) = lines.called("slow page")
    assert "parties.company" in line["view"]
    assert 1 <= len(line["queries"]) <= 3
    assert all(set(query) == {"ms", "sql"} for query in line["queries"])
    settings.SLOW_PAGE_MS = 0
    client.get("/companies")
    assert len(lines.called("slow page")) == 1


def test_queries_lose_their_values() -> None:
    query = "SELECT  *\n FROM t WHERE a = 'O''Hara' AND b = 17 AND c1 = %s"
    assert without_values(query) == "SELECT * FROM t WHERE a = ? AND b = ? AND c1 = %s"


def test_counts_of_all_processes_and_threads_come_together() -> None:
    counters = Counters(["/a", "/b"])

    def work() -> None:
        for _ in range(500):
            counters.count("/a", 200, 0.02)

    children = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        children.append(pid)
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pid in children:
        os.waitpid(pid, 0)
    counters.count("/unheard", 503, 99)
    found = {(route, kind): (buckets, n) for route, kind, buckets, n, _ in counters.rows()}
    assert found["/a", "2xx"][1] == 2500
    assert found["/a", "2xx"][0] == [0, *[2500] * (len(counting.BUCKETS) - 1)]
    assert found[counting.OTHER, "5xx"] == ([0] * len(counting.BUCKETS), 1)


@pytest.mark.django_db
def test_figures_are_behind_a_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404, "none is set"
    settings.METRICS_TOKEN = "long enough to be one"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 401
    client.get("/companies")
    answer = client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {settings.METRICS_TOKEN}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'vinculo_request_seconds_count{route="/companies",status="2xx"}' in text
    assert 'le="+Inf"' in text and "vinculo_database_up 1" in text
    assert "vinculo_journal_bytes" in text and "vinculo_database_connections" in text
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2, line
