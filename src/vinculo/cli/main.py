"""The command `vinculo`: finds the subcommand's module, and prints refusals as one sentence.

A subcommand is a module with `add_arguments(parser)` and `run(args) -> int` (the exit code). It is
imported only when it is called for, so that `vinculo --help` needs neither Django nor a database.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from types import ModuleType

from vinculo.config.datadir import ensure_installation, why_not_written
from vinculo.config.problems import SetupProblem


@dataclass(frozen=True)
class Command:
    """One subcommand: its module, one line of help, and what must stand before it runs."""

    module: str
    help: str
    # Whether a running database and a set-up Django are wanted before the module is imported.
    django: bool = True
    # Whether pending migrations are applied first: a command may be the first thing ever run here.
    migrated: bool = True
    # Whether all further arguments are the command's own business.
    passes_on: bool = False


COMMANDS = {
    "serve": Command(
        "vinculo.cli.serve", "run the web server, the worker and the database", django=False
    ),
    "doctor": Command("vinculo.cli.doctor", "check the installation and say how to mend it", False),
    "migrate": Command(
        "vinculo.cli.migrate", "bring the database up to this version", migrated=False
    ),
    "backup": Command("vinculo.cli.backup", "save everything in one file", migrated=False),
    "restore": Command("vinculo.cli.restore", "put a backup back", migrated=False),
    "rollback": Command(
        "vinculo.cli.rollback", "go back to before the last upgrade", migrated=False
    ),
    "demo": Command("vinculo.cli.demo", "make or remove the demo company"),
    "import": Command("vinculo.cli.import_", "import a CSV, TSV or XLSX file"),
    "export": Command("vinculo.cli.export", "export records as CSV or XLSX"),
    "duplicates": Command(
        "vinculo.cli.duplicates", "look for records that may mean the same customer"
    ),
    "registry": Command(
        "vinculo.cli.registry", "load an open register of companies to look companies up in"
    ),
    "keys": Command("vinculo.cli.keys", "show, renew and retire the keys of encrypted fields"),
    "api-key": Command("vinculo.cli.api_key", "make, list and revoke keys for programs"),
    "entity": Command("vinculo.cli.entity", "print everything that is derived from an entity"),
    "bench": Command(
        "vinculo.cli.bench", "measure this machine against the performance budgets", django=False
    ),
    "shell": Command(
        "vinculo.cli.shell", "open a Python shell inside the installation", migrated=False
    ),
    "manage": Command(
        "vinculo.cli.manage", "run one of Django's own commands", django=False, passes_on=True
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; the result is the process's exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        return _dispatch(given)
    except SetupProblem as problem:
        print(f"vinculo: {problem}", file=sys.stderr)
        return 1
    except OSError as error:
        # The machine refused (a full or read-only disk): a sentence, not a traceback.
        if error.filename is None or os.environ.get("VINCULO_DEBUG"):
            raise
        from pathlib import Path

        print(f"vinculo: {why_not_written(Path(str(error.filename)), error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="vinculo", description="The CRM a company runs itself.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    chosen = next((word for word in given if not word.startswith("-")), None)
    for name, command in COMMANDS.items():
        if not _exists(command.module):
            continue
        below = commands.add_parser(
            name, help=command.help, description=command.help, add_help=not command.passes_on
        )
        if name == chosen and command.passes_on:
            return int(_load(command.module).run(given[given.index(name) + 1 :]))
        if name == chosen and not command.django:
            _load(command.module).add_arguments(below)
        elif name == chosen:
            return _run_with_django(command, below, parser, given)
    arguments = parser.parse_args(given)
    return int(_load(COMMANDS[arguments.command].module).run(arguments))


def _run_with_django(
    command: Command,
    below: argparse.ArgumentParser,
    parser: argparse.ArgumentParser,
    given: list[str],
) -> int:
    """Start or find the database, set Django up, then read the arguments and run."""
    from vinculo.config.cluster.running import running_database

    ensure_installation()
    if {"-h", "--help"} & set(given):
        set_up_django()
        _load(command.module).add_arguments(below)
        parser.parse_args(given)
    with running_database():
        set_up_django()
        module = _load(command.module)
        module.add_arguments(below)
        arguments = parser.parse_args(given)
        try:
            _stand_on_the_database(command)
            return int(module.run(arguments))
        finally:
            close_database()


def _stand_on_the_database(command: Command) -> None:
    from vinculo.cli.prepare import migrate_if_pending, refuse_old_postgresql

    refuse_old_postgresql()
    if command.migrated:
        migrate_if_pending()


def set_up_django() -> None:
    """Load settings and apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculo.config.settings")
    import django

    django.setup()


def close_database() -> None:
    """Let go of every connection, so that a server of our own can stop at once."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def _exists(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def _load(module: str) -> ModuleType:
    return importlib.import_module(module)


def _version() -> str:
    from vinculo import __version__

    return f"vinculo {__version__}"


if __name__ == "__main__":
    sys.exit(main())
