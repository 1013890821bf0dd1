"""`vinculo manage …`: Django's own commands, with the database running."""

from __future__ import annotations

import os
import sys

from vinculo.cli.main import close_database
from vinculo.config.cluster.running import running_database

# These read code only; they need not wait for a database.
WITHOUT_DATABASE = {"check", "makemessages", "compilemessages", "collectstatic", "help", "version"}


def run(arguments: list[str]) -> int:
    """Run the Django command; its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculo.config.settings")
    if not arguments or arguments[0] in WITHOUT_DATABASE:
        return _execute(arguments)
    with running_database():
        try:
            return _execute(arguments)
        finally:
            close_database()


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["vinculo manage", *arguments])
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0
