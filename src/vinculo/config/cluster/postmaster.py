"""One PostgreSQL server process: start it, know when it is ready, stop it, read why it died."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

from vinculo.config.cluster.binaries import binaries
from vinculo.config.cluster.initialise import become, clean_environment
from vinculo.config.cluster.places import Places, database_owner, own_folder
from vinculo.config.cluster.settings import write_settings
from vinculo.config.datadir import give_to_owner_above, why_not_written
from vinculo.config.problems import SetupProblem
from vinculo.config.processes import children_of, ready_child

STATUS_LINE = 7  # of postmaster.pid, counted from 0
PATIENCE = 300.0  # seconds: a crash recovery replays the write-ahead log first
STOP_PATIENCE = 60.0


def running_pid(made: Places) -> int | None:
    """The process id of the server on this cluster, or None; a stale postmaster.pid is None."""
    lines = _pid_file(made)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if pid > 0 and _serves(pid, made.data) else None


def is_ready(made: Places) -> bool:
    """Whether the server on this cluster accepts connections."""
    lines = _pid_file(made)
    return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"


def _pid_file(made: Places) -> list[str]:
    try:
        return (made.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _serves(pid: int, folder: Path) -> bool:
    """Whether that process is a server on that folder: process ids are used again."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        if (Path("/proc") / str(pid) / "comm").read_text().strip() != "postgres":
            return False
        return (Path("/proc") / str(pid) / "cwd").readlink() == folder.resolve()
    except FileNotFoundError:
        # No /proc on this system, or the process ended meanwhile.
        return not Path("/proc/self").exists()
    except PermissionError:
        return True


def start(made: Places, *, die_with_us: bool) -> subprocess.Popen[bytes]:
    """Start a server on the cluster and return at once; see wait_until_ready.

    die_with_us: the server ends (cleanly) when the calling thread's process is killed.
    """
    owner = database_owner(made)
    own_folder(made.socket_dir, owner)
    _clear_stale(made)
    try:
        write_settings(made.data, made.socket_dir, owner)
        log = _start_log(made).open("wb")
        give_to_owner_above(_start_log(made))
    except OSError as error:
        raise SetupProblem(why_not_written(made.data, error)) from None
    with log:
        return subprocess.Popen(
            [str(binaries() / "postgres"), "-D", str(made.data)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=clean_environment(),
            # Not in our process group: Ctrl-C in a terminal is for the supervisor, who stops
            # the web server and the worker first.
            start_new_session=True,
            preexec_fn=partial(ready_child, signal.SIGINT if die_with_us else None, os.getpid()),
            **become(owner),
        )


def _start_log(made: Places) -> Path:
    return made.home / "start.log"


def _clear_stale(made: Places) -> None:
    """Remove lock files of a server that is gone; PostgreSQL trips over a reused process id."""
    if running_pid(made) is None:
        (made.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (made.socket_dir / name).unlink(missing_ok=True)


def wait_until_ready(made: Places, child: subprocess.Popen[bytes] | None) -> bool:
    """Wait for the server to accept connections; False when it ended instead."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if child is not None and child.poll() is not None:
            return False
        pid = running_pid(made)
        if is_ready(made) and pid is not None and (child is None or pid == child.pid):
            return True
        if child is None and pid is None:
            return False
        time.sleep(0.01)
    return False


def stop(made: Places, child: subprocess.Popen[bytes] | None = None) -> None:
    """Stop the server cleanly: open transactions are rolled back, everything is written."""
    pid = child.pid if child is not None else running_pid(made)
    if pid is None:
        return
    helpers = children_of(pid)
    for sign, patience in ((signal.SIGINT, STOP_PATIENCE), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        if _wait_for_end(made, pid, child, patience):
            break
    # Its log writer ends a moment after it: nothing of ours is left when we say that we are done.
    until = time.monotonic() + 2.0
    while time.monotonic() < until and any(_serves(one, made.data) for one in helpers):
        time.sleep(0.01)


def _wait_for_end(
    made: Places, pid: int, child: subprocess.Popen[bytes] | None, patience: float
) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended = child.poll() is not None if child is not None else not _serves(pid, made.data)
        if ended:
            return True
        time.sleep(0.02)
    return False


def why_it_ended(made: Places) -> str:
    """One sentence from the log of a server that did not come up."""
    said = ""
    logs = sorted((made.data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
    for file in [_start_log(made), *logs[-1:]]:
        try:
            said += file.read_bytes()[-20_000:].decode("utf-8", "replace") + "\n"
        except OSError:
            continue
    fatal = [line for line in said.splitlines() if "FATAL:" in line or "PANIC:" in line]
    if any("No space left on device" in line for line in said.splitlines()[-30:]):
        return f"The disk that holds {made.data} is full: free some space and start again."
    if fatal and "incompatible with server" in fatal[-1]:
        return (
            f"The database in {made.data} was made by another version of PostgreSQL: start the "
            "Vinculo that made it, take a backup there and restore it here."
        )
    reason = fatal[-1].split(":", 1)[-1].strip() if fatal else "no reason given"
    return f"The database did not start ({reason}); its log is in {made.data / 'log'}."
