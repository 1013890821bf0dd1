"""`vinculo serve` as a tree of processes: it survives what machines do to it."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from tests.cli.serving import Serving, all_gone, command

pytestmark = pytest.mark.slow


def test_first_start_on_an_empty_folder(prepared: Path) -> None:
    """What the start that every other test copies has left; that it answers, `prepared` waits for."""
    assert '"kind": "real"' in (prepared / "installation.json").read_text()
    for secret in (prepared / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE((prepared / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE((prepared / "database").stat().st_mode) == 0o700


def test_the_database_is_private(serving: Serving) -> None:
    with serving.connect() as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("listen_addresses", "data_checksums", "fsync", "server_encoding")
        }
        locale = connection.execute(
            "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'vinculo'"
        ).fetchone()
        superuser = connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert shown == {
        "listen_addresses": "",
        "data_checksums": "on",
        "fsync": "on",
        "server_encoding": "UTF8",
    }
    assert locale == ("b", "C.UTF-8")
    assert superuser == (False,)
    owner = Path(f"/proc/{serving.postmaster()}").stat().st_uid
    assert owner != 0


def test_ctrl_c_leaves_no_process(serving: Serving) -> None:
    family = serving.family()
    assert len(family) > 5
    assert serving.stop(signal.SIGINT) == 0
    assert all_gone(family, 0.1)


def test_a_killed_database_comes_back_with_every_committed_row(serving: Serving) -> None:
    with serving.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    before = serving.postmaster()
    os.kill(before, signal.SIGKILL)
    serving.wait_for_output("The database stopped; starting it again.")
    serving.wait_for("/readyz")
    assert serving.postmaster() != before
    with serving.connect() as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_killed_part_comes_back(serving: Serving) -> None:
    parts = [
        int(name)
        for name in Path(f"/proc/{serving.process.pid}/task/{serving.process.pid}/children")
        .read_text()
        .split()
    ]
    parts.remove(serving.postmaster())
    for part in parts:
        os.kill(part, signal.SIGKILL)
    serving.wait_for_output("The web server stopped")
    serving.wait_for_output("The worker stopped")
    serving.wait_for("/readyz")


def test_the_next_start_works_after_kill_9_of_everything(serving: Serving, data: Path) -> None:
    with serving.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    family = serving.family()
    serving.process.kill()
    serving.process.wait()
    # At once: the old database may still be shutting down.
    again = Serving(data, PORT=str(serving.port + 1))
    try:
        again.wait_for("/readyz")
        with again.connect() as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        assert all_gone(family)
    finally:
        assert again.stop() == 0


@pytest.mark.parametrize("content", ["", "rubbish\n", "1\n/elsewhere\n", "{pid}\n{data}\n"])
def test_a_stale_lock_file_is_no_obstacle(data: Path, content: str) -> None:
    stale = content.format(pid=os.getpid(), data=data / "database")
    (data / "database" / "postmaster.pid").write_text(stale)
    done = command(data, "migrate")
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr


def test_parts_may_run_apart(data: Path) -> None:
    web = Serving(data, "--only", "web")
    try:
        web.wait_for("/healthz")
        assert web.get("/readyz")[0] == 503
        worker = Serving(data, "--only", "worker")
        try:
            web.wait_for("/readyz")
        finally:
            assert worker.stop() == 0
        # The worker did not take the database with it.
        assert '"database": "ok"' in web.get("/readyz")[1]
    finally:
        family = web.family() | {web.postmaster()}
        assert web.stop(signal.SIGTERM) == 0
    assert all_gone(family, 5)


def test_a_command_attaches_to_the_running_server(serving: Serving, data: Path) -> None:
    before = serving.postmaster()
    done = command(
        data,
        "shell",
        "-c",
        "from django.db import connection as c; c.ensure_connection(); print('in')",
    )
    assert (done.returncode, done.stdout) == (0, "in\n"), done.stderr
    assert serving.postmaster() == before
    assert serving.get("/readyz")[0] == 200


def test_commands_share_a_server_and_the_last_one_stops_it(data: Path) -> None:
    import subprocess
    import sys

    from tests.cli.serving import environment

    code = "from django.db import connection as c; c.ensure_connection(); print('in', flush=True); import sys; sys.stdin.readline(); c.cursor().execute('SELECT 1')"
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "vinculo", "shell", "-c", code],
            env=environment(data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout.readline() == b"in\n"
    pid = int((data / "database" / "postmaster.pid").read_text().splitlines()[0])
    for one in both:
        one.communicate(b"\n", timeout=30)
        assert one.returncode == 0
    assert all_gone({pid}, 5)
    assert not (data / "database" / "postmaster.pid").exists()


def test_the_second_start_is_quick(data: Path) -> None:
    collected = (data / "static" / ".collected").stat().st_mtime_ns
    second = Serving(data)
    second.wait_for("/healthz")
    # Processor time, not the clock's: this machine may be busy with other tests.
    took = second.processor_seconds()
    assert second.stop() == 0
    assert took < 5
    assert (data / "static" / ".collected").stat().st_mtime_ns == collected


def test_stopping_a_first_start_leaves_nothing_half_made(folder: Path) -> None:
    """Stopped early, stopped again later, and the third time it goes through."""
    for after in (0.4, 1.2):
        server = Serving(folder / "data")
        time.sleep(after)
        family = server.family()
        code = server.stop(signal.SIGTERM)
        assert code in (0, -signal.SIGTERM)  # the latter before Python is up
        assert all_gone(family)
    again = Serving(folder / "data")
    try:
        again.wait_for("/readyz")
    finally:
        assert again.stop() == 0
