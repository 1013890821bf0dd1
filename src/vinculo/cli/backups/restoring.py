"""Put a backup back: everything is built beside what is in use, proved, and swapped at the end."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vinculo.cli.backups import postgres
from vinculo.cli.backups.archive import DUMP, Archive
from vinculo.cli.backups.making import ANCHORS, fingerprints
from vinculo.cli.main import close_database
from vinculo.config.datadir import (
    data_dir,
    give_to_owner_above,
    make_folder,
    remember_kind,
    why_not_written,
)
from vinculo.config.problems import SetupProblem


@dataclass
class Restored:
    """What a restore did: rows and files put back, what was set aside, what to mind."""

    rows: int
    tables: int
    files: int
    aside: str = ""
    warnings: list[str] = field(default_factory=list)


def refuse_newer(archive: Archive) -> None:
    """SetupProblem when the archive's database knows migrations that this version does not."""
    from vinculo.cli.prepare import unknown_migrations

    applied = [tuple(name.split(".", 1)) for name in archive.manifest.migrations]
    unknown = unknown_migrations([(room, name) for room, name in applied])
    if unknown:
        raise SetupProblem(
            f"{archive.file} was made by a newer Vinculo ({archive.manifest.version}, it knows "
            f"{unknown[-1]}): update Vinculo first. Nothing was changed."
        )


def is_empty() -> bool:
    """Whether nobody has worked in this installation yet: no person and no customer."""
    with postgres.connected() as connection:
        for table in ("platform_user", "parties_party"):
            found = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
            if found == (None,):
                continue
            query = postgres.sql.SQL("SELECT 1 FROM {} LIMIT 1")
            if connection.execute(query.format(postgres.sql.Identifier(table))).fetchone():
                return False
    return True


def restore(archive: Archive, *, keep_old: bool) -> Restored:
    """Put the archive's database and files into use; the old ones are kept aside when wished.

    Until the swap, which is one transaction, nothing in use is touched: a kill before it leaves
    the installation as it was.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    fresh = f"{postgres.our_name()}_restoring_{os.getpid()}"
    aside = f"{postgres.our_name()}_before_{stamp}"
    with postgres.beside() as server:
        postgres.make_database(server, fresh)
        try:
            _fill(archive, fresh)
            done = _prove(archive, fresh)
            if keep_old and archive.manifest.with_files:
                _keep_files(stamp)
            done.files = _unpack(archive, ("files", "imports"))
        except BaseException:
            postgres.drop_database(server, fresh)
            raise
        close_database()
        postgres.put_in_place(server, fresh, aside)
        if keep_old:
            done.aside = aside
        else:
            postgres.drop_database(server, aside)
    _take_anchors(archive, stamp)
    _take_secrets(archive, stamp)
    if archive.manifest.kind == "backup":
        remember_kind("demo" if archive.manifest.installation_kind == "demo" else "real")
    done.warnings += missing_secrets(archive)
    return done


def _fill(archive: Archive, database: str) -> None:
    with archive.opened({DUMP}) as members:
        for _, data in members:
            postgres.load(database, data)


def _prove(archive: Archive, database: str) -> Restored:
    """Count every table; SetupProblem when one has other rows than it had."""
    with postgres.connected(database) as connection:
        found = postgres.rows_of_tables(connection)
    expected = archive.manifest.tables
    wrong = sorted(table for table in expected if found.get(table) != expected[table])
    if wrong:
        table = wrong[0]
        raise SetupProblem(
            f"The restored database is not what was saved: {table} has {found.get(table, 0)} rows "
            f"instead of {expected[table]}. Nothing was changed."
        )
    return Restored(rows=sum(found.values()), tables=len(expected), files=0)


def _keep_files(stamp: str) -> None:
    """Set the files of the old database aside: as links, which cost no space."""
    source = data_dir() / "files"
    if source.exists():
        shutil.copytree(source, data_dir() / f"files.before_{stamp}", copy_function=os.link)


def _unpack(archive: Archive, folders: tuple[str, ...]) -> int:
    """Put files where they belong; they have names of their own and never change."""
    names = {name for folder in folders for name in archive.members(folder)}
    with archive.opened(names) as members:
        for name, data in members:
            target = data_dir() / name
            _make_folders(target.parent)
            draft = target.with_name(f".{target.name}.part")
            try:
                with os.fdopen(
                    os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
                ) as out:
                    shutil.copyfileobj(data, out)
                    out.flush()
                    os.fsync(out.fileno())
                give_to_owner_above(draft)
                draft.replace(target)
            except OSError as error:
                draft.unlink(missing_ok=True)
                raise SetupProblem(why_not_written(target, error)) from None
    return len(names)


def _make_folders(folder: Path) -> None:
    if not folder.is_dir():
        make_folder(folder, mode=0o700)


def _take_anchors(archive: Archive, stamp: str) -> None:
    """The anchors of the journal's seals go with the database: others would cry wolf."""
    here = data_dir() / ANCHORS
    if here.exists():
        here.rename(data_dir() / f"{ANCHORS}.before_{stamp}")
    _unpack(archive, (ANCHORS,))


def _take_secrets(archive: Archive, stamp: str) -> None:
    """Take the archive's secrets into use; those that were here are kept aside."""
    if not archive.manifest.with_secrets:
        return
    here = data_dir() / "secrets"
    if here.exists() and fingerprints() != archive.manifest.secrets:
        shutil.copytree(here, data_dir() / f"secrets.before_{stamp}")
    _unpack(archive, ("secrets",))


def missing_secrets(archive: Archive) -> list[str]:
    """What cannot be read here, because the secrets it was written with are elsewhere."""
    here = fingerprints()
    lost = sorted(name for name, mark in archive.manifest.secrets.items() if here.get(name) != mark)
    if not lost:
        return []
    return [
        f"These secrets are not the ones the backup was made with: {', '.join(lost)}. Second "
        "factors and sensitive fields cannot be read without them: copy them from the old machine "
        f"into {data_dir() / 'secrets'} (mode 0600)."
    ]
