"""The archive of a backup: nothing that is not exactly what was written is believed."""

from __future__ import annotations

import os
import random
import tarfile
from pathlib import Path

import pytest

from vinculo.cli.backups import archive as archives
from vinculo.cli.backups.archive import Manifest, Writer, read_archive
from vinculo.config.problems import SetupProblem


def manifest(**more: object) -> Manifest:
    known = {
        "format": archives.FORMAT, "kind": "backup", "made_at": "2026-11-21T00:00:00+00:00",
        "version": "0.1.0", "commit": "", "postgresql": 180000, "installation": "a",
        "installation_kind": "real", "migrations": [], "tables": {"parties_party": 1},
        "secrets": {}, "with_secrets": False, "with_files": True,
    }  # fmt: skip
    return Manifest(**{**known, **more})  # type: ignore[arg-type]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A small archive with a dump and a file."""
    (tmp_path / "dump").write_bytes(bytes(range(256)) * 5)
    (tmp_path / "blob").write_bytes(b"contract")
    with Writer(tmp_path / "one.vinculo") as writer:
        writer.add("database.dump", tmp_path / "dump")
        writer.add("files/ab/abc-_9", tmp_path / "blob")
        writer.finish(manifest())
    return tmp_path / "one.vinculo"


def test_what_was_written_is_read(written: Path) -> None:
    found = read_archive(written)
    assert found.manifest.tables == {"parties_party": 1}
    assert found.members("files") == ["files/ab/abc-_9"]
    with found.opened({"files/ab/abc-_9"}) as members:
        assert [(name, data.read()) for name, data in members] == [("files/ab/abc-_9", b"contract")]
    assert written.stat().st_mode & 0o777 == 0o600
    assert tarfile.is_tarfile(written), "anybody's tar opens it"


def test_one_flipped_bit_anywhere_is_found(written: Path) -> None:
    whole = written.read_bytes()
    chance = random.Random(7)
    places = [0, len(whole) - 1, *chance.sample(range(len(whole)), 300)]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << chance.randrange(8)
        written.write_bytes(broken)
        with pytest.raises(SetupProblem, match="damaged"):
            read_archive(written)


def test_a_missing_end_is_found(written: Path) -> None:
    whole = written.read_bytes()
    for size in (0, 1, 511, 512, 1500, len(whole) // 2, len(whole) - 512, len(whole) - 1):
        written.write_bytes(whole[:size])
        with pytest.raises(SetupProblem, match="damaged"):
            read_archive(written)
    written.write_bytes(whole + b"more")
    with pytest.raises(SetupProblem, match="damaged"):
        read_archive(written)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"x")
    with Writer(tmp_path / "new.vinculo") as writer:
        writer.add("database.dump", tmp_path / "dump")
        writer.finish(manifest(format=archives.FORMAT + 1, version="9.0"))
    with pytest.raises(SetupProblem, match="newer Vinculo"):
        read_archive(tmp_path / "new.vinculo")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "files/../../evil", "other/x"])
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "dump").write_bytes(b"x")
    with Writer(tmp_path / "evil.vinculo") as writer:
        writer.add("database.dump", tmp_path / "dump")
        writer.add(name, tmp_path / "dump")
        writer.finish(manifest())
    with pytest.raises(SetupProblem, match="damaged"):
        read_archive(tmp_path / "evil.vinculo")


def test_an_unfinished_archive_leaves_the_old_one(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(KeyError), Writer(written) as writer:
        writer.add("database.dump", written)
        raise KeyError
    assert written.read_bytes() == before
    assert sorted(one.name for one in written.parent.iterdir()) == ["blob", "dump", "one.vinculo"]


def test_what_a_killed_backup_left_is_swept(written: Path) -> None:
    dead = written.with_name(f".{written.name}.{2**22 + 1}.part-dump")
    living = written.with_name(f".{written.name}.{os.getppid()}.part")
    for draft in (dead, living):
        draft.write_bytes(b"half")
    archives.sweep_drafts(written)
    assert not dead.exists()
    assert living.exists()
