"""Fills the bench's database: blocks of customers by COPY from several processes.

Faster than any import may be, because it may do what no import may: rows go in without triggers
and indexes, and keys, journal and indexes are made afterwards by set.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from vinculo.cli.bench.people import BenchPeople, make_people
from vinculo.demo import tables
from vinculo.demo.blocks import Recipe, make_block
from vinculo.demo.customers import Seller
from vinculo.kernel.clock import now
from vinculo.platform.seal.sealing import seal_once

BLOCK = 1_000  # customers
FAVOURITE = 0.25  # of the first block's interactions go to its first company
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be made."""

    customers: int
    interactions: int
    seed: int
    people: int = 0  # at least so many salespeople, where many are to work at once

    @property
    def block(self) -> int:
        """Customers per block; a tiny load is one block."""
        return min(BLOCK, self.customers)

    @property
    def blocks(self) -> int:
        """How many blocks; the last customers of an odd number are left out."""
        return self.customers // self.block

    @property
    def interactions_each(self) -> int:
        """Interactions per block."""
        return self.interactions // self.blocks

    def recipe(self, sellers: list[Seller]) -> Recipe:
        """The recipe of the blocks."""
        companies = self.block * 3 // 10
        return Recipe(
            seed=self.seed,
            now=datetime.now(UTC).replace(microsecond=0),
            sellers=tuple(sellers),
            companies=companies,
            people=self.block - companies,
            interactions=self.interactions_each,
            done_tasks=self.block // 6,
            open_tasks=max(1, self.block // 50),
            favourite=FAVOURITE,
        )


def load(wanted: Load, say: Say) -> BenchPeople:
    """Make people, customers and history; says how long each step took."""
    people = make_people(wanted.customers, wanted.people)
    with _direct() as direct, _no_autovacuum(), direct.cursor() as cursor:
        indexes = _drop_indexes(cursor)
        direct.commit()
        with _told(say, f"{wanted.customers:,} customers, {wanted.interactions:,} interactions"):
            _copy_in_processes(wanted, wanted.recipe(people.sellers))
        with _told(say, "journal"):
            _write_journal(cursor, people.admin_id)
            direct.commit()
        _advance_sequences(cursor)
        direct.commit()
        with _told(say, f"{len(indexes)} indexes"):
            _create_indexes(indexes)
        direct.autocommit = True
        with _told(say, "vacuum and analyze"):
            for table in (*tables.TABLES, "platform_change", "platform_changeset"):
                cursor.execute(f"VACUUM (ANALYZE) {table}")
            cursor.execute("CHECKPOINT")
    with _told(say, "seals"):
        # Else the worker would be at it while pages are measured.
        while seal_once(now()):
            pass
    return people


@contextmanager
def _told(say: Say, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"  {what}: {time.monotonic() - began:.0f} s")


def place(user: str = "postgres") -> dict[str, Any]:
    """How to reach the bench's own server directly; its superuser may leave triggers out."""
    from vinculo.config.database import NAME, embedded_place

    return {"host": embedded_place()["HOST"], "user": user, "dbname": NAME}


def _direct() -> psycopg.Connection[Any]:
    direct = psycopg.connect(**place())
    direct.execute("SET session_replication_role = replica")
    direct.execute("SET synchronous_commit = off")
    direct.execute("SET maintenance_work_mem = '1GB'")
    direct.execute("SET client_encoding = 'UTF8'")
    return direct


@contextmanager
def _no_autovacuum() -> Iterator[None]:
    """It would read what is still being written; the load vacuums itself at its end."""
    with psycopg.connect(**place(), autocommit=True) as direct:
        try:
            direct.execute("ALTER SYSTEM SET autovacuum = off")
            direct.execute("SELECT pg_reload_conf()")
            yield
        finally:
            direct.execute("ALTER SYSTEM RESET autovacuum")
            direct.execute("SELECT pg_reload_conf()")


INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::regclass[])
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


def _drop_indexes(cursor: Any) -> list[str]:
    cursor.execute(INDEXES, [[*tables.TABLES, "platform_change"]])
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _create_indexes(definitions: list[str]) -> None:
    """The large ones first, two at a time: each is one core's work."""
    ordered = sorted(definitions, key=lambda text: "USING gin" not in text)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(_create_index, ordered, chunksize=1)


def _create_index(definition: str) -> None:
    with _direct() as direct:
        # ON ONLY: what PostgreSQL prints for a partitioned table would leave the parts out.
        direct.execute(definition.replace(" ON ONLY ", " ON "))


def _copy_in_processes(wanted: Load, recipe: Recipe) -> None:
    amount = min(os.cpu_count() or 1, wanted.blocks)
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_copy_blocks, args=(wanted, recipe, start, amount))
        for start in range(amount)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("The generator stopped; the lines above say why.")


def _copy_blocks(wanted: Load, recipe: Recipe, start: int, step: int) -> None:
    with _direct() as direct, direct.cursor() as cursor:
        for number in range(start, wanted.blocks, step):
            first_party = 1 + number * wanted.block
            # A few planned ones come on top, so each block has some numbers to spare.
            first_interaction = 1 + number * (wanted.interactions_each + 10)
            block = make_block(recipe, number, first_party, first_interaction)
            for table, rows in block.rows.items():
                with cursor.copy(tables.copy_statement(table)) as copy:
                    copy.write("".join(rows))
            direct.commit()


JOURNAL = """
INSERT INTO platform_change (at, changeset_id, table_name, row_id, op)
SELECT now(), %s, %s, id, 'I' FROM {table}
"""


def _write_journal(cursor: Any, admin_id: int) -> None:
    """What the triggers would have written, by set."""
    cursor.execute(
        "INSERT INTO platform_changeset (at, actor_id, verb, via, label)"
        " VALUES (now(), %s, 'records.import', 'cli', 'bench') RETURNING id",
        [admin_id],
    )
    made = cursor.fetchone()[0]
    for table in tables.TABLES:
        cursor.execute(JOURNAL.format(table=table), [made, table])


def _advance_sequences(cursor: Any) -> None:
    for table in tables.TABLES:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
            f" (SELECT coalesce(max(id), 0) + 1 FROM {table}))"
        )
