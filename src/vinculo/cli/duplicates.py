"""`vinculo duplicates`: look for records that may mean the same customer; judge how well that works."""

from __future__ import annotations

import argparse
from pathlib import Path

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo duplicates`."""
    parser.add_argument(
        "what",
        nargs="?",
        default="find",
        choices=["find", "febrl"],
        help="find: look through all companies and people; febrl: precision and recall on the "
        "four lists of febrl, whose doubles are known",
    )
    parser.add_argument("folder", nargs="?", type=Path, help="where the lists of febrl are")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where a list of febrl is not done well (F1 below 0.99)."""
    return _febrl(args.folder) if args.what == "febrl" else _find()


def _find() -> int:
    from vinculo.parties.matching.finding import KINDS, find

    for kind in KINDS:
        found = find(kind)
        print(
            f"{kind}: {found.records:,} records, {found.pairs:,} possible pairs,"
            f" {found.seconds:.1f} s"
        )
    print("They stand at /duplicates.")
    return 0


def _febrl(folder: Path | None) -> int:
    from vinculo.parties.matching.febrl import LISTS, judge

    if folder is None or not folder.is_dir():
        raise SetupProblem("Name the folder of febrl's lists: vinculo duplicates febrl FOLDER")
    print("list  records  true pairs  precision  recall  F1")
    good = True
    for number in LISTS:
        quality = judge(folder, number)
        good = good and quality.f1 >= 0.99
        print(
            f"{number:>4}  {quality.records:>7,}  {quality.true_pairs:>10,}"
            f"  {quality.precision:>9.4f}  {quality.recall:.4f}  {quality.f1:.4f}"
        )
    return 0 if good else 1
