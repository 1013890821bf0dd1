"""`vinculo doctor journal` on a real installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.serving import Serving, command

pytestmark = pytest.mark.slow


def test_a_clean_journal_and_one_that_was_touched(data: Path) -> None:
    server = Serving(data)
    try:
        server.wait_for("/readyz")
        clean = command(data, "doctor", "journal")
        assert clean.returncode == 0, clean.stdout + clean.stderr
        assert clean.stdout.startswith("ok  The journal is as it was written: ")
        with server.connect() as database:
            database.execute("ALTER TABLE platform_team DISABLE TRIGGER USER")
            database.execute("INSERT INTO platform_team (id, name) VALUES (4711, 'Slipped in')")
        touched = command(data, "doctor", "journal")
        assert touched.returncode == 1
        assert "platform_team 4711 was added without the journal." in touched.stdout
    finally:
        server.stop()
