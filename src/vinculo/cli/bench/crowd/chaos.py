"""Kills processes of a running installation, one at random every few seconds, with kill -9."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter
from pathlib import Path
from random import Random
from threading import Event, Thread

WEB, WORKER, DATABASE, BACKEND, SERVER = (
    "web worker", "job worker", "database", "database connection", "web server",
)  # fmt: skip
#: How often each is chosen, in turn and then at random: all of them are met in a short run, too.
USUAL = (WEB, WORKER, BACKEND, DATABASE, SERVER)


class Chaos(Thread):
    """Kills until told to stop; `killed` counts what."""

    def __init__(self, supervisor: int, every: float, seed: str) -> None:
        super().__init__(name="chaos", daemon=True)
        self.supervisor, self.every = supervisor, every
        self.rng = Random(f"{seed}/chaos")  # noqa: S311 - not secret
        self.killed: Counter[str] = Counter()
        self._over = Event()

    def run(self) -> None:
        """One victim after another; who cannot be found just now is left for the next time."""
        turn = 0
        while not self._over.wait(self.rng.uniform(0.6, 1.4) * self.every):
            first = USUAL[turn] if turn < len(USUAL) else self.rng.choice(USUAL)
            found = self._victims().get(first)
            if not found:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.rng.choice(found), signal.SIGKILL)
                self.killed[first] += 1
            turn += 1

    def stop(self) -> None:
        """No more kills."""
        self._over.set()
        self.join()

    def _victims(self) -> dict[str, list[int]]:
        """The supervisor's children by what they are."""
        found: dict[str, list[int]] = {name: [] for name in USUAL}
        for pid in _children(self.supervisor):
            below = _children(pid)
            if _name(pid) == "postgres":
                found[DATABASE].append(pid)
                found[BACKEND] += [one for one in below if b"[local]" in _command(one)]
            elif below:
                found[SERVER].append(pid)
                found[WEB] += below
            else:
                found[WORKER].append(pid)
        return found


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
