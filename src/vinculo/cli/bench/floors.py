"""What the machine can do without us: raw COPY, raw SELECT by key, an empty answer."""

from __future__ import annotations

import time
from random import Random

import psycopg

from vinculo.cli.bench.client import Visitor, expect, per_second, percentile, timed
from vinculo.cli.bench.load import place

COPIED = 30_000  # rows
SELECTED = 3_000


def floors(port: int, seconds: float) -> dict[str, float]:
    """The floors in rows/s, selects/s, milliseconds and answers/s."""
    found = {"copy_rows_per_s": _copy(), **_select()}
    visitor = Visitor(port)
    times = timed(lambda: expect(visitor.get("/healthz")) for _each in range(300))
    visitor.close()
    found["empty_answer_p50_ms"] = percentile(times, 0.5)
    found["empty_answer_p95_ms"] = percentile(times, 0.95)

    def one(_client: int) -> object:
        mine = Visitor(port)
        return lambda _round: expect(mine.get("/healthz"))

    found["empty_answers_per_s"] = per_second(one, seconds)  # type: ignore[arg-type]
    return {name: round(value, 3) for name, value in found.items()}


def _copy() -> float:
    """COPY of parties as they are into a table without indexes or triggers."""
    with psycopg.connect(**place()) as direct, direct.cursor() as cursor:
        with cursor.copy(
            f"COPY (SELECT * FROM parties_party LIMIT {COPIED}) TO STDOUT"  # noqa: S608
        ) as copy:
            text = b"".join(bytes(part) for part in copy)
        rows = text.count(b"\n")
        cursor.execute("CREATE TABLE bench_floor (LIKE parties_party)")
        best = 0.0
        for _each in range(3):
            began = time.perf_counter()
            with cursor.copy("COPY bench_floor FROM STDIN") as copy:
                copy.write(text)
            best = max(best, rows / (time.perf_counter() - began))
        direct.rollback()
    return best


def _select() -> dict[str, float]:
    """SELECT of one party by its key over the socket, one client."""
    rng = Random(0)  # noqa: S311 - reproducible, not secret
    with psycopg.connect(**place()) as direct, direct.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM parties_party")
        row = cursor.fetchone()
        last = row[0] if row else 1

        def select() -> object:
            return cursor.execute(
                "SELECT * FROM parties_party WHERE id = %s", [rng.randrange(1, last + 1)]
            ).fetchall()

        times = timed(select for _each in range(SELECTED))
    return {
        "select_by_key_p50_ms": percentile(times, 0.5),
        "selects_per_s": 1000 * len(times) / sum(times),
    }
