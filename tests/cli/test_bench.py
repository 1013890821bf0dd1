"""The benchmark on a tiny installation: what it measures and how many queries pages take.

Never seconds: those are for quiet machines (docs/benchmarks.md).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

# However many rows there are, a page asks the database so often and not more.
#: The first that fits. A list by owner is read person after person (ADR 23).
MOST_QUERIES = {
    "list: by owner": 16,
    "list": 10,
    "record": 24,
    "deal board: a column": 6,
    "deal board": 22,
    "search, interactions": 36,  # of all record types that are found after the customers
    "search": 18,
    "palette": 9,
    "My day": 12,
    "hint": 9,
}
GROUPS = ("start to first answer", "memory idle", "list: companies", "list: deep page",
          "list: text contains, rare", "record: company", "record: busiest company", "My day",
          "search: two Chinese characters, common", "search: pinyin initials, common",
          "search: Spanish without accents, common", "search: last four digits of a phone",
          "search: middle of a name", "save: one fact in place", "save: a call with a follow-up",
          "API: list of 50 rows", "API: create", "import: 200 new companies", "import: undo",
          "export: companies as CSV", "duplicates: all companies and people",
          "hint: the name of a company", "hint: a form filled in", "cycle: 6 rules, nobody moves",
          "deal board", "deal board: a column", "deal moved on the board", "register: load", "register: a name, half", "register: a number")  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a tiny run found."""
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    told = {name: value for name, value in os.environ.items() if not name.startswith("VINCULO_")}
    done = subprocess.run(
        [
            sys.executable, "-m", "vinculo", "bench", "--customers", "400", "--interactions",
            "3000", "--deals", "300", "--rounds", "1", "--seconds", "0.3", "--import-rows", "200",
            "--register-rows", "400", "--json", file,
        ],
        env=told, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@pytest.mark.slow
def test_measures_every_budget(report: dict[str, Any]) -> None:
    assert report["failed"] == []
    names = {figure["name"].split(" (")[0] for figure in report["figures"]}
    assert not [name for name in GROUPS if name.split(" (")[0] not in names]
    assert {"copy_rows_per_s", "select_by_key_p50_ms", "empty_answer_p50_ms"} <= set(
        report["floors"]
    )
    for figure in report["figures"]:
        assert figure["measured"] > 0, figure


@pytest.mark.slow
def test_no_page_asks_the_database_too_often(report: dict[str, Any]) -> None:
    asked = [figure for figure in report["figures"] if figure["queries"] is not None]
    assert len(asked) > 100
    for figure in asked:
        most = next(most for name, most in MOST_QUERIES.items() if figure["name"].startswith(name))
        assert figure["queries"] <= most, (figure["name"], figure["role"], figure["queries"])
