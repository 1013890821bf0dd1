"""The ZIP back in: into an empty installation of the same version, with the same ids."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, _
from vinculo.platform.everything.tables import SECRET_COLUMNS, Table, migrations_of_ours, tables
from vinculo.platform.everything.writing import FORMAT, MANIFEST

FILE = re.compile(r"files/[A-Za-z0-9_-]{2}/[A-Za-z0-9_-]+")
#: Without people and customers, an installation is empty; its first roles give way.
TELLING = ("platform_user", "parties_party")
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Loaded:
    """How much came in."""

    rows: int
    tables: int
    files: int


def load_everything(source: Path) -> Loaded:
    """Load an export of everything: all of it in one transaction, or nothing.

    Raises DomainError when the file is damaged or of another version, Conflict when this
    installation is not empty.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _proved(archive)
            files = _unpack(archive, manifest["files"])
            rows = _load(archive, manifest)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError):
        raise _damaged() from None
    return Loaded(rows, len(manifest["tables"]), files)


def _proved(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once every member was read and found to be what was written."""
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    with connection.cursor() as cursor:
        ours = migrations_of_ours(cursor)
    if manifest["format"] > FORMAT or manifest["migrations"] != ours:
        raise DomainError(
            _(
                "This export was made by another version (%(version)s), whose tables differ: load "
                "it with that version, then upgrade."
            ),
            version=manifest["version"],
        )
    expected = {f"{name}.csv": told["sha256"] for name, told in manifest["tables"].items()}
    for name, digest in {**expected, **manifest["files"]}.items():
        if name not in expected and not FILE.fullmatch(name):
            raise _damaged()
        found = hashlib.sha256()
        with archive.open(name) as data:
            while chunk := data.read(CHUNK):
                found.update(chunk)
        if found.hexdigest() != digest:
            raise _damaged()
    return manifest


def _load(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        _refuse_unless_empty(cursor)
        chosen = [table for table in tables(cursor) if table.name in manifest["tables"]]
        _make_months(cursor, manifest["journal_from"])
        # The journal comes along as it was: writing it anew would tell another story.
        for table in chosen:
            cursor.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        names = ", ".join(f'"{table.name}"' for table in chosen)
        cursor.execute(f"TRUNCATE {names} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        rows = sum(_copy(archive, cursor, table, manifest) for table in chosen)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in chosen:
            _continue_counting(cursor, table)
            cursor.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
    return rows


def _refuse_unless_empty(cursor: Any) -> None:
    for table in TELLING:
        cursor.execute(f'LOCK TABLE "{table}" IN EXCLUSIVE MODE')
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - a constant of ours
        if cursor.fetchone():
            raise Conflict(
                _(
                    "This installation is not empty: load the export into a new one. Nothing was changed."
                )
            )


def _copy(archive: zipfile.ZipFile, cursor: Any, table: Table, manifest: dict[str, Any]) -> int:
    """One CSV into its table; what was left out on purpose gets what stands in its place."""
    told = manifest["tables"][table.name]
    columns = [column for column, _ in table.columns]
    if told["columns"] != columns:
        raise _damaged()
    for column in table.secret:
        cursor.execute(
            f'ALTER TABLE "{table.name}" ALTER COLUMN "{column}" SET DEFAULT '
            f"'{SECRET_COLUMNS[column]}'"
        )
    names = ", ".join(f'"{column}"' for column in columns)
    statement = (
        f"COPY \"{table.name}\" ({names}) FROM STDIN (FORMAT csv, HEADER true, ENCODING 'UTF8')"
    )
    raw = cursor.cursor
    with archive.open(f"{table.name}.csv") as data, raw.copy(statement) as copy:
        while chunk := data.read(CHUNK):
            copy.write(chunk)
    came = int(raw.rowcount)
    if came != told["rows"]:
        raise _damaged()
    for column in table.secret:
        cursor.execute(f'ALTER TABLE "{table.name}" ALTER COLUMN "{column}" DROP DEFAULT')
    return came


def _continue_counting(cursor: Any, table: Table) -> None:
    """New rows go on after the highest id that came in."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table.name, table.key])
    (sequence,) = cursor.fetchone()
    if sequence:
        cursor.execute(
            f'SELECT setval(%s, greatest(1, coalesce(max("{table.key}"), 0)), '  # noqa: S608
            f'max("{table.key}") IS NOT NULL) FROM "{table.name}"',
            [sequence],
        )


def _make_months(cursor: Any, first: str | None) -> None:
    """The journal's months of long ago, each a partition of its own, as they were."""
    if not first:
        return
    began = datetime.fromisoformat(first).astimezone(UTC)
    month, until = (began.year, began.month), now().astimezone(UTC)
    while month < (until.year, until.month):
        after = (month[0] + month[1] // 12, month[1] % 12 + 1)
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS platform_change_{month[0]:04d}_{month[1]:02d} "
            "PARTITION OF platform_change "
            f"FOR VALUES FROM ('{month[0]:04d}-{month[1]:02d}-01 00:00:00+00') "
            f"TO ('{after[0]:04d}-{after[1]:02d}-01 00:00:00+00')"
        )
        month = after


def _unpack(archive: zipfile.ZipFile, files: dict[str, str]) -> int:
    """Put the files where they belong; under their own names, so that they harm nobody."""
    for name in files:
        target = Path(settings.VINCULO_DATA) / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        with (
            archive.open(name) as data,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        ):
            while chunk := data.read(CHUNK):
                out.write(chunk)
        draft.replace(target)
    return len(files)


def _damaged() -> DomainError:
    return DomainError(
        _("This file is damaged, or is no export of everything. Nothing was changed.")
    )
