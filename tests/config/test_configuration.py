"""Settings from the environment, folders, locks: loud where they cannot be used."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vinculo.config import database, datadir, env
from vinculo.config.cluster.places import own_folder, owner_of
from vinculo.config.locks import FileLock
from vinculo.config.problems import SetupProblem


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("yes", True), ("OFF", False), ("", True), (" 0 ", False)]
)
def test_flags(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("VINCULO_THING", value)
    assert env.flag("VINCULO_THING", default=True) is meaning


def test_values_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VINCULO_THING", "maybe")
    with pytest.raises(SetupProblem, match="VINCULO_THING is 'maybe'; use 1 or 0"):
        env.flag("VINCULO_THING")
    with pytest.raises(SetupProblem, match="use a whole number"):
        env.number("VINCULO_THING", 1)
    with pytest.raises(SetupProblem, match="use one of: text, json"):
        env.choice("VINCULO_THING", ["text", "json"], "text")
    monkeypatch.setenv("PORT", "65536")
    with pytest.raises(SetupProblem, match="between 1 and 65535"):
        env.port()


def test_an_outside_database() -> None:
    place = database.outside_place("postgresql://us%40er:p%2Fw@db.example:5433/crm?sslmode=require")
    assert place == {
        "NAME": "crm",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert database.outside_place("postgresql:///crm?host=/run/pg")["HOST"] == "/run/pg"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for a data directory."""
    monkeypatch.setenv("VINCULO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_secret_is_made_once_and_private(data: Path) -> None:
    first = datadir.secret("of_this_test")
    assert len(first) > 60
    datadir._secret.cache_clear()
    assert datadir.secret("of_this_test") == first
    file = data / "secrets" / "of_this_test"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == ["of_this_test"]


def test_the_first_start_decides_what_an_installation_is(data: Path) -> None:
    datadir.secret("whatever")
    assert datadir.ensure_installation().kind == "new"
    assert datadir.settle_kind("demo").kind == "demo"
    assert datadir.settle_kind("real").kind == "demo"
    assert datadir.remember_kind("real").kind == "real"


def test_an_unknown_kind_is_a_real_one(data: Path) -> None:
    datadir.ensure_installation()
    file = data / "installation.json"
    file.write_text(file.read_text().replace('"new"', '"playground"'))
    found = datadir.read_installation()
    assert found is not None and found.kind == "real"


def test_a_link_somebody_put_in_our_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SetupProblem, match="is not a folder of the user"):
        own_folder(tmp_path / "run", owner_of(os.geteuid()))
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder of somebody else")
    (tmp_path / "run").mkdir(mode=0o700)
    os.chown(tmp_path / "run", 12345, 12345)
    with pytest.raises(SetupProblem, match="is not a folder of the user root"):
        own_folder(tmp_path / "run", owner_of(0))


def test_a_lock_is_for_one(tmp_path: Path) -> None:
    # Two handles of one process are as separate as two processes.
    ours, theirs = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert ours.take(wait=False)
    ours.sign()
    assert not theirs.take(wait=False)
    assert theirs.signature() == str(os.getpid())
    ours.free()
    assert theirs.take(shared=True, wait=False)
    assert ours.take(shared=True, wait=False)
    assert not ours.take(wait=False)
