"""A register of companies: how fast it loads, and how soon it answers while somebody types."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from vinculo.cli.bench.client import Visitor, expect, percentile, timed
from vinculo.cli.bench.people import SELLER, persona
from vinculo.cli.bench.report import Figure, Report
from vinculo.cli.bench.server import Server
from vinculo.kernel.text import fold

AUTOCOMPLETE = 80.0  # milliseconds, p95
KEY = "bench"


def register(args: argparse.Namespace, server: Server, report: Report) -> None:
    """Load a generated register of `--register-rows` companies unless it is there, and ask it."""
    if not args.register_rows:
        return
    from vinculo.parties.registry.models import Register

    if not Register.objects.filter(key=KEY, rows=args.register_rows).exists():
        _load(args, report)
    for name, typed in _typed(args.register_rows).items():
        if typed:
            _ask(args, server, report, name, typed)


def _load(args: argparse.Namespace, report: Report) -> None:
    from vinculo.demo.registers import write_register
    from vinculo.parties.registry.formats import GLEIF, layout_of
    from vinculo.parties.registry.loading import load_register
    from vinculo.parties.registry.reading import open_register

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lei.csv"
        write_register(path, args.register_rows, args.seed)
        file = open_register(path)
        layout = layout_of(file.headers, GLEIF)
        began = time.monotonic()
        done = load_register(actor=None, file=file, layout=layout, key=KEY, label="Bench")
    rate = done.register.rows / (time.monotonic() - began)
    report.add(Figure("register: load", "", "rows/s", round(rate), per_second=True))


def _typed(rows_there: int) -> dict[str, list[str]]:
    """What people type: the beginning of a name, words out of one, numbers; taken from the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, number, tax_id FROM parties_registeredcompany TABLESAMPLE SYSTEM (%s)"
            " LIMIT 4000",
            [min(100, 250_000 / rows_there)],
        )
        rows = cursor.fetchall()[::40]
    names = [fold(name) for name, _number, _tax in rows]
    latin = [name.split() for name in names if name.isascii() and len(name.split()) > 2]
    return {
        "register: two letters": [name[:2] for name in names],
        "register: four letters": [name[:4] for name in names],
        "register: a name, half": [name[: len(name) // 2 + 1] for name in names],
        "register: two words out of the middle": [" ".join(words[1:3]) for words in latin],
        "register: two words, the last begun": [f"{words[1]} {words[2][:3]}" for words in latin],
        "register: a common word": ["limited", "services", "garcia", "industrias", "科技"],
        "register: a Chinese name": [name for name in names if not name.isascii()],
        "register: a number": [number[:12] for _name, number, _tax in rows],
        "register: a tax id": [tax for _name, _number, tax in rows if tax],
        "register: nothing like it": ["zzyzx qwrt", "xqzjwv"],
    }


def _ask(
    args: argparse.Namespace, server: Server, report: Report, name: str, typed: list[str]
) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(persona(SELLER))
    visitor = Visitor(server.port, {"Cookie": f"sessionid={client.cookies['sessionid'].value}"})
    paths = [f"/companies/register/suggest?{urlencode({'q': text})}" for text in typed]
    for path in paths[:4]:
        expect(visitor.get(path, {"HX-Request": "true"}))
    asked = (paths * args.rounds)[: max(args.rounds, len(paths))]
    times = timed(
        lambda path=path: expect(visitor.get(path, {"HX-Request": "true"}))  # type: ignore[misc]
        for path in asked
    )
    visitor.close()
    report.add(
        Figure(
            name,
            SELLER,
            "ms",
            round(percentile(times, 0.95), 2),
            AUTOCOMPLETE,
            p50=round(percentile(times, 0.5), 2),
            most=round(max(times), 2),
        )
    )
