"""Before an upgrade the database is saved beside the data, and `vinculo rollback` goes back to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from vinculo.cli.backups.archive import Archive, read_archive
from vinculo.cli.backups.making import make_backup
from vinculo.config.datadir import data_dir, make_folder, write_whole

KEPT = 3


def folder() -> Path:
    """Where snapshots lie."""
    return data_dir() / "snapshots"


def take_snapshot() -> Path:
    """Save the database as it is before an upgrade; the newest few are kept.

    Files are not in it: they lie in the data directory, and an upgrade does not touch them.
    """
    make_folder(folder(), mode=0o700)
    name = datetime.now(UTC).strftime("before-upgrade-%Y%m%dT%H%M%S.vinculo")
    make_backup(folder() / name, kind="snapshot", with_files=False)
    for old in snapshots()[KEPT:]:
        old.unlink(missing_ok=True)
    return folder() / name


def snapshots() -> list[Path]:
    """Every snapshot, newest first."""
    return sorted(folder().glob("before-upgrade-*.vinculo"), reverse=True)


def code_of(archive: Archive) -> str:
    """The code an archive was made with, in words an operator can use."""
    manifest = archive.manifest
    return f"Vinculo {manifest.version}" + (
        f" (git checkout {manifest.commit[:12]})" if manifest.commit else ""
    )


def note_rollback(archive: Archive, migrations: list[str]) -> None:
    """Remember from which code we went back: starting it again must not upgrade by itself."""
    note = {"to": code_of(archive), "from_migrations": sorted(migrations)}
    write_whole(_note(), json.dumps(note, indent=2) + "\n", mode=0o644)


def rolled_back_from(migrations: list[str]) -> str:
    """To which code an operator went back from the one with these migrations; empty if from none."""
    try:
        note = json.loads(_note().read_text())
    except (OSError, ValueError):
        return ""
    return str(note["to"]) if note.get("from_migrations") == sorted(migrations) else ""


def forget_rollback() -> None:
    """The operator wants the upgrade after all."""
    _note().unlink(missing_ok=True)


def read_snapshot(file: Path | None) -> Archive | None:
    """The chosen snapshot, or the newest; None when there is none."""
    if file is not None:
        return read_archive(file)
    found = snapshots()
    return read_archive(found[0]) if found else None


def _note() -> Path:
    return data_dir() / "rolled-back.json"
