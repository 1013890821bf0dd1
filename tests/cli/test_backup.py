"""Backup and restore, as an operator does them: while serving, onto an empty machine, and when
something goes wrong in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.serving import Serving, command, environment

PERSON = (
    "from vinculo.platform.models import User, Role, RoleAssignment as A;"
    "u = User.objects.create_user('a@example.com', 'Ana');"
    "A.objects.create(user=u, role=Role.objects.create(name='Chief', administrator=True))"
)
COUNT = "from vinculo.platform.models import User; print('people:', User.objects.count())"


def people(data: Path) -> int:
    said = command(data, "shell", "-c", COUNT).stdout
    return int(said.rsplit("people:", 1)[1])


@pytest.mark.slow
def test_saved_while_serving_and_put_back_elsewhere(
    serving: Serving, data: Path, folder: Path
) -> None:
    assert command(data, "shell", "-c", PERSON).returncode == 0
    blob = data / "files" / "ab" / "abcdef"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"a contract")
    file = folder / "monday.vinculo"

    done = command(data, "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert "secret_key" in done.stderr and "not inside" in done.stderr
    assert serving.get("/readyz")[0] == 200
    assert b"a contract" in file.read_bytes()
    assert (data / "secrets" / "secret_key").read_bytes() not in file.read_bytes()

    refused = command(data, "restore", str(file), "--replace")
    assert refused.returncode == 1 and "already runs" in refused.stderr

    new = folder / "new"
    done = command(new, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "each counted" in done.stdout
    assert "secret_key" in done.stderr, "what cannot be read here is said"
    assert people(new) == 1
    assert (new / "files" / "ab" / "abcdef").read_bytes() == b"a contract"

    again = command(new, "restore", str(file))
    assert again.returncode == 1 and "not empty" in again.stderr

    # In the middle of a restore: killed at its most delicate, the old data is still in use.
    assert (
        command(new, "shell", "-c", PERSON.replace("a@", "b@").replace("Chief", "C2")).returncode
        == 0
    )
    half = subprocess.Popen(
        [sys.executable, "-m", "vinculo", "restore", "--replace", str(file)],
        env=environment(new), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for_restoring(new)
    half.send_signal(signal.SIGKILL)
    half.wait()
    assert people(new) == 2

    done = command(new, "restore", str(file), "--replace")
    assert done.returncode == 0, done.stderr
    assert "kept as vinculo_before_" in done.stdout
    assert people(new) == 1
    assert not restoring(new), "and what the killed one had begun is gone"


def restoring(data: Path) -> bool:
    """Whether a database is being built beside the one in use."""
    import psycopg

    try:
        with psycopg.connect(host=str(data / "run"), user="vinculo", dbname="postgres") as found:
            query = "SELECT 1 FROM pg_database WHERE datname LIKE 'vinculo_restoring_%'"
            return found.execute(query).fetchone() is not None
    except psycopg.OperationalError:
        return False


def wait_for_restoring(data: Path) -> None:
    until = time.monotonic() + 60
    while not restoring(data):
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.slow
def test_with_secrets_everything_can_be_read_elsewhere(data: Path, folder: Path) -> None:
    file = folder / "all.vinculo"
    assert command(data, "backup", str(file), "--with-secrets").returncode == 0
    new = folder / "new"
    done = command(new, "restore", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    kept = (data / "secrets" / "secret_key").read_text()
    assert (new / "secrets" / "secret_key").read_text() == kept
    assert (new / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_damaged_or_newer_backup_changes_nothing(data: Path, folder: Path) -> None:
    future = (
        "from django.db.migrations.recorder import MigrationRecorder as R;"
        "from django.db import connection; R(connection).record_applied('parties', '9999_future')"
    )
    broken, newer = folder / "broken.vinculo", folder / "newer.vinculo"
    assert command(data, "backup", str(broken)).returncode == 0
    whole = bytearray(broken.read_bytes())
    whole[len(whole) // 2] ^= 1
    broken.write_bytes(whole)
    assert command(data, "shell", "-c", future).returncode == 0
    assert command(data, "backup", str(newer)).returncode == 0
    new = folder / "new"
    for file, why in ((broken, "damaged or cut off"), (newer, "9999_future")):
        done = command(new, "restore", str(file))
        assert done.returncode == 1
        assert why in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (new / "files").exists()
    assert command(new, "migrate").returncode == 0, "it is still an empty installation"
