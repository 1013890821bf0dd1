"""The one door to the embedded server: attach to the running one, or start it.

A command (`vinculo shell`) uses the server for its own lifetime; the last one out stops it.
`vinculo serve` owns it: it stops it at the end whoever else is attached, and the server ends with
it when it is killed. Three lock files make that safe against kill -9, since the kernel frees them:

    database.lock    held for the moment in which somebody starts or stops the server
    database.users   shared by everybody who uses the server
    serve-*.lock     held by a `vinculo serve` for each of its parts (see cli/serve)
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from vinculo.config.cluster import postmaster
from vinculo.config.cluster.initialise import make_cluster
from vinculo.config.cluster.places import Places, places
from vinculo.config.database import is_embedded
from vinculo.config.datadir import ensure_installation
from vinculo.config.locks import FileLock
from vinculo.config.problems import SetupProblem

# A killed server's own children need a moment to notice, and keep its shared memory until then.
RETRIES = 40
PAUSE = 0.25
# What the log says of a server that was killed in the middle of something: it will let go soon. A
# later line of the old server's clients may stand below the new one's own.
PASSING = ("shared memory", "shutting down", "recovery", "starting up", "accepting connections")


class EmbeddedDatabase:
    """Our hold on the embedded server."""

    def __init__(self, made: Places, *, owning: bool = False) -> None:
        self.places = made
        self.owning = owning
        self.child: subprocess.Popen[bytes] | None = None
        self._mutex = FileLock(made.locks / "database.lock")
        self._users = FileLock(made.locks / "database.users")

    def open(self, *, wait: bool = True) -> None:
        """Attach to the running server or start one; SetupProblem when it will not run."""
        self._users.take(shared=True)
        self._mutex.take()
        try:
            self._attach_or_start()
            if wait:
                self._until_ready()
        finally:
            # Without waiting, the lock is kept until wait_until_ready.
            if wait:
                self._mutex.free()

    def wait_until_ready(self) -> None:
        """The second half of open(wait=False)."""
        try:
            self._until_ready()
        finally:
            self._mutex.free()

    def is_running(self) -> bool:
        """Whether the server lives."""
        if self.child is not None:
            return self.child.poll() is None
        return postmaster.running_pid(self.places) is not None

    def reopen(self) -> None:
        """Bring a server back that died."""
        self.child = None
        self.open()

    def close(self) -> None:
        """Stop using the server, and stop it when we own it or were the last."""
        self._mutex.take()
        try:
            alone = self._users.take(wait=False)
            if self.owning or alone:
                postmaster.stop(self.places, self.child)
        finally:
            self._users.free()
            self._mutex.free()

    def forget(self) -> None:
        """In a forked child: leave server and locks to the parent."""
        self._mutex.forget()
        self._users.forget()
        self.child = None

    def _attach_or_start(self) -> None:
        if not self.places.is_made:
            make_cluster(self.places)
        if postmaster.running_pid(self.places) is None:
            self.child = postmaster.start(self.places, die_with_us=self.owning)

    def _until_ready(self) -> None:
        for _ in range(RETRIES):
            if postmaster.wait_until_ready(self.places, self.child):
                return
            why = postmaster.why_it_ended(self.places)
            if self.child and not any(sign in why for sign in PASSING):
                raise SetupProblem(why)
            time.sleep(PAUSE)
            self.child = None
            self._attach_or_start()
        raise SetupProblem(postmaster.why_it_ended(self.places))


@contextmanager
def running_database() -> Iterator[None]:
    """A running database for the length of the block; with DATABASE_URL there is nothing to do."""
    if not is_embedded():
        yield
        return
    ensure_installation()
    database = EmbeddedDatabase(places())
    database.open()
    try:
        yield
    finally:
        database.close()
