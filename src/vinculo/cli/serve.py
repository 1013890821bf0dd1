"""`vinculo serve`: database, web server and worker as one supervised tree."""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import socket
from functools import partial

from vinculo.cli.main import close_database, set_up_django
from vinculo.cli.supervisor import Part, Supervisor, run_in_child
from vinculo.config import env
from vinculo.config.cluster.places import SHARED, places
from vinculo.config.cluster.running import EmbeddedDatabase
from vinculo.config.database import is_embedded
from vinculo.config.datadir import data_dir, settle_kind
from vinculo.config.locks import FileLock
from vinculo.config.problems import SetupProblem

PARTS = ("web", "worker", "database")
NEEDED = 64 * 1024 * 1024  # bytes; below, PostgreSQL may stop in the middle of the morning


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo serve`."""
    parser.add_argument("--only", choices=PARTS, help="run one part, for several machines")
    parser.add_argument("--port", type=int, help="port to listen on (default: PORT, or 8000)")
    parser.add_argument("--host", help="address to listen on (default: VINCULO_HOST, or 127.0.0.1)")
    parser.add_argument(
        "--workers", type=int, help="web processes (default: one a core, at most 4)"
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="a first start makes an installation with a demo company",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; 0 after an orderly stop, 1 when something would not start."""
    parts: tuple[str, ...] = (args.only,) if args.only else PARTS
    if "database" in parts and not is_embedded():
        if args.only:
            raise SetupProblem("DATABASE_URL is set, so there is no database to serve here.")
        parts = ("web", "worker")
    port = args.port or env.port()
    host = args.host or env.text("VINCULO_HOST", "127.0.0.1")
    if "web" in parts:
        os.environ["PORT"] = str(port)  # what the settings take for our address
        refuse_taken_port(host, port)
    settle_kind("demo" if args.demo else "real")
    refuse_full_disk()
    with Supervisor() as supervisor:
        supervisor.hold(take_locks(parts))
        if is_embedded():
            _open_database(supervisor, owning="database" in parts)
        if args.only == "database":
            print("The database runs. Ctrl-C stops it.", flush=True)
            return supervisor.watch()
        return _serve_application(supervisor, parts, host, port, args.workers)
    return 0  # told to stop while still starting


def _open_database(supervisor: Supervisor, *, owning: bool) -> None:
    made = places()
    if os.geteuid() == 0 and SHARED in made.home.parents:
        print(
            f"Started as root: the database lives in {made.home}, under its own user.", flush=True
        )
    supervisor.database = EmbeddedDatabase(made, owning=owning)
    # Without waiting: it comes up while this process imports the application.
    supervisor.database.open(wait=False)


def _serve_application(
    supervisor: Supervisor, parts: tuple[str, ...], host: str, port: int, workers: int | None
) -> int:
    """Load the application once; the web server and the worker are forks that share its memory."""
    set_up_django()
    if supervisor.database is not None:
        supervisor.database.wait_until_ready()
    sign_in = run_in_child(partial(_prepare, "web" in parts), supervisor)
    from vinculo.cli import parts as mains

    if "web" in parts:
        mains.load_application()
        amount = workers or env.number("VINCULO_WEB_WORKERS", min(4, os.cpu_count() or 1), least=1)
        supervisor.add(Part("web server", lambda: mains.web(host, port, amount), patience=15.0))
        supervisor.announce_when_reachable(host, port, sign_in)
    if "worker" in parts:
        supervisor.add(Part("worker", mains.worker, patience=20.0))
        if "web" not in parts:
            print("The worker runs. Ctrl-C stops it.", flush=True)
    close_database()  # whatever looked at it while loading; a fork must not share a connection
    gc.collect()
    gc.freeze()  # what is loaded now stays shared: the collector does not write to its pages
    return supervisor.watch()


def _prepare(with_sign_in: bool) -> str:
    from vinculo.cli.prepare import prepare

    return prepare(with_sign_in=with_sign_in)


def take_locks(parts: tuple[str, ...]) -> list[FileLock]:
    """Claim these parts of the installation; SetupProblem when somebody serves them already."""
    folder = places().locks if is_embedded() else data_dir() / "locks"
    taken = []
    for part in parts:
        lock = FileLock(folder / f"serve-{part}.lock")
        if not lock.take(wait=False):
            raise SetupProblem(
                f"Vinculo already runs on {data_dir()} (process {lock.signature() or '?'}): stop "
                "it first, or set VINCULO_DATA to another folder."
            )
        lock.sign()
        taken.append(lock)
    return taken


def refuse_taken_port(host: str, port: int) -> None:
    """SetupProblem when we could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            raise SetupProblem(f"Port {port} needs root: choose another with PORT=8000.") from None
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == 98 or "in use" in str(error):
                raise SetupProblem(
                    f"Port {port} is taken by another program: choose another with PORT={port + 1}."
                ) from None
            raise SetupProblem(f"Vinculo cannot listen on {host}:{port}: {error}.") from None


def refuse_full_disk() -> None:
    """SetupProblem when the installation's disk is all but full."""
    for folder in {data_dir(), *([places().home] if is_embedded() else [])}:
        present = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(present).free
        if free < NEEDED:
            raise SetupProblem(
                f"The disk that holds {folder} is full ({free // 2**20} MB free): free some space "
                "and start again."
            )
