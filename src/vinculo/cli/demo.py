"""`vinculo demo`: make or remove the demo company."""

from __future__ import annotations

import argparse
import sys
import time

from vinculo.demo.actions import SEED, create_demo, remove_demo
from vinculo.demo.making import SCALES
from vinculo.demo.removing import is_there


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo demo`."""
    parser.add_argument("--scale", choices=SCALES, default="small", help="how large (small)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, another company")
    parser.add_argument("--if-empty", action="store_true", help="do nothing when it is there")
    parser.add_argument("--remove", action="store_true", help="take the demo company away")


def run(args: argparse.Namespace) -> int:
    """Make or remove; 1 with a sentence when that is refused."""
    from vinculo.cli.prepare import migrate_if_pending
    from vinculo.config.datadir import ensure_installation, remember_kind
    from vinculo.kernel.errors import DomainError
    from vinculo.platform import journal
    from vinculo.platform.models import User

    migrate_if_pending()
    if args.if_empty and is_there():
        return 0
    began = time.monotonic()
    try:
        with journal.through("cli"):
            if args.remove:
                remove_demo(actor=None)
                remember_kind("real")
                print("The demo company is gone; this is a real installation now.")
                return 0
            if ensure_installation().kind == "new" and not User.objects.exists():
                remember_kind("demo")
            create_demo(actor=None, scale=args.scale, seed=args.seed)
    except DomainError as refusal:
        print(f"vinculo: {refusal}", file=sys.stderr)
        return 1
    print(f"The demo company is ready ({time.monotonic() - began:.1f} s).", flush=True)
    return 0
