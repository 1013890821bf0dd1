"""A run of the crowd: sign everybody in, let them work, look up what they did, print it."""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from vinculo.cli.bench.client import Visitor, percentile
from vinculo.cli.bench.crowd.chaos import Chaos
from vinculo.cli.bench.crowd.ledger import Ledger
from vinculo.cli.bench.crowd.people import Account, accounts
from vinculo.cli.bench.crowd.person import GIVE_UP, Pace, Person
from vinculo.cli.bench.crowd.proof import Before, Proof, before, prove
from vinculo.cli.bench.report import machine
from vinculo.cli.bench.server import Server, serving
from vinculo.cli.main import close_database
from vinculo.config.cluster.running import running_database

BUDGET = 150.0  # milliseconds, p95 of all requests
WARM = 4  # times each page is asked for before anybody works
READY = 120.0  # seconds in which everything must be back after the last kill


@dataclass(slots=True)
class Run:
    """What came of it."""

    people: int
    seconds: float
    machine: dict[str, Any]
    load: float  # of the machine while it ran
    cpu: float  # seconds of processor time of the installation; with kills less than was used
    ledger: Ledger
    killed: dict[str, int]
    proof: Proof

    @property
    def holds(self) -> bool:
        """Whether nobody got a wrong answer and every promise was kept; time does not count."""
        return not self.ledger.wrong and self.proof.holds

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "people": self.people,
            "seconds": round(self.seconds, 1),
            "machine": self.machine,
            "load": self.load,
            "cpu": round(self.cpu, 1),
            "requests": self.ledger.requests,
            "wrong": self.ledger.wrong,
            "unanswered": dict(self.ledger.unanswered),
            "killed": self.killed,
            "times": {name: figures(took) for name, took in self._times().items()},
            "proof": self.proof.as_json(),
            "holds": self.holds,
        }

    def _times(self) -> dict[str, list[float]]:
        whole = [took for times in self.ledger.took.values() for took in times]
        return {**dict(sorted(self.ledger.took.items())), "all": whole}

    def say(self) -> None:
        """For people."""
        print(f"\nmachine {self.machine}, load while it ran {self.load}")
        print(f"{'':<20} {'answers':>8} {'p50 ms':>8} {'p95 ms':>8} {'most':>8}")
        for name, took in self._times().items():
            told = figures(took)
            print(
                f"{name:<20} {told['answers']:>8,.0f} {told['p50']:>8.1f} {told['p95']:>8.1f}"
                f" {told['most']:>8.0f}"
            )
        rate = self.ledger.requests / self.seconds
        print(
            f"{self.people} people, {self.seconds:.0f} s: {self.ledger.requests:,} requests"
            f" ({rate:.1f}/s, {self.cpu:.0f} s of processor time), {len(self.ledger.wrong)} errors;"
            f" budget for p95 of all: {BUDGET:.0f} ms."
        )
        if self.killed:
            print(f"Killed: {self.killed}. Asked to come again: {dict(self.ledger.unanswered)}.")
        proof = self.proof
        print(
            f"Acknowledged writes {proof.acknowledged}, not acknowledged"
            f" {proof.unacknowledged}: {len(proof.lost)} lost, {len(proof.twice)} twice;"
            f" {proof.jobs_run} jobs, {len(proof.jobs_wrong)} not exactly once,"
            f" {proof.failed_jobs} failed, {proof.left_waiting} left waiting;"
            f" {proof.outside} writes past the actions, journal: {len(proof.journal)} findings."
        )
        trouble = [*self.ledger.wrong, *proof.lost, *proof.twice, *proof.jobs_wrong, *proof.journal]
        for what in trouble[:20]:
            print(f"  !! {what}")


def figures(took: list[float]) -> dict[str, float]:
    """How many, and how long they took in milliseconds."""
    if not took:
        return {"answers": 0, "p50": 0.0, "p95": 0.0, "most": 0.0}
    return {
        "answers": len(took),
        "p50": round(percentile(took, 0.5), 1),
        "p95": round(percentile(took, 0.95), 1),
        "most": round(max(took), 1),
    }


def crowd(args: argparse.Namespace, folder: Path) -> int:
    """Run it on the filled installation; 1 when an answer was wrong or a promise not kept."""
    with serving(folder) as server:
        with running_database():
            members, earlier = _come_in(args.people)
        _wait_until_ready(server)
        _warm(server, members[0])
        run = _work(args, server, members, earlier)
    run.say()
    if args.json:
        args.json.write_text(
            json.dumps(run.as_json(), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    return 0 if run.holds else 1


def _come_in(people: int) -> tuple[list[Account], Before]:
    """Sign everybody in; seals what loading wrote, which is no part of a working day."""
    from vinculo.platform.seal.sealing import seal_journal

    try:
        seal_journal()
        return accounts(people), before()
    finally:
        close_database()  # it may be killed from here on


def _work(args: argparse.Namespace, server: Server, members: list[Account], earlier: Before) -> Run:
    ledger, mark = Ledger(), f"crowd{token_hex(3)}"
    began, used = time.monotonic(), server.cpu()
    pace = Pace(began + args.duration, (args.think / 2, args.think * 1.5), args.chaos, mark)
    people = [Person(one, server.port, pace, ledger) for one in members]
    chaos = Chaos(server.process.pid, args.kill_every, mark) if args.chaos else None
    print(f"{len(people)} people work for {args.duration:.0f} s.", flush=True)
    for one in people:
        one.start()
    if chaos:
        chaos.start()
    time.sleep(max(0.0, pace.until - time.monotonic()))
    load = round(os.getloadavg()[0], 1)
    if chaos:
        chaos.stop()
    seconds = time.monotonic() - began
    used = server.cpu() - used
    for one in people:
        one.join(GIVE_UP + 60)
    _wait_until_ready(server)
    with running_database():
        try:
            proof = prove(ledger, earlier)
        finally:
            close_database()
    killed = dict(chaos.killed) if chaos else {}
    return Run(len(people), seconds, machine(), load, used, ledger, killed, proof)


def _warm(server: Server, member: Account) -> None:
    """Every page once or twice in each web process: what is compiled on its first use is compiled."""
    pages = ("/companies", "/people", "/tasks", "/my-day", "/palette?q=a")
    records = (f"/companies/{member.companies[0]}", f"/people/{member.people[0]}")
    for _round in range(WARM):
        for path in (*pages, *records):
            Visitor(server.port, member.session).get(path)  # each time on a connection of its own


def _wait_until_ready(server: Server) -> None:
    """Until web, worker and database answer; RuntimeError when the tree did not survive."""
    until = time.monotonic() + READY
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if Visitor(server.port).get("/readyz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("The installation did not come back: its serve.log says why.")
