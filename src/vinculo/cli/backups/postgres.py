"""The database's part of a backup: PostgreSQL's own programs, and a swap in one transaction."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from vinculo.config.cluster.binaries import packaged
from vinculo.config.cluster.initialise import clean_environment
from vinculo.config.problems import SetupProblem

#: Whose rows nobody needs again: rate limits, and sign-ins, which a thief of a backup could use.
TRANSIENT = (
    "platform_cache",
    "platform_ratebucket",
    "django_session",
    "usersessions_usersession",
)
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
#: The databases one may enter to rename another.
MAINTENANCE = ("postgres", "template1")


def connection_values(database: str = "") -> dict[str, str]:
    """libpq's parameters of the installation's database, or of another one beside it."""
    from django.conf import settings

    place: dict[str, Any] = settings.DATABASES["default"]
    options = {
        name: value
        for name, value in place.get("OPTIONS", {}).items()
        if isinstance(value, str) and (name.startswith("ssl") or name == "service")
    }
    values = {
        "dbname": database or str(place["NAME"]),
        "user": str(place.get("USER") or ""),
        "password": str(place.get("PASSWORD") or ""),
        "host": str(place.get("HOST") or ""),
        "port": str(place.get("PORT") or ""),
        **options,
    }
    return {name: value for name, value in values.items() if value}


@contextmanager
def connected(database: str = "") -> Iterator[psycopg.Connection[Any]]:
    """A connection of our own that no page's time limit ends."""
    with psycopg.connect(**connection_values(database), autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield connection


@contextmanager
def one_moment() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A transaction that sees one moment of the database, and the name others share it by."""
    with connected() as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def rows_of_tables(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has, without those that no backup takes along."""
    counts = {}
    for (table,) in connection.execute(TABLES).fetchall():
        if table not in TRANSIENT:
            counted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            counts[table] = int(connection.execute(counted).fetchone()[0])  # type: ignore[index]
    return counts


def applied_migrations(connection: psycopg.Connection[Any]) -> list[str]:
    """Every migration the database has seen, as "room.name"; empty when it is new."""
    if connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (None,):
        return []
    found = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
    return [str(row[0]) for row in found.fetchall()]


def dump(target: Path, moment: str) -> None:
    """Write the database as it was at that moment into a file."""
    left_out = [f"--exclude-table-data=public.{table}" for table in TRANSIENT]
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        _run(
            "pg_dump",
            ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", *left_out],
            connection_values(),
            stdout=out,
        )


def load(database: str, source: IO[bytes]) -> None:
    """Fill an empty database with a dump."""
    _run(
        "pg_restore",
        ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"],
        connection_values(database),
        source=source,
    )
    with connected(database) as connection:
        connection.execute("ANALYZE")


def _run(
    program: str,
    arguments: list[str],
    values: dict[str, str],
    *,
    stdout: IO[bytes] | None = None,
    source: IO[bytes] | None = None,
) -> None:
    values = dict(values)
    environment = clean_environment() | {"PGPASSWORD": values.pop("password", "")}
    place = psycopg.conninfo.make_conninfo("", **values)
    running = subprocess.Popen(
        [str(packaged() / "pginstall" / "bin" / program), *arguments, f"--dbname={place}"],
        env=environment,
        stdin=subprocess.PIPE if source is not None else subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        if source is not None and running.stdin is not None:
            _pour(source, running.stdin)
        _, said = running.communicate()
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
    if running.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        why = next((line for line in lines if "error:" in line), lines[-1])
        raise SetupProblem(f"{program} failed: {why.split('error:', 1)[-1].strip()}")


def _pour(source: IO[bytes], pipe: IO[bytes]) -> None:
    try:
        while chunk := source.read(1024 * 1024):
            pipe.write(chunk)
    except BrokenPipeError:
        return  # it ended; its last line says why


@contextmanager
def beside() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server that is not to our database: it can be renamed under us."""
    for name in MAINTENANCE:
        try:
            opened = psycopg.connect(**connection_values(name), autocommit=True)  # type: ignore[arg-type]
        except psycopg.OperationalError:
            continue
        with opened:
            yield opened
        return
    raise SetupProblem(
        "The database's role may enter neither the database postgres nor template1: let it, so "
        "that a restored database can take the place of the old one."
    )


def make_database(server: psycopg.Connection[Any], name: str) -> None:
    """Make an empty database; SetupProblem when the role may not."""
    for (left,) in server.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{our_name()}\\_restoring\\_%"]
    ).fetchall():
        drop_database(server, left)  # what a killed restore left behind
    try:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise SetupProblem(
            "The database's role may not make databases: allow it with ALTER ROLE "
            f"{connection_values().get('user', '…')} CREATEDB. Nothing was changed."
        ) from None


def drop_database(server: psycopg.Connection[Any], name: str) -> None:
    """Drop a database, whoever looks at it."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def put_in_place(server: psycopg.Connection[Any], fresh: str, aside: str) -> None:
    """Set our database aside and put the fresh one into its place: both or neither."""
    ours = our_name()
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (%s, %s)",
        [ours, fresh],
    )
    with server.transaction():
        for old, new in ((ours, aside), (fresh, ours)):
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )


def our_name() -> str:
    """The name of the installation's database."""
    return connection_values()["dbname"]
