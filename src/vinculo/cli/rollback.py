"""`vinculo rollback`: go back to the database as it was before the last upgrade."""

from __future__ import annotations

import argparse
from pathlib import Path

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo rollback`."""
    parser.add_argument("--to", type=Path, metavar="FILE", help="another snapshot than the newest")


def run(args: argparse.Namespace) -> int:
    """Put the snapshot back, keep the upgraded database aside, and name the code that fits it."""
    from vinculo.cli.backups import restoring, snapshots
    from vinculo.cli.prepare import migrations_on_disk
    from vinculo.cli.serve import take_locks

    archive = snapshots.read_snapshot(args.to)
    if archive is None:
        raise SetupProblem(
            f"There is no snapshot in {snapshots.folder()}: nothing has been upgraded here."
        )
    restoring.refuse_newer(archive)
    locks = take_locks(("web", "worker"))
    try:
        done = restoring.restore(archive, keep_old=True)
        snapshots.note_rollback(archive, migrations_on_disk())
    finally:
        for lock in locks:
            lock.free()
    print(
        f"The database is again as it was on {archive.manifest.made_at} ({done.rows} rows, each "
        f"table counted). What was written since is kept in the database {done.aside}."
    )
    print(f"Now go back to the code that fits it: {snapshots.code_of(archive)}, and start Vinculo.")
    return 0
