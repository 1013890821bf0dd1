"""`vinculo keys`: the keys of encrypted fields: which are in use, a new one, an old one's end."""

from __future__ import annotations

import argparse
import sys

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo keys`."""
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=["list", "rotate", "resume", "retire"],
        help="list: what is in use; rotate: encrypt everything anew with a new key; "
        "resume: go on with that; retire: forget an old key",
    )
    parser.add_argument("number", nargs="?", default="", help="the key to retire")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when something could not be read."""
    from vinculo.kernel.errors import DomainError
    from vinculo.platform import journal
    from vinculo.platform.sensitive import rotation

    try:
        with journal.through("cli"):
            if args.what == "retire":
                rotation.retire(args.number)
                print(f"Key {args.number} is gone.")
            elif args.what != "list":
                if args.what == "rotate":
                    print(f"Key {rotation.begin_rotation()} is the current one now.")
                return _reencrypt()
        _list()
    except DomainError as error:
        raise SetupProblem(str(error)) from error
    return 0


def _reencrypt() -> int:
    from vinculo.platform.sensitive.rotation import reencrypt

    def told(done: int) -> None:
        print(f"\r{done:,} values", end="", file=sys.stderr, flush=True)

    done, unreadable = reencrypt(told)
    print(f"\rEncrypted anew: {done:,} values and files.")
    if unreadable:
        print(f"{unreadable:,} of them could not be read: their key is not here.")
    return 1 if unreadable else 0


def _list() -> None:
    from vinculo.platform.sensitive.keys import key_file, keys
    from vinculo.platform.sensitive.rotation import keys_in_use

    held = keys()
    print(f"Keys in {key_file()}: back this file up apart from the database.")
    for number, (values, kept) in keys_in_use().items():
        state = "current" if number == held.current else "old"
        state = state if number in held.by_number else "MISSING"
        print(f"{number:>4}  {state:8} {values:,} values and files, {kept:,} that undo may restore")
