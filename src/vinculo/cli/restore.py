"""`vinculo restore`: put a backup back; whatever is wrong with it is said before anything changes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo restore`."""
    parser.add_argument("file", type=Path, help="what `vinculo backup` wrote")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="put it in place of what is here, which is kept aside",
    )
    parser.add_argument("--check", action="store_true", help="only read it and say what it holds")


def run(args: argparse.Namespace) -> int:
    """Prove the archive, restore it, prove the result."""
    from vinculo.cli.backups import restoring
    from vinculo.cli.backups.archive import read_archive
    from vinculo.cli.backups.making import count_files
    from vinculo.cli.serve import take_locks

    archive = read_archive(args.file.resolve())
    restoring.refuse_newer(archive)
    manifest = archive.manifest
    if args.check:
        print(
            f"{args.file} is whole: a {manifest.kind} of {manifest.made_at}, Vinculo "
            f"{manifest.version}, {sum(manifest.tables.values())} rows of {len(manifest.tables)} "
            f"tables, {count_files(manifest)} files."
        )
        return 0
    locks = take_locks(("web", "worker"))
    try:
        if not args.replace and not restoring.is_empty():
            raise SetupProblem(
                "This installation is not empty: use --replace to put the backup in its place (the "
                "old database is kept aside), or another VINCULO_DATA. Nothing was changed."
            )
        done = restoring.restore(archive, keep_old=args.replace)
    finally:
        for lock in locks:
            lock.free()
    print(
        f"Restored: {done.rows} rows of {done.tables} tables, each counted and as saved on "
        f"{manifest.made_at}; {done.files} files. Everybody signs in again."
    )
    if done.aside:
        print(f"The old database is kept as {done.aside}; `vinculo doctor` says how to drop it.")
    for warning in done.warnings:
        print(warning, file=sys.stderr)
    return 0
