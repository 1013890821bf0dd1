"""From an installation of the first quarter, full of data, to this version and back.

fixtures/first_quarter.vinculo is the demo company as commit eff4da8 made it (parties 0003,
interactions 0003, platform 0004, records 0001).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.serving import Serving, command

LANDED = Path(__file__).parent / "fixtures" / "first_quarter.vinculo"
ROWS = (
    "from django.db import connection as c; k = c.cursor();"
    "k.execute('SELECT (SELECT count(*) FROM parties_party), (SELECT count(*) FROM "
    "interactions_interaction), (SELECT count(*) FROM platform_change), (SELECT count(*) FROM "
    "django_migrations)'); print('rows:', *k.fetchone())"
)
WALK = "from tests.cli.every_page import walk; walk()"
BREAK = (
    "from django.db import connection as c; k = c.cursor();"
    "k.execute('CREATE TABLE records_savedview (id int)')"
)


def rows(data: Path) -> list[int]:
    done = command(data, "shell", "-c", ROWS)
    assert done.returncode == 0, done.stderr
    return [int(one) for one in done.stdout.rsplit("rows:", 1)[1].split()]


@pytest.fixture
def landed(folder: Path) -> Path:
    """An installation as the first quarter left it."""
    done = command(folder / "landed", "restore", str(LANDED))
    assert done.returncode == 0, done.stderr
    return folder / "landed"


@pytest.mark.slow
def test_it_upgrades_serves_every_page_and_goes_back(landed: Path) -> None:
    before = rows(landed)
    server = Serving(landed)
    try:
        server.wait_for("/readyz")
        assert "saving it first" in server.output.read_text()
        walked = command(landed, "shell", "-c", WALK)
        assert walked.returncode == 0, walked.stderr
        assert "broken:" not in walked.stdout, walked.stdout
        assert int(walked.stdout.rsplit("opened:", 1)[1]) > 150
        refused = command(landed, "rollback")
        assert refused.returncode == 1 and "already runs" in refused.stderr
    finally:
        assert server.stop() == 0
    upgraded = rows(landed)
    assert upgraded[:2] == before[:2] and upgraded[3] > before[3]

    back = command(landed, "rollback")
    assert back.returncode == 0, back.stderr
    assert "go back to the code that fits it" in back.stdout
    assert rows(landed) == before

    again = command(landed, "doctor")
    assert "migrations are pending" in again.stdout
    refused = command(landed, "demo")
    assert refused.returncode == 1 and "was rolled back" in refused.stderr
    assert rows(landed) == before, "it does not upgrade again by itself"


@pytest.mark.slow
def test_a_failed_upgrade_leaves_the_database_as_it_was(landed: Path) -> None:
    assert command(landed, "shell", "-c", BREAK).returncode == 0
    before = rows(landed)
    done = command(landed, "migrate")
    assert done.returncode == 1
    said = done.stderr.strip()
    assert "The upgrade failed" in said and "again as it was before" in said
    assert len(said.splitlines()) == 2, "what it does, and what came of it"
    assert rows(landed) == before
    snapshot = re.search(r"snapshot is kept: (\S+)\.$", said)
    assert snapshot and Path(snapshot[1]).exists()


@pytest.mark.slow
def test_an_older_database_is_not_served_where_that_is_not_wanted(landed: Path) -> None:
    done = command(landed, "demo", VINCULO_MIGRATE="0")
    assert done.returncode == 1
    assert "older than this Vinculo" in done.stderr
    assert not (landed / "snapshots").exists()
