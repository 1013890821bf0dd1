"""A new cluster: made beside its place and moved there whole, or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from vinculo.config import env
from vinculo.config.cluster.binaries import binaries
from vinculo.config.cluster.places import Owner, Places, database_owner, own_folder
from vinculo.config.cluster.settings import SUPERUSER, write_settings
from vinculo.config.database import NAME, ROLE
from vinculo.config.datadir import data_dir, make_folder, remember_database_home, why_not_written
from vinculo.config.problems import SetupProblem

NEEDED = 250 * 1024 * 1024  # bytes: the templates, the first write-ahead log, the programs' copy


def make_cluster(made: Places) -> None:
    """Make the cluster, the application's role and its database; SetupProblem when it cannot be."""
    owner = database_owner(made)
    make_folder(made.home)
    _refuse_full_disk(made.home)
    programs = binaries()
    draft = made.home / "database.new"
    shutil.rmtree(draft, ignore_errors=True)  # what an interrupted start left behind
    own_folder(draft, owner)
    try:
        _initdb(programs, draft, owner)
        write_settings(draft, made.socket_dir, owner)
        _make_role_and_database(programs, draft, owner)
        draft.rename(made.data)
    except OSError as error:
        raise SetupProblem(why_not_written(made.home, error)) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    if made.home != data_dir():
        remember_database_home(made.home)
        # Whose it is, for `vinculo doctor`, when the data directory has been deleted.
        (made.home / "belongs-to").write_text(f"{data_dir()}\n")


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        raise SetupProblem(
            f"The disk that holds {folder} has {free // 2**20} MB free, a new database needs "
            f"{NEEDED // 2**20} MB: free some space and start again."
        )


def _initdb(programs: Path, folder: Path, owner: Owner) -> None:
    _run(
        [str(programs / "initdb"), "--pgdata", str(folder), "--username", SUPERUSER]
        + ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        + ["--locale=C", "--data-checksums", "--auth=peer", "--no-instructions"]
        + (["--no-sync"] if env.flag("VINCULO_DATABASE_THROWAWAY") else []),
        owner,
    )


def _make_role_and_database(programs: Path, folder: Path, owner: Owner) -> None:
    # Not a superuser: a flaw in the application must not become a command on this machine.
    # CREATEDB is for the suite's own databases.
    # In single-user mode, so that no server must be started for two statements.
    _run(
        [
            str(programs / "postgres"),
            "--single",
            "-D",
            str(folder),
            "-c",
            "logging_collector=off",
            "postgres",
        ],
        owner,
        typed=f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {NAME} OWNER {ROLE}\n",
    )


def _run(command: list[str], owner: Owner, typed: str = "") -> None:
    done = subprocess.run(
        command,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environment(),
        **become(owner),
    )
    said = done.stdout + done.stderr
    if done.returncode == 0 and "ERROR:" not in said and "FATAL:" not in said:
        return
    if "No space left on device" in said:
        raise SetupProblem("The disk is full: free some space and start again.")
    last = [line for line in said.strip().splitlines() if line.strip()] or ["no reason given"]
    why = next((line for line in last if "error:" in line.lower() or "FATAL" in line), last[-1])
    raise SetupProblem(f"The database could not be made: {why.strip()}")


def clean_environment() -> dict[str, str]:
    """An environment in which no PG* variable of the caller changes what PostgreSQL does."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Become(TypedDict, total=False):
    """Arguments of subprocess that say who a program runs as."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


def become(owner: Owner) -> Become:
    """How root becomes the owner for good; anybody else stays who they are."""
    if os.geteuid() != 0:
        return {"umask": 0o077}
    return {"user": owner.uid, "group": owner.gid, "extra_groups": [], "umask": 0o077}
