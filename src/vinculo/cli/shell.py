"""`vinculo shell`: a Python shell inside the installation."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo shell`."""
    parser.add_argument("-c", "--command", metavar="CODE", help="run this and leave")


def run(args: argparse.Namespace) -> int:
    """Open the shell, or run the given code."""
    from django.core.management import call_command

    if args.command:
        call_command("shell", command=args.command, verbosity=0)
    else:
        call_command("shell")
    return 0
