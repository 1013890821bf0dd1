"""A tree of processes that lives and dies together.

The parts are forks of this process, which has loaded the application: they share its memory, and
a part that died is back in milliseconds. Nothing is left behind: an orderly stop ends the parts in
order, and when this process is killed the kernel ends them (see processes.die_with_parent).
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType, TracebackType

from vinculo.config.cluster.running import EmbeddedDatabase
from vinculo.config.locks import FileLock
from vinculo.config.problems import SetupProblem
from vinculo.config.processes import ready_child

STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
TICK = 1.0  # seconds between two looks at the database
SHORT_LIFE = 10.0  # a part that lived less long than this has failed to start
MOST_FAILURES = 5
LONGEST_BACK_OFF = 30.0
LONGEST_WHEN_BLAMELESS = 4.0


class Stopped(BaseException):
    """Somebody asked us to stop while we were still starting."""


@dataclass
class Part:
    """One child of the tree."""

    name: str
    main: Callable[[], None]
    patience: float  # seconds it may take to stop
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    next_start: float = 0.0


@dataclass
class Supervisor:
    """Starts the parts, restarts what dies, stops all in order."""

    database: EmbeddedDatabase | None = None
    parts: list[Part] = field(default_factory=list)
    _locks: list[FileLock] = field(default_factory=list)
    _address: tuple[str, int] | None = None
    _sign_in: str = ""
    _database_failures: int = 0

    def __enter__(self) -> Supervisor:
        for sign in STOPPING:
            signal.signal(sign, _stop_starting)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        for sign in STOPPING:  # a second Ctrl-C must not leave half a tree behind
            signal.signal(sign, signal.SIG_IGN)
        self._stop()
        return kind is Stopped

    def hold(self, locks: list[FileLock]) -> None:
        """Keep these locks until the end."""
        self._locks = locks

    def add(self, part: Part) -> None:
        """Start one more part; parts are stopped in the order they were added."""
        self.parts.append(part)

    def announce_when_reachable(self, host: str, port: int, sign_in: str) -> None:
        """Print the address, and how to sign in, as soon as the web server answers."""
        self._address, self._sign_in = (host, port), sign_in

    def watch(self) -> int:
        """Keep everything running until told to stop; the exit code."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING | {signal.SIGCHLD})
        while True:
            self._revive_database()
            for part in self.parts:
                self._revive(part)
            heard = signal.sigtimedwait(STOPPING | {signal.SIGCHLD}, self._tick())
            if heard is not None and heard.si_signo in STOPPING:
                return 0
            self._announce()

    def _tick(self) -> float:
        if self._address is not None:
            return 0.05
        waits = [part.next_start - time.monotonic() for part in self.parts if not part.pid]
        return max(0.01, min([TICK, *waits]))

    def _revive(self, part: Part) -> None:
        if part.pid and not self._has_ended(part):
            return
        now = time.monotonic()
        if not part.pid and now >= part.next_start:
            part.started = now
            part.pid = self._fork(part.main)

    def _has_ended(self, part: Part) -> bool:
        pid, status = os.waitpid(part.pid, os.WNOHANG)
        if pid == 0:
            return False
        lived = time.monotonic() - part.started
        part.failures = part.failures + 1 if lived < SHORT_LIFE else 1
        code = os.waitstatus_to_exitcode(status)
        # Killed from outside (an operator, the kernel short of memory), or stopped in good order
        # because the database went away: no failure of its own, however often it comes.
        blameless = code in (0, -signal.SIGKILL)
        if not blameless and part.failures >= MOST_FAILURES:
            part.pid = 0
            raise SetupProblem(
                f"The {part.name} stopped {part.failures} times in a row (exit code {code}); "
                "the lines above say why."
            )
        longest = LONGEST_WHEN_BLAMELESS if blameless else LONGEST_BACK_OFF
        back_off = min(longest, 0.25 * 2 ** (part.failures - 1))
        print(
            f"The {part.name} stopped (exit code {code}); starting it again in {back_off:g} s.",
            file=sys.stderr,
            flush=True,
        )
        part.pid, part.next_start = 0, time.monotonic() + back_off
        return True

    def _revive_database(self) -> None:
        if self.database is None or self.database.is_running():
            return
        print("The database stopped; starting it again.", file=sys.stderr, flush=True)
        try:
            self.database.reopen()
            self._database_failures = 0
        except SetupProblem as problem:
            self._database_failures += 1
            if self._database_failures >= MOST_FAILURES:
                raise
            print(f"vinculo: {problem}", file=sys.stderr, flush=True)

    def _fork(self, main: Callable[[], None]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            self.become_child(parent)
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def become_child(self, parent: int) -> None:
        """In a forked child: its own session, plain signals, and none of the parent's locks."""
        os.setsid()
        for sign in STOPPING | {signal.SIGCHLD}:
            signal.signal(sign, signal.SIG_DFL)
        ready_child(signal.SIGTERM, parent)
        for lock in self._locks:
            lock.forget()
        if self.database is not None:
            self.database.forget()

    def _announce(self) -> None:
        if self._address is None:
            return
        host, port = self._address
        reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        try:
            socket.create_connection((reachable, port), timeout=0.2).close()
        except OSError:
            return
        shown = f"[{reachable}]" if ":" in reachable else reachable
        print(f"Vinculo runs at http://{shown}:{port}/", flush=True)
        if self._sign_in:
            print(self._sign_in, flush=True)
        print("Ctrl-C stops it.", flush=True)
        self._address = None

    def _stop(self) -> None:
        for part in self.parts:
            if part.pid:
                _end(part)
        if self.database is not None:
            self.database.close()
        for lock in self._locks:
            lock.free()


def _stop_starting(sign: int, frame: FrameType | None) -> None:
    raise Stopped


def _end(part: Part) -> None:
    """Ask the part to stop, and kill its whole session when it will not."""
    until = time.monotonic() + part.patience
    try:
        os.kill(part.pid, signal.SIGTERM)
        while time.monotonic() < until:
            if os.waitpid(part.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.02)
        os.killpg(part.pid, signal.SIGKILL)
        os.waitpid(part.pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def run_in_child(work: Callable[[], str], supervisor: Supervisor) -> str:
    """Do the work in a forked child and return its answer; its SetupProblem becomes ours.

    The parent stays free of threads and connections, so that it can be forked again safely.
    """
    readable, writable = os.pipe()

    def main() -> None:
        os.close(readable)
        try:
            answer: tuple[str, str] = ("answer", work())
        except SetupProblem as problem:
            answer = ("problem", str(problem))
        with os.fdopen(writable, "wb") as pipe:
            pickle.dump(answer, pipe)

    pid = supervisor._fork(main)
    part = Part("preparation", main, patience=5.0, pid=pid)
    supervisor.parts.append(part)  # so that a Ctrl-C now stops it too
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    supervisor.parts.remove(part)
    if not said:
        raise SetupProblem("The installation could not be prepared; the lines above say why.")
    kind, text = pickle.loads(said)  # noqa: S301 - from our own child
    if kind == "problem":
        raise SetupProblem(text)
    return str(text)
