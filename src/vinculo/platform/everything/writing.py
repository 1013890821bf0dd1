"""Write the ZIP: one moment of the database, table by table, and every file."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from vinculo import __version__
from vinculo.kernel.clock import now
from vinculo.platform.everything.readme import readme
from vinculo.platform.everything.tables import Table, migrations_of_ours, tables

FORMAT = 1
MANIFEST, README = "manifest.json", "README.txt"
Advance = Callable[[int], None]


def write_everything(target: Path, advance: Advance = lambda amount: None) -> dict[str, int]:
    """Write the ZIP to `target`, whole or not at all; returns the rows of each table.

    `advance` is told about rows and files as they are written; what it raises ends the work.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            with (
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
                _one_moment() as cursor,
            ):
                counts = _write(archive, cursor, advance)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def _write(archive: zipfile.ZipFile, cursor: Any, advance: Advance) -> dict[str, int]:
    chosen = tables(cursor)
    told: dict[str, dict[str, Any]] = {}
    for table in chosen:
        rows, digest = _write_table(archive, cursor, table, advance)
        told[table.name] = {
            "rows": rows,
            "columns": [column for column, _ in table.columns],
            "sha256": digest,
        }
    files = _write_files(archive, advance)
    cursor.execute("SELECT min(at) FROM platform_change")
    (first,) = cursor.fetchone()
    manifest = {
        "format": FORMAT,
        "version": __version__,
        "made_at": now().isoformat(timespec="seconds"),
        "migrations": migrations_of_ours(cursor),
        "journal_from": first.isoformat() if first else None,
        "tables": told,
        "files": files,
    }
    archive.writestr(README, readme(chosen, told, len(files)))
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return {name: table["rows"] for name, table in told.items()}


def _write_table(
    archive: zipfile.ZipFile, cursor: Any, table: Table, advance: Advance
) -> tuple[int, str]:
    """One CSV; returns its rows and its digest."""
    digest = hashlib.sha256()
    names = ", ".join(f'"{column}"' for column, _ in table.columns)
    # The names come from the catalogue and the models, never from anybody's text.
    query = f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"'  # noqa: S608
    copy = cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER true, ENCODING 'UTF8')")
    with archive.open(f"{table.name}.csv", "w", force_zip64=True) as out, copy as lines:
        for block in lines:
            digest.update(block)
            out.write(block)
            advance(1)
    return max(0, cursor.rowcount), digest.hexdigest()


def _write_files(archive: zipfile.ZipFile, advance: Advance) -> dict[str, str]:
    """Every stored file under its token; returns their digests."""
    folder = Path(settings.VINCULO_DATA) / "files"
    found = {}
    for source in sorted(folder.glob("??/*")):
        if source.suffix == ".part":
            continue
        name = f"files/{source.parent.name}/{source.name}"
        digest = hashlib.sha256()
        with (
            source.open("rb") as data,
            archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out,
        ):
            while chunk := data.read(1024 * 1024):
                digest.update(chunk)
                out.write(chunk)
        found[name] = digest.hexdigest()
        advance(1)
    return found


@contextmanager
def _one_moment() -> Iterator[Any]:
    """A connection of its own that sees one moment of the database and has all the time it needs."""
    # Not out of the pool: what is set here must not stay with a connection that others get.
    params = {**connection.get_connection_params(), "autocommit": True}
    with psycopg.connect(**params) as beside, beside.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SET LOCAL DateStyle = 'ISO'")
        yield cursor
        cursor.execute("COMMIT")
