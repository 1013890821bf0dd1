"""`vinculo migrate`: bring the database up to this version."""

from __future__ import annotations

import argparse

from vinculo.cli.prepare import migrate_if_pending


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(args: argparse.Namespace) -> int:
    """Apply what is pending and say how much that was."""
    applied = migrate_if_pending(wanted=True)
    print(f"{applied} migrations applied." if applied else "The database is up to date.")
    return 0
