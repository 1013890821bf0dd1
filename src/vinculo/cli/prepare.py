"""What must be true before the first request: tables, static files, the demo company.

Every step looks first and works only when there is something to do: a second start takes none of
the time of the first.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from vinculo.config.database import OLDEST_POSTGRESQL
from vinculo.config.datadir import read_installation, write_whole
from vinculo.config.problems import SetupProblem

# Any number, as long as every Vinculo uses the same one.
MIGRATION_LOCK = 7_230_145_811


def prepare(*, with_sign_in: bool = True) -> str:
    """Prepare the installation; the result is how to sign in, in one line (or nothing)."""
    refuse_old_postgresql()
    migrate_if_pending()
    collect_static_if_changed()
    found = read_installation()
    if found is not None and found.kind == "demo":
        return _prepare_demo()
    return _first_sign_in() if with_sign_in else ""


def refuse_old_postgresql() -> None:
    """SetupProblem when the database cannot be reached or is older than we can use."""
    import psycopg
    from django.db import connection

    # Not through the pool, which would retry for ten seconds and fill the screen.
    params = {**connection.get_connection_params(), "connect_timeout": 10}
    try:
        with psycopg.connect(**params) as direct:
            version = direct.info.server_version // 10_000
    except psycopg.OperationalError as error:
        why = str(error).strip().splitlines()[-1]
        raise SetupProblem(f"The database cannot be reached: {why}") from None
    if version < OLDEST_POSTGRESQL:
        raise SetupProblem(
            f"The database is PostgreSQL {version}; Vinculo needs {OLDEST_POSTGRESQL} or newer."
        )


def migrate_if_pending(*, wanted: bool = False) -> int:
    """Apply pending migrations, one process at a time; the result is how many there were.

    Tables that hold data are saved first, and put back when the upgrade fails. `wanted`: an
    operator asks for it, also after a rollback. SetupProblem when a newer Vinculo has already
    changed the tables, or when we may not upgrade them.
    """
    if not pending_migrations():
        return 0
    with _one_at_a_time():
        pending = pending_migrations()
        if pending:
            _refuse_unwanted(pending, wanted)
            _upgrade(pending)
    return pending


def _refuse_unwanted(pending: int, wanted: bool) -> None:
    from vinculo.cli.backups import snapshots
    from vinculo.config import env

    if wanted:
        snapshots.forget_rollback()
        return
    back_to = snapshots.rolled_back_from(migrations_on_disk())
    if back_to:
        raise SetupProblem(
            f"The database was rolled back, and this code would upgrade it again: go back to "
            f"{back_to}, or run `vinculo migrate` if you want the upgrade."
        )
    if _is_in_use() and not env.flag("VINCULO_MIGRATE", default=True):
        raise SetupProblem(
            f"The database is older than this Vinculo ({pending} migrations are pending), and "
            "VINCULO_MIGRATE is 0: run `vinculo migrate`, or start the version that fits it."
        )


def _upgrade(pending: int) -> None:
    """Migrate; where people have worked already, behind a snapshot that a failure puts back."""
    from django.core.management import call_command

    if not _is_in_use():
        call_command("migrate", verbosity=0, interactive=False)
        return
    from vinculo.cli.backups.snapshots import take_snapshot

    print(f"Upgrading the database ({pending} steps); saving it first.", file=sys.stderr)
    snapshot = take_snapshot()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        if os.environ.get("VINCULO_DEBUG"):
            raise
        _put_back(snapshot, error)


def _put_back(snapshot: Path, error: Exception) -> NoReturn:
    """After a failed upgrade: the database as it was, and a sentence."""
    from vinculo.cli.backups.archive import read_archive
    from vinculo.cli.backups.restoring import restore

    why = (str(error).strip().splitlines() or [type(error).__name__])[0]
    try:
        restore(read_archive(snapshot), keep_old=False)
    except SetupProblem as problem:
        raise SetupProblem(
            f"The upgrade failed ({why}), and the database could not be put back ({problem}): run "
            f"`vinculo restore --replace {snapshot}` with the version that was here before."
        ) from error
    raise SetupProblem(
        f"The upgrade failed ({why}). The database is again as it was before: start the version "
        f"that was here before. The snapshot is kept: {snapshot}."
    ) from error


def _is_in_use() -> bool:
    from vinculo.cli.backups.restoring import is_empty

    return not is_empty()


def migrations_on_disk() -> list[str]:
    """Every migration of ours that this code knows, as "room.name"."""
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(f"{label}.{name}" for label, name in found if label in _our_labels())


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Those of our rooms' migrations that this code does not know: a newer one wrote them."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    unknown = sorted(
        f"{label}.{name}"
        for label, name in applied
        if label in _our_labels() and (label, name) not in loader.disk_migrations
    )
    return [] if _is_replaced(unknown, loader.replacements) else unknown


def _our_labels() -> set[str]:
    from django.apps import apps

    return {config.label for config in apps.get_app_configs() if _is_ours(config.name)}


def pending_migrations() -> int:
    """How many migrations are to be applied; SetupProblem when the tables are newer than we."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    unknown = unknown_migrations(executor.loader.applied_migrations)
    if unknown:
        raise SetupProblem(
            f"The database was used by a newer Vinculo (it knows {unknown[-1]}): update "
            "Vinculo, or restore a backup that this version made."
        )
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _is_ours(name: str) -> bool:
    return name.split(".")[0] == "vinculo"


def _is_replaced(unknown: list[str], replacements: Mapping[tuple[str, str], object]) -> bool:
    """Whether squashed migrations explain every name that is no longer on disk."""
    squashed = {
        f"{label}.{name}"
        for migration in replacements.values()
        for label, name in getattr(migration, "replaces", [])
    }
    return set(unknown) <= squashed


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several machines may start at once on one database; the others wait for the first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static_if_changed() -> bool:
    """Hash and compress the static files when one of them changed; whether that was so."""
    from django.conf import settings
    from django.core.management import call_command

    if static_is_current():
        return False
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    print_of_sources = _static_fingerprint()
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    write_whole(stamp, print_of_sources, mode=0o644)
    return True


def static_is_current() -> bool:
    """Whether the collected static files are those of this code."""
    from django.conf import settings

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    return stamp.exists() and stamp.read_text() == _static_fingerprint()


def _static_fingerprint() -> str:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    seen: list[tuple[str, int, int]] = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            seen.append((name, found.st_size, found.st_mtime_ns))
    recipe = [sorted(seen), str(settings.STORAGES["staticfiles"])]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()


def _prepare_demo() -> str:
    """Fill a demo installation that is still empty."""
    if importlib.util.find_spec("vinculo.cli.demo") is None:
        return ""
    demo = importlib.import_module("vinculo.cli.demo")
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    code = demo.run(parser.parse_args(["--if-empty"]))
    if code:
        raise SetupProblem("The demo company could not be made; the lines above say why.")
    return "Sign in there as one of the people of the demo company: one click, no password."


def _first_sign_in() -> str:
    """The one-time link for the first administrator, while there is none."""
    if importlib.util.find_spec("vinculo.platform.firststeps") is None:
        return ""
    from vinculo.platform.firststeps import first_admin_link

    link = first_admin_link()
    return f"Make the first administrator (this link works once): {link}" if link else ""
