"""`vinculo entity [KEY]`: print everything that follows from a record type's declaration."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The record type to print; without one, all are listed."""
    parser.add_argument("key", nargs="?", help="for example parties.company")


def run(arguments: argparse.Namespace) -> int:
    """Print one entity, or the list of them."""
    from vinculo.records.describe import describe
    from vinculo.records.registry import entities, find

    if not arguments.key:
        for one in entities():
            print(f"{one.key}\t/{one.path}")
        return 0
    entity = find(arguments.key)
    if entity is None:
        known = ", ".join(one.key for one in entities())
        print(f"There is no entity {arguments.key!r}. Known: {known}", file=sys.stderr)
        return 1
    print(describe(entity), end="")
    return 0
