"""Writes the demo company: blocks by COPY, in one change-set that the journal's triggers see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from vinculo.demo import tables
from vinculo.demo.blocks import Block, Recipe, make_block
from vinculo.demo.catalogue import make_products, make_rates, make_targets
from vinculo.demo.customers import Customer, Seller
from vinculo.demo.deals import Deals, usual_way
from vinculo.interactions.models import File
from vinculo.kernel.clock import now
from vinculo.platform import blobs
from vinculo.platform.models import RecentView
from vinculo.sales.deals.derived import refresh


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of a company: so many blocks of so many customers, and deals with those of
    the first."""

    blocks: int
    companies: int
    people: int
    interactions: int
    deals: int


SCALES = {
    "small": Scale(1, 120, 300, 1_500, 320),
    "medium": Scale(5, 300, 700, 5_000, 800),
    "large": Scale(100, 300, 700, 5_000, 2_000),
}
RECENT = 6


def fill(sellers: list[Seller], scale: Scale, seed: int) -> None:
    """Write customers and history; inside the caller's change-set."""
    moment = now().replace(microsecond=0)
    recipe = Recipe(
        seed=seed,
        now=moment,
        sellers=tuple(sellers),
        companies=scale.companies,
        people=scale.people,
        interactions=scale.interactions,
        done_tasks=scale.interactions // 20,
        open_tasks=8,
        busy=True,
    )
    with connection.cursor() as cursor:
        party = reserve(cursor, "parties_party", scale.blocks * (scale.companies + scale.people))
        # Planned ones of the sellers come on top of the history.
        each = scale.interactions + 20 * len(sellers)
        interaction = reserve(cursor, "interactions_interaction", scale.blocks * each)
        for number in range(scale.blocks):
            block = make_block(
                recipe,
                number,
                party + number * (scale.companies + scale.people),
                interaction + number * each,
            )
            copy_block(cursor, block.rows)
            if number == 0:
                _recent(sellers, block, seed)
                _files(sellers, block, seed)
                _deals(cursor, sellers, block, scale.deals, seed, moment)
        for table in (*tables.TABLES, *tables.DEALS):
            cursor.execute(f"ANALYZE {table}")


def reserve(cursor: Any, table: str, amount: int) -> int:
    """The first of `amount` ids that nobody else will get."""
    cursor.execute(
        "SELECT min(taken) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS taken"
        " FROM generate_series(1, %s)) numbered",
        [table, amount],
    )
    return int(cursor.fetchone()[0])


def copy_block(cursor: Any, rows_of: tables.Rows) -> None:
    """Hand the rows of a block to PostgreSQL."""
    for table, rows in rows_of.items():
        with cursor.copy(tables.copy_statement(table)) as copy:
            copy.write("".join(rows))


def _deals(
    cursor: Any, sellers: list[Seller], block: Block, amount: int, seed: int, moment: datetime
) -> None:
    """Products with their prices, rates, targets, and deals with companies of a block."""
    rng = Random(f"{seed}/deals")  # noqa: S311 - reproducible, not secret
    way = usual_way()
    if way is None:
        return
    products = make_products()
    make_rates(rng, moment.date())
    make_targets(rng, sellers, moment.date())
    drawn = Deals(rng, moment, reserve(cursor, "sales_deal", amount), way, products)
    drawn.fill([one for one in block.customers if one.kind == "company"], amount)
    copy_block(cursor, {"sales_deal": drawn.deals, "sales_stagevisit": drawn.visits})
    refresh(list(drawn.ids))


def _recent(sellers: list[Seller], block: Block, seed: int) -> None:
    """What each seller looked at last."""
    rng = Random(f"{seed}/recent")  # noqa: S311 - reproducible, not secret
    for seller in sellers:
        for place, one in enumerate(_some(rng, block.customers, seller, RECENT)):
            RecentView.objects.create(
                user_id=seller.user_id,
                entity=f"parties.{one.kind}",
                row_id=one.id,
                at=now() - timedelta(minutes=20 + place * 95),
            )


def _files(sellers: list[Seller], block: Block, seed: int) -> None:
    """A few small documents."""
    rng = Random(f"{seed}/files")  # noqa: S311 - reproducible, not secret
    for seller in sellers:
        for one in _some(rng, block.customers, seller, 2):
            texts = one.tongue.texts
            name = rng.choice(texts.files)
            content = "\n".join([one.name, *rng.sample(texts.bodies, 3)]) + "\n"
            company = one if one.kind == "company" else one.company
            token, size, digest = blobs.store([content.encode()], 10_000)
            File.objects.create(
                party_id=one.id,
                company_id=company.id if company else None,
                token=token,
                name=name,
                media_type="text/csv" if name.endswith(".csv") else "text/plain",
                size=size,
                digest=digest,
                owner_id=seller.user_id,
                team_id=seller.team_id,
            )


def _some(
    rng: Random, customers: list[Customer], seller: Seller, amount: int
) -> Iterator[Customer]:
    mine = [one for one in customers if one.seller.user_id == seller.user_id]
    yield from rng.sample(mine, min(amount, len(mine)))
