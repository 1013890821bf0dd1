"""`vinculo import`: bring a CSV, TSV or XLSX file in, by the same code as the browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo import`."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="the file; its first row names the columns. Several come in together, or none",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="an export of everything, into an empty installation, with the same ids",
    )
    parser.add_argument(
        "--as",
        dest="entity",
        metavar="TYPE",
        help="what the rows are, such as parties.person; known exports say so themselves",
    )
    parser.add_argument("--mapping", metavar="NAME", help="a mapping that was saved in the browser")
    parser.add_argument("--user", metavar="E-MAIL", help="whose records these become")
    parser.add_argument("--mode", choices=("create", "update", "both"), default="")
    parser.add_argument("--key", metavar="FIELD", help="the field that recognises known records")
    parser.add_argument(
        "--system",
        default="",
        metavar="NAME",
        help="where a column of the field `elsewhere` comes from: known by these ids from now on",
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="may be repeated"
    )
    parser.add_argument(
        "--make",
        metavar="NAME",
        help="of deals: a pipeline of this name with the stages of the file; empty for none",
    )
    parser.add_argument("--encoding", help="such as utf-8, cp1252, gb18030, big5")
    parser.add_argument("--delimiter", help="one character")
    parser.add_argument("--sheet", help="of a workbook")
    parser.add_argument("--country", default="", help="where phone numbers without prefix are")
    parser.add_argument("--lenient", action="store_true", help="leave out values that do not fit")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument("--refused", type=Path, metavar="FILE", help="write refused rows here")


def run(args: argparse.Namespace) -> int:
    """Import the file; exit code 1 when nothing could be imported."""
    from vinculo.kernel.errors import DomainError

    try:
        return _everything(args.file) if args.all else _import_all(args)
    except DomainError as error:
        raise SetupProblem(str(error)) from error


def _everything(files: list[Path]) -> int:
    from vinculo.cli.serve import take_locks
    from vinculo.platform.everything.loading import load_everything

    file = files[0]
    if len(files) > 1:
        raise SetupProblem("An export of everything is one file.")
    if not file.is_file():
        raise SetupProblem(f"There is no file {file}.")
    locks = take_locks(("web", "worker"))
    try:
        done = load_everything(file)
    finally:
        for lock in locks:
            lock.free()
    print(f"{done.rows} rows of {done.tables} tables and {done.files} files came in.")
    print(
        "Passwords are not in an export: give the first administrator one with `vinculo manage "
        "changepassword E-MAIL`; everybody else uses “Forgot password?”."
    )
    return 0


def _import_all(args: argparse.Namespace) -> int:
    """One file, or several in one transaction and one change-set: companies before their people."""
    from django.db import transaction

    from vinculo.platform import journal
    from vinculo.records.transfer.held import find_held, place_of

    if args.entity and find_held(args.entity) is None:
        raise SetupProblem(f"There is no record type called {args.entity}.")
    for path in args.file:
        if not path.is_file():
            raise SetupProblem(f"There is no file {path}.")
    user = colleague(args.user)
    if len(args.file) == 1:
        return _import(args, args.file[0], user, dry_run=args.dry_run)
    files = _ours(args)
    label = ", ".join(path.name for path in files)
    codes = []
    with (
        journal.through("cli"),
        transaction.atomic(),
        journal.change_set(actor=user, verb="records.import", label=label),
    ):
        for path in sorted(files, key=lambda path: place_of(_entity_of(args, path))):
            print(f"{path.name}:")
            codes.append(_import(args, path, user, dry_run=False))
        if args.dry_run:
            # Done and taken back: the second file is judged by what the first brought.
            print("This was a rehearsal: nothing of it was kept.")
            transaction.set_rollback(True)
    return max(codes)


def _ours(args: argparse.Namespace) -> list[Path]:
    """Of several files those that hold something we keep; of the others it is said what they are."""
    from vinculo.kernel.errors import DomainError
    from vinculo.records.transfer.plan import OF_NOTHING_HERE
    from vinculo.records.transfer.presets import recognise

    found = []
    for path in args.file:
        preset = recognise(_table(args, path).headers)
        if preset is None or preset.entity:
            found.append(path)
        else:
            print(f"{path.name}: {DomainError(OF_NOTHING_HERE, name=preset.name)}")
    if not found:
        raise SetupProblem("There is nothing in these files that can be imported.")
    return found


def _entity_of(args: argparse.Namespace, path: Path) -> Any:
    """What the rows of a file are: as said, as the export says, companies otherwise."""
    from vinculo.records.transfer.held import find_held
    from vinculo.records.transfer.presets import recognise

    preset = recognise(_table(args, path).headers)
    known = preset.entity if preset else ""
    said = args.entity or ""
    key = (said or known) if len(args.file) == 1 else (known or said)
    return find_held(key or "parties.company")


def _table(args: argparse.Namespace, path: Path) -> Any:
    from vinculo.records.transfer.reading import open_table

    return open_table(
        path, path.name, encoding=args.encoding, delimiter=args.delimiter, sheet=args.sheet
    )


def _import(args: argparse.Namespace, path: Path, user: Any, *, dry_run: bool) -> int:
    from vinculo.platform import journal
    from vinculo.records.transfer.mappings import fitting_mappings, mapped_by
    from vinculo.records.transfer.pipeline import import_table
    from vinculo.records.transfer.plan import SAMPLE_ROWS, first_plan, with_styles
    from vinculo.records.transfer.refusals import write_refused
    from vinculo.records.transfer.writer import writer_of

    entity = _entity_of(args, path)
    table = _table(args, path)
    writer = writer_of(entity)
    targets = writer.targets(user)
    sample = table.sample(SAMPLE_ROWS)
    plan, _guesses = first_plan(table, sample, targets, writer, user)
    if args.mapping:
        kept = fitting_mappings(user, entity.key, table.headers)
        named = next((one for one in kept if one.name == args.mapping), None)
        if named is None:
            raise SetupProblem(f"No saved mapping called {args.mapping} fits {path.name}.")
        plan = mapped_by(plan, named, table.headers)
    columns = _mapped(args.map, table.headers, plan.columns, strict=len(args.file) == 1)
    plan = replace(
        plan,
        columns=columns,
        mode=args.mode or plan.mode,
        key=plan.key if args.key is None else args.key,
        lenient=args.lenient or plan.lenient,
        country=args.country.upper() or plan.country,
        system=args.system or plan.system,
        makes=plan.makes if args.make is None else args.make,
    )
    mapped = {key for _at, key in columns}
    if args.key is None and plan.key not in mapped:
        plan = replace(plan, key="elsewhere" if "elsewhere" in mapped else "")
    plan = with_styles(plan, targets, sample)
    _say_plan(table, plan)

    def keep(rows: Iterator[tuple[int, str, dict[str, Any]]]) -> None:
        if args.refused is not None:
            several = len(args.file) > 1
            name = f"{args.refused.stem}-{path.stem}{args.refused.suffix}"
            write_refused(args.refused.with_name(name) if several else args.refused, table, rows)

    with journal.through("cli"):
        result = import_table(
            user=user,
            entity_key=entity.key,
            table=table,
            plan=plan,
            writer=writer,
            dry_run=dry_run,
            label=path.name,
            progress=_progress,
            refused_to=keep,
        )
    _say_result(result, dry_run=dry_run)
    return 0 if result.counts["refused"] < max(1, result.counts["seen"]) else 1


def colleague(email: str | None) -> Any:
    """The colleague of that address; without one the first administrator."""
    from vinculo.platform.models import User

    active = User.objects.filter(is_active=True)
    if email:
        found = active.filter(email__iexact=email).first()
        if found is None:
            raise SetupProblem(f"No colleague signs in as {email}.")
        return found
    administrator = active.filter(role_assignments__role__administrator=True).order_by("pk").first()
    if administrator is None:
        raise SetupProblem("Say with --user whose records these become.")
    return administrator


def _mapped(
    given: list[str], headers: list[str], guessed: tuple[tuple[int, str], ...], *, strict: bool
) -> tuple[tuple[int, str], ...]:
    """The guessed columns with those that were given put in their place ("Column=" for none)."""
    columns = dict(guessed)
    for pair in given:
        header, _sign, target = pair.rpartition("=")
        if header not in headers:
            if not strict:
                continue  # meant for another one of the files
            raise SetupProblem(f"The file has no column called “{header}”.")
        at = headers.index(header)
        columns.pop(at, None)
        if target:
            columns[at] = target
    return tuple(sorted(columns.items()))


def _say_plan(table: Any, plan: Any) -> None:
    if table.sheet:
        print(f"Sheet: {table.sheet}")
    else:
        print(f"Encoding: {table.encoding}, delimiter: {table.delimiter!r}")
    mapped = dict(plan.columns)
    for at, header in enumerate(table.headers):
        print(f"  {header} → {mapped.get(at, '(not imported)')}")
    print(f"Mode: {plan.mode}, known by: {plan.key or '(nothing)'}")


def _progress(stage: str, rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage}: {rows:,} rows", end="", file=sys.stderr, flush=True)


def _say_result(result: Any, *, dry_run: bool) -> None:
    from vinculo.records.transfer.refusals import sentence

    if sys.stderr.isatty():
        print(file=sys.stderr)
    if dry_run:
        print("Nothing was written. An import would give:")
    for name in ("seen", "created", "updated", "skipped", "refused"):
        print(f"{name:>9} {result.counts[name]:>10,}")
    for outcome, reason, params, count in result.reasons:
        print(f"  {count:,} {outcome}: {sentence(reason, params)}")
    for field, count in result.left_out.items():
        print(f"  {count:,} values of {field} do not fit and are left out")
