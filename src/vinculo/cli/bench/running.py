"""The run as a whole: an installation of its own, filled, served, measured, removed."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "bench.json"
DEALS = "deals.json"


def bench(args: argparse.Namespace) -> int:
    """Load unless the data is there, measure, print, write, clean up."""
    with _folder(args) as folder:
        _settle(folder)
        from vinculo.cli.main import close_database, set_up_django
        from vinculo.config.cluster.running import running_database

        made = folder / MARK
        if not made.exists():
            with running_database():
                set_up_django()
                _load(args)
                close_database()
            made.write_text(f"{args.customers} {args.interactions} {args.seed}\n")
        if args.deals and not (folder / DEALS).exists():
            with running_database():
                set_up_django()
                _load_deals(args)
                close_database()
            (folder / DEALS).write_text(f"{args.deals}\n")
        if args.load_only:
            return 0
        set_up_django()
        if args.people:
            from vinculo.cli.bench.crowd.running import crowd

            return crowd(args, folder)
        from vinculo.cli.bench.measuring import measure
        from vinculo.cli.bench.report import print_report, write_json

        report = measure(args, folder)
        print_report(report)
        if args.json:
            write_json(report, args.json)
    return 0


@contextmanager
def _folder(args: argparse.Namespace) -> Iterator[Path]:
    """The bench's data directory; removed with its database unless it is to be kept."""
    if args.data:
        args.data.mkdir(parents=True, exist_ok=True)
        args.data.chmod(0o711)  # the database's own user enters it when started as root
        yield args.data.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="vinculo-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if args.keep:
            print(f"The data is kept in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path) -> None:
    """From here on this process, and those it starts, know only the bench's installation."""
    os.environ["VINCULO_DATA"] = str(folder)
    os.environ["VINCULO_API_RATE"] = "0"  # programs of the bench may call as often as they can
    os.environ["VINCULO_WEB_WORKERS"] = "2"
    for name in ("DATABASE_URL", "VINCULO_URL", "VINCULO_DEBUG"):
        os.environ.pop(name, None)
    from vinculo.config.datadir import settle_kind

    settle_kind("real")


def _load(args: argparse.Namespace) -> None:
    from vinculo.cli.bench.load import Load, load
    from vinculo.cli.main import close_database
    from vinculo.cli.prepare import migrate_if_pending

    began = time.monotonic()
    print("Loading (triggers and indexes off, journal and indexes by set afterwards):", flush=True)
    migrate_if_pending()
    close_database()

    def say(text: str) -> None:
        print(text, flush=True)

    load(Load(args.customers, args.interactions, args.seed, args.people), say)
    print(f"Loaded in {time.monotonic() - began:.0f} s.", flush=True)


def _load_deals(args: argparse.Namespace) -> None:
    """Deals of the customers who are there, also of those that an older run has left."""
    from vinculo.cli.bench.deals import load_deals

    began = time.monotonic()
    load_deals(args.deals, args.seed)
    print(f"  {args.deals:,} open deals: {time.monotonic() - began:.0f} s", flush=True)
