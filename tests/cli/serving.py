"""A real `vinculo serve` on a folder of its own, as an operator would start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

OURS = ("VINCULO_", "DATABASE_URL", "PORT", "HOST", "DJANGO_", "PYTEST_")


def environment(data: Path, **more: str) -> dict[str, str]:
    """The caller's environment without anything that configures Vinculo, and with this."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**plain, "VINCULO_DATA": str(data), **more}


def command(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `vinculo …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "vinculo", *arguments],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=400,  # a busy machine takes its time over every page
    )


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serving:
    """One running `vinculo serve`."""

    def __init__(self, data: Path, *arguments: str, **more: str) -> None:
        self.data = data
        self.port = int(more.pop("PORT", free_port()))
        self.output = data.parent / f"output-{self.port}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vinculo", "serve", *arguments],
                env=environment(data, PORT=str(self.port), **more),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an answer; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, path: str, seconds: float = 180) -> None:
        """Wait until that address answers 200."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.get(path)[0] == 200:
                return
            assert self.process.poll() is None, self.output.read_text()
            time.sleep(0.05)
        raise AssertionError(f"{path}: {self.get(path)}\n{self.output.read_text()}")

    def wait_for_output(self, text: str, seconds: float = 90) -> None:
        """Wait until it has printed that."""
        until = time.monotonic() + seconds
        while text not in self.output.read_text():
            assert time.monotonic() < until, self.output.read_text()
            time.sleep(0.05)

    def postmaster(self) -> int:
        """The database's process id."""
        return int((self.data / "database" / "postmaster.pid").read_text().splitlines()[0])

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection to its database."""
        return psycopg.connect(
            host=str(self.data / "run"), user="vinculo", dbname="vinculo", autocommit=True
        )

    def family(self) -> set[int]:
        """Every process that belongs to it."""
        found = {self.process.pid}
        while True:
            more = {pid for pid, parent in _parents().items() if parent in found}
            if more <= found:
                return found
            found |= more

    def processor_seconds(self) -> float:
        """What it and its ended children have used of the processor so far."""
        ticks = 0
        for pid in self.family():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Send the signal to the supervisor; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(60)


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(folder.name)] = int(fields[1])
    return found


def alive(pids: set[int]) -> set[int]:
    """Which of them still run."""
    return pids & set(_parents())


def all_gone(pids: set[int], seconds: float = 15) -> bool:
    """Whether all of them end within that time."""
    until = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pids)
