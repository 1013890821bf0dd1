"""What cannot work ends in one sentence, an exit code, and nothing half-made."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from tests.cli.serving import Serving, command, free_port


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The refusal, which must be the only line and come with an exit code."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("vinculo: ")
    return lines[0]


def test_a_taken_port(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = sentence(command(folder / "data", "serve", PORT=str(port)))
    assert f"Port {port} is taken" in said
    assert not (folder / "data").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none(folder: Path, port: str) -> None:
    assert "PORT is" in sentence(command(folder / "data", "serve", PORT=port))


def test_a_data_directory_of_a_newer_version(folder: Path) -> None:
    newer = {"format": 99, "id": "a" * 16, "created_at": "2030-01-01T00:00:00+00:00"}
    (folder / "data").mkdir()
    (folder / "data" / "installation.json").write_text(json.dumps(newer))
    for arguments in (["serve"], ["migrate"], ["doctor"]):
        said = sentence(command(folder / "data", *arguments, PORT=str(free_port())))
        assert "made by a newer Vinculo" in said
    assert [file.name for file in (folder / "data").iterdir()] == ["installation.json"]


def test_a_damaged_data_directory(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "installation.json").write_text('{"format": ')
    assert "damaged" in sentence(command(folder / "data", "serve", PORT=str(free_port())))


@pytest.mark.slow
def test_tables_of_a_newer_version(data: Path) -> None:
    code = (
        "from django.db.migrations.recorder import MigrationRecorder as R;"
        "from django.db import connection; R(connection).record_applied('parties', '9999_future')"
    )
    assert command(data, "shell", "-c", code).returncode == 0
    said = sentence(command(data, "serve", PORT=str(free_port())))
    assert "newer Vinculo" in said and "9999_future" in said


@pytest.mark.slow
def test_a_second_server_on_the_same_data(serving: Serving, data: Path) -> None:
    said = sentence(command(data, "serve", PORT=str(free_port())))
    assert f"already runs on {data} (process {serving.process.pid})" in said
    assert serving.get("/readyz")[0] == 200


def test_a_path_that_is_no_folder(folder: Path) -> None:
    (folder / "file").write_text("")
    said = sentence(command(folder / "file", "serve", PORT=str(free_port())))
    assert str(folder / "file") in said


@pytest.fixture
def small_disk(folder: Path):
    """A disk of one megabyte, which only root can make."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=711", "tmpfs", str(disk)],
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not let root mount: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    said = sentence(command(small_disk / "data", "serve", PORT=str(free_port())))
    assert "is full" in said or "free some space" in said
    assert not (small_disk / "data" / "database").exists()


def test_a_read_only_disk(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = sentence(command(small_disk / "data", "serve", PORT=str(free_port())))
    assert "cannot be written" in said


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://localhost/crm", "needs PostgreSQL"),
        ("postgresql://localhost", "names no database"),
        ("postgresql://localhost:port/crm", "cannot be read"),
        ("postgresql://vinculo@127.0.0.1:1/crm", "cannot be reached"),
    ],
)
def test_an_outside_database_that_is_none(folder: Path, url: str, expected: str) -> None:
    done = command(folder / "data", "serve", PORT=str(free_port()), DATABASE_URL=url)
    assert expected in sentence(done)


def test_a_command_that_is_none(folder: Path) -> None:
    done = command(folder / "data", "sing")
    assert done.returncode == 2
    assert "invalid choice: 'sing'" in done.stderr
    assert not (folder / "data").exists()


def test_a_command_on_an_outside_database_that_is_not_there(folder: Path) -> None:
    url = "postgresql://vinculo@127.0.0.1:1/crm"
    done = command(folder / "data", "migrate", DATABASE_URL=url)
    assert "cannot be reached" in sentence(done)
