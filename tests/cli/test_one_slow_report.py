"""One person's slow requests on a real server with two web processes: the others are served."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.cli.serving import Serving, command

pytestmark = pytest.mark.slow

MAKE = """
WITH made AS (
    INSERT INTO platform_user (password, email, name, language, time_zone, date_style,
        number_style, is_active, session_epoch, is_demo, created_at)
    VALUES ('', %s, %s, 'en', '', 'locale', 'locale', true, 0, false, now()) RETURNING id
)
INSERT INTO platform_roleassignment (user_id, role_id)
SELECT made.id, role.id FROM made, platform_role role WHERE role.administrator
"""


def test_slow_requests_leave_room_and_end_with_a_sentence(data: Path) -> None:
    limits = {"VINCULO_WEB_WORKERS": "2", "VINCULO_STATEMENT_SECONDS": "12"}
    server = Serving(data, **limits)
    try:
        server.wait_for("/readyz")
        keys = {}
        with server.connect() as database:
            for name in ("greedy", "patient"):
                database.execute(MAKE, [f"{name}@example.com", name])
        for name in ("greedy", "patient"):
            made = command(
                data, "api-key", "create", name, "--user", f"{name}@example.com",
                "--role", "Administrator",
            )  # fmt: skip
            assert made.returncode == 0, made.stderr
            keys[name] = made.stdout.strip()

        def ask(name: str, path: str) -> tuple[int, str, float]:
            asked = urllib.request.Request(
                f"http://127.0.0.1:{server.port}{path}",
                headers={"Authorization": f"Bearer {keys[name]}"},
            )
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    return answer.status, answer.read().decode(), time.monotonic()
            except urllib.error.HTTPError as refusal:
                return refusal.code, refusal.read().decode(), time.monotonic()

        assert ask("greedy", "/api/v1/companies")[0] == 200
        told: list[tuple[int, str, float]] = []
        with server.connect() as database, database.transaction():
            # Whoever asks for companies now waits until the statement's time is over.
            database.execute("LOCK TABLE parties_party IN ACCESS EXCLUSIVE MODE")
            threads = [
                threading.Thread(target=lambda: told.append(ask("greedy", "/api/v1/companies")))
                for _ in range(10)
            ]
            for thread in threads:
                thread.start()
            time.sleep(1)
            # of a table that nobody waits for, and quick: the document of the API takes seconds
            others = [ask("patient", "/api/v1/products?limit=1") for _ in range(6)]
            served_until = time.monotonic()
            for thread in threads:
                thread.join(60)
        assert [status for status, _text, _at in others] == [200] * 6
        stopped = [(text, at) for status, text, at in told if status == 503]
        assert stopped and {status for status, _text, _at in told} <= {503, 429}
        assert all("took too long" in text for text, _at in stopped)
        assert served_until < min(at for _text, at in stopped)
        assert ask("greedy", "/api/v1/tasks")[0] in (200, 429)
    finally:
        server.stop()
