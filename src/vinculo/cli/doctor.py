"""`vinculo doctor`: look at the installation and say how to mend what is wrong with it."""

from __future__ import annotations

import argparse
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass

from vinculo.cli.main import close_database, set_up_django
from vinculo.config.cluster.places import SHARED, places
from vinculo.config.cluster.running import running_database
from vinculo.config.database import is_embedded
from vinculo.config.datadir import data_dir, read_installation
from vinculo.config.problems import SetupProblem

LITTLE_SPACE = 1024  # MB


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` is empty when all is well."""

    what: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to look at: everything, or only the journal."""
    parser.add_argument(
        "part",
        nargs="?",
        choices=["journal"],
        help="journal: verify that nobody changed or removed anything behind the application's back",
    )


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when something is to be mended."""
    if args.part == "journal":
        from vinculo.cli import doctor_journal

        return doctor_journal.run()
    findings = [_data_directory()]
    if findings[0].mend == "":
        findings += [_secrets(), _disk(), *_forgotten_databases(), *_database()]
    for finding in findings:
        print(f"{'ok ' if not finding.mend else '!! '} {finding.what}")
        if finding.mend:
            print(f"    {finding.mend}")
    return 1 if any(finding.mend for finding in findings) else 0


def _data_directory() -> Finding:
    found = read_installation()  # a newer or damaged one ends here, with its own sentence
    if found is None:
        return Finding(
            f"There is no installation in {data_dir()} yet.",
            "Start it: `make run` or `make serve`.",
        )
    return Finding(
        f"Data directory {data_dir()}: {found.kind} installation {found.id}, "
        f"made {found.created_at[:10]}, format {found.format}."
    )


def _secrets() -> Finding:
    open_ones = [
        file
        for file in sorted((data_dir() / "secrets").glob("*"))
        if stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_ones:
        names = " ".join(str(file) for file in open_ones)
        return Finding("Secrets can be read by other users.", f"chmod 600 {names}")
    return Finding("Secrets are private.")


def _disk() -> Finding:
    place = places().home if is_embedded() else data_dir()
    present = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(present).free // 2**20
    if free < LITTLE_SPACE:
        return Finding(
            f"The disk that holds {place} has {free} MB left.",
            "Free some space: PostgreSQL stops when it cannot write.",
        )
    return Finding(f"Disk: {free / 1024:.1f} GB free at {place}.")


def _forgotten_databases() -> list[Finding]:
    """Databases of root installations whose data directory is gone."""
    if os.geteuid() != 0 or not SHARED.exists():
        return []
    found = []
    for home in sorted(SHARED.glob("*/database")):
        note = home.parent / "belongs-to"
        owner = note.read_text().strip() if note.exists() else ""
        if owner and not os.path.exists(os.path.join(owner, "installation.json")):  # noqa: PTH110, PTH118
            found.append(
                Finding(
                    f"{home.parent} holds the database of {owner}, which is gone.",
                    f"When nobody misses it: rm -r {home.parent}",
                )
            )
    return found


def _database() -> list[Finding]:
    try:
        with running_database():
            set_up_django()
            try:
                return [_look(look) for look in (_server, _migrations, _worker, _jobs)]
            finally:
                close_database()
    except SetupProblem as problem:
        return [Finding("The database does not run.", str(problem))]


def _look(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except SetupProblem as problem:
        return Finding("The database cannot be used.", str(problem))


def _server() -> Finding:
    from django.db import connection

    from vinculo.cli.prepare import refuse_old_postgresql

    refuse_old_postgresql()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), "
            "pg_size_pretty(pg_database_size(current_database()))"
        )
        version, size = cursor.fetchone()
    kind = "embedded" if is_embedded() else "outside"
    return Finding(f"Database: {kind} PostgreSQL {version}, {size}.")


def _migrations() -> Finding:
    from vinculo.cli.prepare import pending_migrations

    pending = pending_migrations()
    if pending:
        return Finding(f"{pending} migrations are pending.", "Run `vinculo migrate`.")
    return Finding("The tables are up to date.")


def _worker() -> Finding:
    from vinculo.config.health import worker_state

    if worker_state() == "ok":
        return Finding("A worker is at work.")
    return Finding(
        "No worker has been heard of in the last minute.",
        "Start Vinculo (`make run`, `vinculo serve`), or a worker: `vinculo serve --only worker`.",
    )


def _jobs() -> Finding:
    from vinculo.platform.jobs import recent_failures

    failures = recent_failures()
    if not failures:
        return Finding("No job has failed in the last 7 days.")
    latest = "; ".join(f"{failure.at:%Y-%m-%d %H:%M} {failure}" for failure in failures[:3])
    return Finding(
        f"{len(failures)} jobs failed in the last 7 days: {latest}",
        "Mend what the sentences say; the table platform_jobfailure keeps the details.",
    )
