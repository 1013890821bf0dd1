"""The database's side: version, settings, tables, indexes, triggers, clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from vinculo.cli.checkup import Finding
from vinculo.config.database import is_embedded
from vinculo.config.problems import SetupProblem

#: PostgreSQL's settings without which committed data may be lost.
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
MOST_DRIFT = 5  # seconds
DEAD = """
SELECT relname, n_dead_tup FROM pg_stat_user_tables
WHERE n_dead_tup > 10000 AND n_dead_tup > n_live_tup * 0.4 ORDER BY n_dead_tup DESC LIMIT 5
"""
BROKEN_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready
"""
WRONG_CLOCK = "SELECT count(*) FROM platform_change_otherwise"
TRIGGERS = """
SELECT tgrelid::regclass::text FROM pg_trigger
WHERE tgname LIKE 'vinculo_journal_%%' AND NOT tgisinternal AND tgenabled <> 'D'
GROUP BY 1 HAVING count(*) >= 3
"""


def server_findings() -> list[Finding]:
    """Everything about the database; to be called with Django set up and the server running."""
    looks: tuple[Callable[[], Finding], ...] = (
        server, settings, clock, migrations, triggers, indexes, dead_rows, connections_left, aside,
        static_files,
    )  # fmt: skip
    return [carefully(look) for look in looks]


def carefully(look: Callable[[], Finding]) -> Finding:
    """What was found; a look that fails is itself a finding."""
    from django.db import Error

    try:
        return look()
    except SetupProblem as problem:
        return Finding("The database cannot be used.", str(problem))
    except Error as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        name = look.__name__.replace("_", " ")
        return Finding(f"Could not look at: {name} ({why}).", "Run `vinculo migrate` first.")


def rows(query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """What the database answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, values or [])
        return list(cursor.fetchall())


def server() -> Finding:
    """Version and size."""
    from vinculo.cli.prepare import refuse_old_postgresql

    refuse_old_postgresql()
    version, size, encoding = rows(
        "SELECT current_setting('server_version'), "
        "pg_size_pretty(pg_database_size(current_database())), current_setting('server_encoding')"
    )[0]
    if encoding != "UTF8":
        return Finding(
            f"The database is encoded as {encoding}: names in other scripts cannot be kept.",
            "Make a database with ENCODING 'UTF8', and `vinculo backup` and `vinculo restore` into it.",
        )
    kind = "embedded" if is_embedded() else "outside"
    return Finding(f"Database: {kind} PostgreSQL {version}, {size}.")


def settings() -> Finding:
    """Whether what was committed survives a power cut."""
    found = dict(rows("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SAFE)]))
    wrong = [name for name, safe in SAFE.items() if found.get(name) != safe]
    if wrong:
        return Finding(
            f"After a power cut data may be lost: {', '.join(wrong)} is off in PostgreSQL.",
            "; ".join(f"ALTER SYSTEM SET {name} = on" for name in wrong) + "; then start again.",
        )
    return Finding("PostgreSQL keeps what was committed: fsync, full_page_writes, checkpoints.")


def clock() -> Finding:
    """Whether this machine and the database agree what time it is."""
    (theirs,) = rows("SELECT extract(epoch FROM clock_timestamp())")[0]
    drift = abs(float(theirs) - time.time())
    if drift > MOST_DRIFT:
        return Finding(
            f"The clocks of this machine and of the database differ by {drift:.0f} seconds.",
            "Let both set their clocks by NTP.",
        )
    (strayed,) = rows(WRONG_CLOCK)[0]
    if strayed:
        return Finding(
            f"{strayed} entries of the journal have a month that was not expected: the clock was "
            "wrong, or the worker has not run for two months.",
            "Mend the clock and start the worker; the entries are kept.",
        )
    return Finding("The clocks agree.")


def migrations() -> Finding:
    """Whether the tables fit the code."""
    from vinculo.cli.prepare import pending_migrations

    pending = pending_migrations()
    if pending:
        return Finding(f"{pending} migrations are pending.", "Run `vinculo migrate`.")
    return Finding("The tables are up to date.")


def triggers() -> Finding:
    """Whether the journal watches every table it should."""
    from vinculo.platform.types import table_models

    watched = {table for (table,) in rows(TRIGGERS)}
    wanted = {table for table, model in table_models().items() if model.journalled}  # type: ignore[attr-defined]
    lost = sorted(wanted - watched)
    if lost:
        return Finding(
            f"The journal does not watch {', '.join(lost)}: changes there leave no trace.",
            "Run `vinculo manage migrate`, which puts its triggers back, and ask who took them away.",
        )
    return Finding(f"The journal watches {len(wanted)} tables.")


def indexes() -> Finding:
    """Whether every index that was declared is there and whole."""
    from django.apps import apps

    broken = [name for (name,) in rows(BROKEN_INDEXES)]
    if broken:
        return Finding(
            f"These indexes are not whole: {', '.join(broken)}.",
            "; ".join(f"REINDEX INDEX {name}" for name in broken),
        )
    there = {
        name for (name,) in rows("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
    }
    tables = {
        name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    lost = sorted(
        index.name
        for model in apps.get_models()
        if model._meta.db_table in tables and not model._meta.proxy and model._meta.managed
        for index in model._meta.indexes
        if index.name not in there
    )
    if lost:
        return Finding(
            f"These indexes are missing, and pages are slow without them: {', '.join(lost)}.",
            "Run `vinculo migrate`; if they are still missing, restore a backup.",
        )
    return Finding("All indexes are there.")


def dead_rows() -> Finding:
    """Whether tables are full of rows that nobody sees any more."""
    found = rows(DEAD)
    if found:
        names = ", ".join(f"{table} ({dead:,} dead rows)" for table, dead in found)
        return Finding(
            f"Tables are bloated: {names}.",
            "; ".join(f"VACUUM (ANALYZE) {table}" for table, _ in found),
        )
    return Finding("No table is bloated.")


def connections_left() -> Finding:
    """Whether the database lets everybody in who wants to work."""
    used, most = rows(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
        "current_setting('max_connections')::int"
    )[0]
    if used > most * 0.8:
        return Finding(
            f"{used} of {most} database connections are in use.",
            "Lower VINCULO_POOL_MAX or VINCULO_WEB_WORKERS, or raise max_connections.",
        )
    return Finding(f"{used} of {most} database connections are in use.")


def aside() -> Finding:
    """Databases that a restore or a rollback kept."""
    from vinculo.cli.backups.postgres import our_name

    kept = [
        name
        for (name,) in rows(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{our_name()}\\_before\\_%"]
        )
    ]
    if kept:
        drop = "; ".join(f'DROP DATABASE "{name}"' for name in kept)
        return Finding(
            f"Old databases are kept from a restore or a rollback: {', '.join(kept)}. When nobody "
            f"misses them, in psql: {drop}"
        )
    return Finding("No old database is kept.")


def static_files() -> Finding:
    """Whether style sheets and scripts are those of this version."""
    from vinculo.cli.prepare import static_is_current

    if not static_is_current():
        return Finding(
            "Style sheets and scripts are not those of this version.", "Start Vinculo again."
        )
    return Finding("Style sheets and scripts are those of this version.")
