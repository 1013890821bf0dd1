"""Write a backup: database, files and, when wished, secrets, as they were at one moment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from vinculo import __version__
from vinculo.cli.backups import postgres
from vinculo.cli.backups.archive import DUMP, FORMAT, MEMBER, Manifest, Writer, sweep_drafts
from vinculo.config.datadir import CHECKOUT, data_dir, read_installation, why_not_written
from vinculo.config.problems import SetupProblem

#: Folders of the data directory that belong to the company's data.
FOLDERS = ("files", "imports")
#: What the journal's seals are held against: fits one state of the database and goes with it.
ANCHORS = "anchors"


def make_backup(
    file: Path, *, kind: str = "backup", with_files: bool = True, with_secrets: bool = False
) -> Manifest:
    """Write the archive and return what it holds; people may go on working meanwhile.

    Files are only ever added, under names of their own, and before the rows that name them: the
    folder read after the database's moment has everything the database of that moment names.
    """
    if not file.parent.is_dir():
        raise SetupProblem(f"There is no folder {file.parent}.")
    if file.is_dir():
        raise SetupProblem(f"{file} is a folder: name a file in it.")
    sweep_drafts(file)
    found = read_installation()
    draft = file.with_name(f".{file.name}.{os.getpid()}.part-dump")
    try:
        with Writer(file) as archive:
            with postgres.one_moment() as (connection, moment):
                manifest = Manifest(
                    format=FORMAT,
                    kind=kind,
                    made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    version=__version__,
                    commit=commit(),
                    postgresql=connection.info.server_version,
                    installation=found.id if found else "",
                    installation_kind=found.kind if found else "real",
                    migrations=postgres.applied_migrations(connection),
                    tables=postgres.rows_of_tables(connection),
                    secrets=fingerprints(),
                    with_secrets=with_secrets,
                    with_files=with_files,
                )
                postgres.dump(draft, moment)
            archive.add(DUMP, draft)
            draft.unlink()
            for folder in _folders(with_files, with_secrets):
                for name, source in _below(folder):
                    archive.add(name, source)
            archive.finish(manifest)
    except OSError as error:
        raise SetupProblem(why_not_written(file, error)) from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def count_files(manifest: Manifest) -> int:
    """How many of the company's files are inside."""
    return sum(1 for name in manifest.members if name.split("/")[0] in FOLDERS)


def _folders(with_files: bool, with_secrets: bool) -> list[str]:
    return [ANCHORS, *(FOLDERS if with_files else ()), *(["secrets"] if with_secrets else ())]


def _below(folder: str) -> Iterator[tuple[str, Path]]:
    """Every finished file below that folder; what is still being written has no row yet."""
    for source in sorted((data_dir() / folder).rglob("*")):
        name = source.relative_to(data_dir()).as_posix()
        if source.is_file() and source.suffix != ".part" and MEMBER.fullmatch(name):
            yield name, source


def fingerprints() -> dict[str, str]:
    """Each secret's name with a digest by which it is known again, and not found out."""
    found = {}
    for file in sorted((data_dir() / "secrets").glob("*")):
        if file.is_file() and not file.name.startswith("."):
            found[file.name] = hashlib.sha256(b"vinculo-backup:" + file.read_bytes()).hexdigest()[
                :16
            ]
    return found


def commit() -> str:
    """The checkout's commit, by which the same code is found again; empty outside a checkout."""
    folder = CHECKOUT / ".git"
    try:
        head = (folder / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (folder / name).exists():
            return (folder / name).read_text().strip()
        packed = (folder / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
