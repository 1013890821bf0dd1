"""`vinculo api-key create|list|revoke`: keys for programs, without a browser."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three things one does with keys."""
    doing = parser.add_subparsers(dest="doing", metavar="create|list|revoke", required=True)
    create = doing.add_parser("create", help="make a key and print it, this once")
    create.add_argument("name", help="what uses it, for example “Web shop”")
    create.add_argument("--user", metavar="E-MAIL", help="for whom it acts")
    create.add_argument("--role", help="what it may do: one of that person's roles")
    create.add_argument("--days", type=int, default=90, help="how long it works (1 to 366)")
    create.add_argument(
        "--rate", type=int, help="calls per minute; 0 for any number, without it the usual limit"
    )
    listed = doing.add_parser("list", help="list the keys, the newest first")
    listed.add_argument("--user", metavar="E-MAIL", help="only this person's")
    listed.add_argument("--all", action="store_true", help="revoked and expired ones, too")
    revoke = doing.add_parser("revoke", help="end a key now")
    revoke.add_argument("key", help="its number, or how it begins")


def run(args: argparse.Namespace) -> int:
    """Do it; a refusal is one sentence and exit code 1."""
    from vinculo.kernel.errors import DomainError
    from vinculo.platform import journal

    verbs = {"create": _create, "list": _list, "revoke": _revoke}
    try:
        with journal.through("cli"):
            return verbs[args.doing](args)
    except DomainError as error:
        raise SetupProblem(str(error)) from error


def _create(args: argparse.Namespace) -> int:
    from vinculo.cli.import_ import colleague
    from vinculo.platform.key_actions import create_api_key

    if args.rate is not None and args.rate < 0:
        raise SetupProblem("--rate is a number of calls per minute, 0 for any.")
    user = colleague(args.user)
    key, secret = create_api_key(
        actor=user, name=args.name, role=_role(user, args.role), days=args.days, rate=args.rate
    )
    print(secret)
    print(
        f"Key {key.pk} acts for {user.email} with the role {key.role.title}"
        f" until {key.expires_at:%Y-%m-%d}. It is not shown again.",
        file=sys.stderr,
    )
    return 0


def _role(user: Any, name: str | None) -> Any:
    """The role of that name; without one the person's only one."""
    from vinculo.platform.models import Role

    held = list(Role.objects.filter(assignments__user=user).distinct())
    if name is None:
        if len(held) == 1:
            return held[0]
        names = ", ".join(role.name for role in held)
        raise SetupProblem(f"Say with --role which role the key has: {names}")
    for role in Role.objects.all():
        if name.casefold() in (role.name.casefold(), str(role.title).casefold()):
            return role
    raise SetupProblem(f"There is no role called {name}.")


def _list(args: argparse.Namespace) -> int:
    from vinculo.cli.import_ import colleague
    from vinculo.kernel.clock import now
    from vinculo.platform.models import ApiKey

    rows = ApiKey.objects.select_related("user", "role").order_by("-pk")
    if args.user:
        rows = rows.filter(user=colleague(args.user))
    if not args.all:
        rows = rows.filter(revoked_at=None, expires_at__gt=now())
    for key in rows:
        state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}"
        used = f"used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
        told = (str(key.pk), f"{key.start}…", key.name, key.user.email, str(key.role.title))
        print("\t".join((*told, state, used)))
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from vinculo.cli.import_ import colleague
    from vinculo.platform.key_actions import revoke_api_key
    from vinculo.platform.models import ApiKey

    by_number = ApiKey.objects.filter(pk=int(args.key)) if args.key.isdecimal() else None
    found = list(by_number if by_number is not None else ApiKey.objects.filter(start=args.key[:10]))
    if len(found) != 1:
        raise SetupProblem(f"There is no key {args.key}. `vinculo api-key list` shows them.")
    revoke_api_key(actor=colleague(None), key=found[0])
    print(f"Key {found[0].pk} ({found[0].name}) no longer works.", file=sys.stderr)
    return 0
