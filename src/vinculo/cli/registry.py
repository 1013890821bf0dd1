"""`vinculo registry`: load an open register of companies, to look companies up in; list, remove."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from vinculo.config.problems import SetupProblem

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo registry`."""
    parser.add_argument("what", choices=["load", "list", "remove"])
    parser.add_argument(
        "which",
        nargs="?",
        metavar="FILE|NAME",
        help="load: a register's CSV, or the ZIP it comes in; remove: a name from the list. The LEI"
        " level 1 file of GLEIF and the basic company data of Companies House are recognised",
    )
    parser.add_argument(
        "--name", default="", help="what another register is called here, such as mercantil"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="of another register; may be repeated, several columns of a field are put together."
        " Fields: number, name, legal_form, status, tax_id, street, postal_code, city, region,"
        " country, website",
    )
    parser.add_argument("--country", default="", metavar="XX", help="where a row says no country")
    parser.add_argument("--encoding", help="such as utf-8, cp1252, gb18030, big5")
    parser.add_argument("--delimiter", help="one character")
    parser.add_argument("--user", metavar="E-MAIL", help="who does it, for the journal")


def run(args: argparse.Namespace) -> int:
    """Do it; the exit code."""
    from vinculo.kernel.errors import DomainError

    try:
        if args.what == "list":
            return _list()
        if not args.which:
            wanted = "the file" if args.what == "load" else "the register"
            raise SetupProblem(f"Name {wanted}: vinculo registry {args.what} …")
        return _load(args) if args.what == "load" else _remove(args)
    except DomainError as error:
        raise SetupProblem(str(error)) from error


def _list() -> int:
    from vinculo.parties.registry.models import Register

    found = list(Register.objects.order_by("label"))
    if not found:
        print("No register is loaded. Load one with: vinculo registry load FILE")
    for one in found:
        print(f"{one.key}  {one.label}: {one.rows:,} companies of {one.file_name}, {_day(one)}")
    return 0


def _day(register: Any) -> str:
    at = register.loaded_at
    return f"loaded on {at:%Y-%m-%d}" if at else "not loaded"


def _load(args: argparse.Namespace) -> int:
    from vinculo.parties.registry.formats import layout_of, mapped_layout, recognised
    from vinculo.parties.registry.loading import load_register
    from vinculo.parties.registry.reading import open_register
    from vinculo.platform import journal

    path = Path(args.which)
    if not path.is_file():
        raise SetupProblem(f"There is no file {path}.")
    file = open_register(path, encoding=args.encoding, delimiter=args.delimiter)
    known = None if args.map else recognised(file.headers)
    if known is not None:
        key, label = args.name or known.key, args.name or known.called
        layout = layout_of(file.headers, known)
    else:
        layout = mapped_layout(file.headers, _pairs(args.map), args.country.upper())
        key, label = args.name or path.stem.lower(), args.name or path.stem
    if not KEY.fullmatch(key):
        raise SetupProblem(
            "Give the register a short name: --name with small letters, digits and hyphens."
        )
    with journal.through("cli"):
        done = load_register(
            actor=_actor(args.user), file=file, layout=layout, key=key, label=label, watch=_watch
        )
    if sys.stderr.isatty():
        print(file=sys.stderr)
    register = done.register
    rate = register.rows / register.seconds if register.seconds else 0
    print(
        f"{register.label}: {register.rows:,} companies in {register.seconds:,.0f} s"
        f" ({rate:,.0f} a second), {register.refused:,} rows refused."
    )
    for line, error in done.examples:
        print(f"  line {line}: {error}")
    return 0


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for pair in given:
        column, sign, name = pair.rpartition("=")
        if not sign:
            raise SetupProblem(f"“{pair}” is not COLUMN=FIELD.")
        pairs.append((column, name))
    return pairs


def _remove(args: argparse.Namespace) -> int:
    from vinculo.parties.registry.loading import remove_register
    from vinculo.platform import journal

    with journal.through("cli"):
        gone = remove_register(actor=_actor(args.user), key=args.which)
    print(f"{gone.label} is removed. What was filled in from it stays.")
    return 0


def _actor(email: str | None) -> Any:
    """Who does it; nobody in particular where it is not said."""
    from vinculo.cli.import_ import colleague

    return colleague(email) if email else None


def _watch(stage: str, rows: int) -> None:
    if sys.stderr.isatty():
        said = f"{rows:,} rows" if stage == "rows" else f"index {rows + 1}"
        print(f"\r\033[K{said}", end="", file=sys.stderr, flush=True)
