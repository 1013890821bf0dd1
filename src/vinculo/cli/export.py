"""`vinculo export`: a record type's rows as a CSV or XLSX file, as one colleague may take them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo export`."""
    parser.add_argument("file", type=Path, help="ends in .csv or .xlsx, with --all in .zip")
    parser.add_argument(
        "--all", action="store_true", help="everything the company owns: all tables and files"
    )
    parser.add_argument(
        "--as", dest="entity", default="parties.company", metavar="TYPE", help="which records"
    )
    parser.add_argument("--user", metavar="E-MAIL", help="as whom: only what they may export")
    parser.add_argument(
        "--query", default="", metavar="QUERY", help="the part after ? of a list's address"
    )
    parser.add_argument(
        "--external-ids",
        action="store_true",
        help="add a column with what other systems call each row, as `vinculo import` reads it",
    )
    parser.add_argument(
        "--raw", action="store_true", help="leave formulas unescaped: never open in a spreadsheet"
    )


def run(args: argparse.Namespace) -> int:
    """Write the file; says what it did."""
    return _everything(args.file) if args.all else _list(args)


def _everything(file: Path) -> int:
    from vinculo.platform.everything.writing import write_everything

    if file.suffix.lower() != ".zip":
        raise SetupProblem("The file's name must end in .zip.")
    if not file.resolve().parent.is_dir():
        raise SetupProblem(f"There is no folder {file.resolve().parent}.")
    counts = write_everything(file.resolve())
    print(f"Written: {file} ({sum(counts.values())} rows of {len(counts)} tables)", file=sys.stderr)
    return 0


def _list(args: argparse.Namespace) -> int:
    from django.http import QueryDict

    from vinculo.cli.import_ import colleague
    from vinculo.kernel.errors import DomainError
    from vinculo.platform import journal
    from vinculo.records.lists import parse_list
    from vinculo.records.registry import find
    from vinculo.records.transfer.export import begin_export, csv_lines, write_xlsx

    entity = find(args.entity)
    if entity is None:
        raise SetupProblem(f"There is no record type called {args.entity}.")
    form = args.file.suffix.lower().lstrip(".")
    if form not in ("csv", "xlsx"):
        raise SetupProblem("The file's name must end in .csv or .xlsx.")
    try:
        state = parse_list(entity, colleague(args.user), QueryDict(args.query))
        with journal.through("cli"):
            begin_export(state, form.upper())
        if form == "xlsx":
            write_xlsx(state, args.file, elsewhere=args.external_ids)
        else:
            with args.file.open("w", encoding="utf-8", newline="") as file:
                lines = csv_lines(state, raw=args.raw, elsewhere=args.external_ids)
                file.writelines(lines)
    except DomainError as error:
        raise SetupProblem(str(error)) from error
    print(f"Written: {args.file}", file=sys.stderr)
    return 0
