"""The served installation: `vinculo serve` as a child, its start and its memory."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vinculo.cli.bench.client import HOST, Visitor
from vinculo.config.processes import ready_child

PATIENCE = 60.0  # seconds
SETTLED = 5.0  # seconds after the first answer in which everything comes to rest


@dataclass(slots=True)
class Server:
    """A running `vinculo serve`."""

    process: subprocess.Popen[bytes]
    port: int
    first_answer: float  # seconds from the start of the command

    def memory(self) -> dict[str, float]:
        """PSS in MB: of the web server, worker and supervisor, and of PostgreSQL."""
        found = {"application": 0.0, "database": 0.0}
        for pid in _tree(self.process.pid):
            name = _read(pid, "comm").strip()
            found["database" if name == "postgres" else "application"] += _pss(pid)
        return {part: round(size, 1) for part, size in found.items()}

    def cpu(self) -> float:
        """Processor time in seconds that the whole tree has used: what a busy machine cannot blur."""
        found = 0
        for pid in _tree(self.process.pid):
            for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError, ValueError, IndexError):
                    found += int(thread.read_text().split()[0])
        return found / 1e9


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve for the length of the block; the time to the first page is measured."""
    port = free_port()
    log = (folder / "serve.log").open("wb")
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "vinculo", "serve", "--port", str(port)],
        stdout=log,
        stderr=log,
        env={**os.environ, "PORT": str(port)},
        # However the bench ends, what it serves ends with it.
        preexec_fn=partial(ready_child, signal.SIGTERM, os.getpid()),
    )
    try:
        _wait_for_page(process, port, folder)
        yield Server(process, port, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for_page(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if Visitor(port).get("/accounts/login/").status == 200:
                return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"Vinculo did not start: see {folder / 'serve.log'}")


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = _read(int(entry.name), "stat")
            if stat:
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def _pss(pid: int) -> float:
    for line in _read(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
