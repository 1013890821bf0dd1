"""The measurements, in order: start and memory, floors, pages by role, writes, programs, files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from vinculo.cli.bench import writes
from vinculo.cli.bench.cases import Case, Terms, favourite_cases, page_cases
from vinculo.cli.bench.client import BadAnswer, Visitor, expect, percentile, timed
from vinculo.cli.bench.deals import board_cases, move_deals
from vinculo.cli.bench.floors import floors
from vinculo.cli.bench.people import ADMIN, MANAGER, SELLER, persona
from vinculo.cli.bench.registers import register
from vinculo.cli.bench.report import HEAD, Figure, Report, machine
from vinculo.cli.bench.server import SETTLED, Server, serving
from vinculo.cli.main import close_database
from vinculo.config.cluster.running import running_database
from vinculo.parties.models import Party
from vinculo.platform.models import User

ROLES = (ADMIN, MANAGER, SELLER)
START, MEMORY = 2.0, 400.0
WARM = 3  # requests to each web worker before a page is measured


def measure(args: argparse.Namespace, folder: Path) -> Report:
    """Serve the installation and measure it."""
    with serving(folder):
        pass  # the first start collects static files: the second one is what people wait for
    with serving(folder) as server, running_database():
        try:
            return _Run(args, server).everything()
        finally:
            close_database()


class _Run:
    """One run against one server."""

    def __init__(self, args: argparse.Namespace, server: Server) -> None:
        self.args = args
        self.server = server
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
        data = {
            "customers": args.customers,
            "interactions": args.interactions,
            "open_deals": args.deals,
        }
        self.report = Report(machine(), {**data, "database_gb": round(size / 2**30, 1)})
        self.only: str = args.only

    def everything(self) -> Report:
        """All measurements that were not narrowed away."""
        print(HEAD)
        if not self.only:
            self._start()
        self.report.floors = floors(self.server.port, min(2.0, self.args.seconds))
        terms = Terms(self.args.seed)
        for name in ROLES:
            self._pages(persona(name), name, terms)
        for name, step in {**writes.STEPS, "register": register, "deal": move_deals}.items():
            if self.only in name:
                self._try(name, partial(step, self.args, self.server, self.report))
        if not self.only:
            self._memory("memory after the run", None)
        return self.report

    def _start(self) -> None:
        self.report.add(Figure("start to first answer", "", "s", self.server.first_answer, START))
        time.sleep(SETTLED)
        self._memory("memory idle (web, worker, database)", MEMORY)

    def _memory(self, name: str, budget: float | None) -> None:
        parts = self.server.memory()
        print(f"  {parts}")
        self.report.add(Figure(name, "", "MB", sum(parts.values()), budget))

    def _pages(self, user: User, role: str, terms: Terms) -> None:
        own = {
            kind: list(
                Party.objects.filter(kind=kind)
                .visible_to(user)
                .filter(pk__in=getattr(terms, plural))
                .values_list("pk", flat=True)[:40]
            )
            or list(
                Party.objects.filter(kind=kind).visible_to(user).values_list("pk", flat=True)[:40]
            )
            for kind, plural in (("company", "companies"), ("person", "people"))
        }
        cases = page_cases(terms, own) + (favourite_cases(terms) if role == ADMIN else [])
        cases += board_cases() if self.args.deals else []
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        for case in cases:
            if self.only in case.name:
                self._try(f"{case.name} ({role})", partial(self._page, case, role, cookie, client))

    def _page(self, case: Case, role: str, cookie: str, client: Client) -> None:
        visitor = Visitor(self.server.port, {"Cookie": f"sessionid={cookie}"})
        marks = {"HX-Request": "true"} if case.htmx else {}
        for round_ in range(min(WARM, self.args.rounds)):
            expect(visitor.get(case.path(round_), marks))
        used = self.server.cpu()
        times = timed(
            lambda round_=round_: expect(visitor.get(case.path(round_), marks))  # type: ignore[misc]
            for round_ in range(self.args.rounds)
        )
        used = (self.server.cpu() - used) / self.args.rounds
        visitor.close()
        headers = {"hx-request": "true"} if case.htmx else None
        client.get(case.path(0), headers=headers)  # what a process learns once is no page's
        with CaptureQueriesContext(connection) as captured:
            client.get(case.path(0), headers=headers)
        middle = percentile(times, 0.5)
        self.report.add(
            Figure(
                case.name,
                role,
                "ms",
                round(percentile(times, 0.95), 2),
                case.budget,
                p50=round(middle, 2),
                most=round(max(times), 2),
                cpu=round(used * 1000, 2) if used > 0 else None,
                floor="empty_answer_p50_ms",
                ratio=round(middle / self.report.floors["empty_answer_p50_ms"], 2),
                queries=len(captured),
            )
        )

    def _try(self, name: str, work: Callable[[], None]) -> None:
        """A page that is broken must not hide the figures of the others."""
        try:
            work()
        except (BadAnswer, OSError) as failure:
            self.report.failed.append(f"{name}: {failure}")
            print(f"{name}: {failure}", flush=True)
