"""Measurements that write: saves, the API, an import with its undo; and an export."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.test import Client

from vinculo.cli.bench.cases import SAVE
from vinculo.cli.bench.client import Visitor, expect, per_second, percentile, timed
from vinculo.cli.bench.people import ADMIN, MAILBOX, SELLER, persona
from vinculo.cli.bench.report import Figure, Report
from vinculo.cli.bench.server import Server
from vinculo.demo.customers import Seller, Sellers, make_companies
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.platform.undo import undo_change_set

API_LIST, API_CREATE, IMPORT, EXPORT = 300.0, 250.0, 10_000.0, 30_000.0
#: A hundred thousand records in a minute.
DUPLICATES = 1_667.0
#: A million customers in a minute.
CYCLE = 16_667.0
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TOKEN = "b" * 32
Step = Callable[[argparse.Namespace, Server, Report], None]


def saves(args: argparse.Namespace, server: Server, report: Report) -> None:
    """One fact in place, a phone number, a call, a new company; as a salesperson."""
    user = persona(SELLER)
    visitor = Visitor(server.port, signed_in(user))
    mine = list(Company.objects.visible_to(user, "edit").values_list("pk", flat=True)[:200])
    mark = str(time.time_ns())[-9:]

    def post(path: str, **fields: str) -> object:
        return visitor.post(path, urlencode(fields).encode(), FORM, {"HX-Request": "true"})

    def pick(round_: int) -> int:
        return mine[round_ % len(mine)]

    now = datetime.now(UTC)
    kinds: dict[str, tuple[int, Callable[[int], object]]] = {
        "save: one fact in place": (
            200,
            lambda n: post(f"/companies/{pick(n)}/field/preferences", preferences=f"{mark} {n}"),
        ),
        "save: a phone number in place": (
            200,
            lambda n: post(
                f"/companies/{pick(n)}/field/phone", phone=f"+34 6{mark[:2]} {n % 900 + 100} 123"
            ),
        ),
        "save: a call with a follow-up": (
            204,
            lambda n: post(
                f"/companies/{pick(n)}/do/interactions.log_call",
                body=f"Spoke about {mark} {n}",
                at=now.strftime("%Y-%m-%dT%H:%M"),
                direction="out",
                follow_up_on=now.strftime("%Y-%m-%d"),
                follow_up_title="Send the offer",
            ),
        ),
        "save: a new company": (
            204,
            lambda n: post("/companies/new", name=f"Bench {mark} {n}", owner=str(user.pk)),
        ),
    }
    for name, (status, call) in kinds.items():
        measured(args, server, report, name, status, call)
    visitor.close()


def measured(
    args: argparse.Namespace,
    server: Server,
    report: Report,
    name: str,
    status: int,
    call: Callable[[int], object],
) -> None:
    """What a save takes: `call(round)` sends it, and is answered with `status`."""
    for n in range(3):
        expect(call(10_000 + n), status)  # type: ignore[arg-type]
    used = server.cpu()
    times = timed(
        lambda n=n: expect(call(n), status)  # type: ignore[arg-type, misc]
        for n in range(args.rounds)
    )
    used = (server.cpu() - used) / args.rounds
    p50 = percentile(times, 0.5)
    report.add(
        Figure(
            name, SELLER, "ms", round(percentile(times, 0.95), 2), SAVE, p50=round(p50, 2),
            most=round(max(times), 2), cpu=round(used * 1000, 2), floor="empty_answer_p50_ms",
            ratio=round(p50 / report.floors["empty_answer_p50_ms"], 2),
        )
    )  # fmt: skip


def api(args: argparse.Namespace, server: Server, report: Report) -> None:
    """Programs: lists of 50 rows and new companies, eight clients at once."""
    key = _api_key(persona(ADMIN))
    headers = {"Authorization": f"Bearer {key}"}
    mark = str(time.time_ns())

    def read(_client: int) -> Callable[[int], object]:
        mine = Visitor(server.port, headers)
        return lambda _n: expect(mine.get("/api/v1/companies?limit=50"))

    def create(client: int) -> Callable[[int], object]:
        mine = Visitor(server.port, headers)

        def one(n: int) -> object:
            body = {
                "name": f"Program {mark} {client} {n}",
                "phone": f"+34 91{client} {n % 900 + 100} {n % 800 + 100}",
                "email": f"info{n}@program-{client}.example",
                "city": "Madrid",
                "country": "ES",
            }
            return expect(mine.post("/api/v1/companies", json.dumps(body).encode(), JSON), 201)

        return one

    for name, make, budget in (
        ("API: list of 50 rows", read, API_LIST),
        ("API: create", create, API_CREATE),
    ):
        used, began = server.cpu(), time.perf_counter()
        rate = per_second(make, args.seconds)
        used = (server.cpu() - used) / (rate * (time.perf_counter() - began))
        floor = "empty_answers_per_s"
        report.add(
            Figure(name, ADMIN, "req/s", round(rate, 1), budget, per_second=True, floor=floor,
                   cpu=round(used * 1000, 2) if used > 0 else None,
                   ratio=round(rate / report.floors[floor], 3))
        )  # fmt: skip


def import_(args: argparse.Namespace, server: Server, report: Report) -> None:
    """The real importer: new companies, the same file recognised again, and the undo of both."""
    rows = args.import_rows
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "companies.csv"
        _write_file(file, rows, args.seed)
        for name, more in (
            (f"import: {rows:,} new companies", ["--mode", "create", "--key", ""]),
            (f"import: {rows:,} recognised by key", ["--mode", "both", "--key", "external_id"]),
        ):
            took = _import(file, more)
            report.add(_rate(name, rows / took, IMPORT, report))
    admin = persona(ADMIN)
    for name, told in (("the second", False), ("import: undo", True)):
        # The second import recognised what the first had made, so its undo has nothing to do.
        latest = (
            ChangeSet.objects.filter(verb="records.import", undone_by=None, label=file.name)
            .order_by("-id")
            .first()
        )
        if latest is not None:
            began = time.perf_counter()
            undo_change_set(actor=admin, change_set=latest)
            if told:
                report.add(_rate(name, rows / (time.perf_counter() - began), None, report))


def _rate(name: str, rate: float, budget: float | None, report: Report) -> Figure:
    floor = "copy_rows_per_s"
    return Figure(
        name, ADMIN, "rows/s", round(rate), budget, per_second=True, floor=floor,
        ratio=round(rate / report.floors[floor], 3),
    )  # fmt: skip


def _import(file: Path, more: list[str]) -> float:
    from vinculo.cli import import_ as command

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    user = MAILBOX.format(name=ADMIN)
    args = parser.parse_args([str(file), "--user", user, "--country", "ES", *more])
    said = io.StringIO()
    began = time.perf_counter()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = command.run(args)
    took = time.perf_counter() - began
    if code:
        raise OSError(said.getvalue()[-500:])
    return took


HEADERS = ("Name", "Phone", "E-mail", "Street", "Postal code", "City", "Region", "Country",
           "Tax id", "Website", "External id", "Industry", "Tags")  # fmt: skip


def _write_file(file: Path, rows: int, seed: int) -> None:
    """Companies that are not in the database yet, as somebody would export them."""
    rng = Random(f"{seed}/import")  # noqa: S311 - reproducible, not secret
    sellers = Sellers([Seller(0, None, frozenset())])
    made = make_companies(rng, sellers, datetime.now(UTC), 1, 1, rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADERS)
        for number, one in enumerate(made):
            points = {point.kind: point for point in one.contacts}
            phone, email = (points.get(kind) for kind in ("phone", "email"))
            place = points.get("address")
            address = (
                (place.street, place.postal_code, place.city, place.region, place.country)
                if place
                else ("", "", "", "", one.country.code)
            )
            writer.writerow(
                (one.name, phone.typed if phone else "", email.typed if email else "", *address,
                 one.tax_id, one.website, f"IMP{number:07d}", one.industry, ";".join(one.tags))
            )  # fmt: skip


def export(args: argparse.Namespace, server: Server, report: Report) -> None:
    """The list of all companies as CSV."""
    visitor = Visitor(server.port, signed_in(persona(ADMIN)))
    began = time.perf_counter()
    answer = expect(visitor.post("/companies/export.csv", b"", FORM))
    took = time.perf_counter() - began
    report.add(_rate("export: companies as CSV", answer.body.count(b"\n") / took, EXPORT, report))


def duplicates(args: argparse.Namespace, server: Server, report: Report) -> None:
    """Looking for doubles through all companies and all people."""
    from vinculo.parties.matching.finding import KINDS, find

    began = time.perf_counter()
    records = sum(find(kind).records for kind in KINDS)
    took = time.perf_counter() - began
    report.add(_rate("duplicates: all companies and people", records / took, DUPLICATES, report))


def cycle(args: argparse.Namespace, server: Server, report: Report) -> None:
    """All rules of the sales cycle over all customers: where many move, and once more, where none
    does, as on most nights; then undone."""
    from vinculo.parties.cycle.models import StateRule
    from vinculo.parties.cycle.rules import run_rules
    from vinculo.parties.models import Party

    rules, admin, customers = (
        list(StateRule.objects.order_by("place")),
        persona(ADMIN),
        Party.objects.count(),
    )
    began = time.perf_counter()
    run = run_rules(admin, rules)
    took = time.perf_counter() - began
    name = f"cycle: {len(rules)} rules, {run.total / customers:.0%} of customers move"
    report.add(_rate(name, customers / took, CYCLE, report))
    began = time.perf_counter()
    run_rules(admin, rules)
    took = time.perf_counter() - began
    report.add(_rate(f"cycle: {len(rules)} rules, nobody moves", customers / took, CYCLE, report))
    if run.changeset_id:
        began = time.perf_counter()
        undo_change_set(actor=admin, change_set=ChangeSet.objects.get(pk=run.changeset_id))
        report.add(_rate("cycle: undo", run.total / (time.perf_counter() - began), None, report))


def signed_in(user: User) -> dict[str, str]:
    """The headers of somebody who has signed in and may post forms."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}


def _api_key(user: User) -> str:
    from vinculo.platform.key_actions import create_api_key

    role = Role.objects.filter(assignments__user=user).first()
    if role is None:
        raise OSError("The administrator of the bench has no role.")
    return create_api_key(actor=user, name="bench", role=role, days=1)[1]


STEPS: dict[str, Step] = {
    "save": saves,
    "API": api,
    "import": import_,
    "export": export,
    "duplicates": duplicates,
    "cycle": cycle,
}
