"""Many people at once on a real server, in quiet and while its processes are killed.

The long runs are `vinculo bench --people` (docs/benchmarks.md); here counts are held, never
seconds: nobody gets an error, nothing acknowledged is lost, nothing is done twice.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.serving import environment

from vinculo.config.database import is_embedded

pytestmark = pytest.mark.slow

Bench = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """`vinculo bench` with these arguments on one small filled installation; its figures."""
    if not is_embedded():
        pytest.skip("the bench runs its own database, and DATABASE_URL is set")
    folder = Path(tempfile.mkdtemp(prefix="vinculo-crowd-"))
    folder.chmod(0o711)

    def run(*arguments: str) -> dict[str, Any]:
        figures = folder / "figures.json"
        done = subprocess.run(
            [
                sys.executable, "-m", "vinculo", "bench", "--customers", "600", "--interactions",
                "2000", "--deals", "0", "--data", str(folder / "data"), "--json", str(figures), *arguments,
            ],
            env=environment(folder / "unused"), capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        log = folder / "data" / "serve.log"
        said = log.read_text()[-3000:] if log.exists() else ""
        assert figures.exists(), done.stdout[-3000:] + done.stderr[-3000:] + said
        found: dict[str, Any] = json.loads(figures.read_text())
        figures.unlink()
        return found

    try:
        yield run
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_eight_people_at_once_get_no_error(bench: Bench) -> None:
    run = bench("--people", "8", "--duration", "10", "--think", "0.4")
    assert run["wrong"] == []
    assert run["unanswered"] == {}
    assert_every_promise_kept(run)
    assert run["proof"]["unacknowledged"] == 0
    assert {"list", "record", "search", "My day", "save: call", "save: edit"} <= set(run["times"])


def test_kill_9_loses_nothing_and_does_nothing_twice(bench: Bench) -> None:
    run = bench(
        "--people", "8", "--duration", "13", "--think", "0.4", "--chaos", "--kill-every", "2"
    )  # fmt: skip
    assert {"web worker", "job worker", "database", "database connection"} <= set(run["killed"])
    assert run["wrong"] == []
    assert_every_promise_kept(run)


def assert_every_promise_kept(run: dict[str, Any]) -> None:
    """What the run looked up afterwards is as it was told."""
    proof = run["proof"]
    assert sum(proof["acknowledged"].values()) > 5
    for trouble in ("lost", "twice", "jobs_wrong", "journal"):
        assert proof[trouble] == [], trouble
    for count in ("left_waiting", "failed_jobs", "outside"):
        assert proof[count] == 0, count
    assert proof["jobs_run"] > 0
    assert run["holds"]
