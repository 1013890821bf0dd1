"""The command line: every subcommand with its arguments."""

from __future__ import annotations

import argparse
import importlib

from scripts.reference.table import code, table
from vinculo.cli.main import COMMANDS

HEAD = """# The command `vinculo`

`.venv/bin/vinculo <command>`; `--help` says the same. All of them respect `VINCULO_DATA` and
`DATABASE_URL`. A refusal is one sentence on standard error and exit code 1.
"""


def page() -> str:
    """The page of subcommands."""
    parts = [HEAD]
    for name, command in COMMANDS.items():
        parts.append(f"## vinculo {name}\n\n{command.help[0].upper()}{command.help[1:]}.\n")
        if command.passes_on:
            parts.append("All further arguments are Django's own.\n")
            continue
        rows = [_row(argument) for argument in _arguments(command.module)]
        if rows:
            parts.append(table(("argument", "meaning"), rows))
    return "\n".join(parts)


def _arguments(module: str) -> list[argparse.Action]:
    parser = argparse.ArgumentParser(prog="vinculo", add_help=False)
    importlib.import_module(module).add_arguments(parser)
    return parser._actions


def _row(argument: argparse.Action) -> tuple[str, ...]:
    name = " ".join(argument.option_strings) or str(argument.metavar or argument.dest)
    if argument.option_strings and argument.nargs != 0:
        choices = "|".join(map(str, argument.choices or ()))
        name += f" {choices or argument.metavar or argument.dest.upper()}"
    return code(name), (argument.help or "").replace("%%", "%")
