"""Deals of the bench: thousands that nobody has decided yet, their board, and cards moved on it."""

from __future__ import annotations

import argparse
from random import Random
from urllib.parse import urlencode

from django.db import connection

from vinculo.cli.bench.cases import RECORD, Case
from vinculo.cli.bench.client import Visitor
from vinculo.cli.bench.people import ADMIN, SELLER, let_sell, persona
from vinculo.cli.bench.report import Report
from vinculo.cli.bench.server import Server
from vinculo.cli.bench.writes import FORM, measured, signed_in
from vinculo.demo import places, tables
from vinculo.demo.catalogue import make_products, make_rates
from vinculo.demo.customers import Customer, Seller
from vinculo.demo.deals import Deals, usual_way
from vinculo.demo.making import copy_block, reserve
from vinculo.demo.words import TONGUES
from vinculo.kernel.clock import now
from vinculo.platform import journal
from vinculo.platform.seal.sealing import seal_once
from vinculo.sales.deals.derived import refresh
from vinculo.sales.deals.models import Deal

BOARD = "/deals?status.is=open&layout=board"
#: Companies that have deals: as many as a team looks after.
BUYERS = 5_000


def load_deals(amount: int, seed: int) -> None:
    """Write so many open deals of companies that are there, in the usual pipeline."""
    way = usual_way()
    if way is None:
        raise RuntimeError("There is no pipeline that deals could be in.")
    rng, moment = Random(f"{seed}/deals"), now().replace(microsecond=0)  # noqa: S311 - reproducible
    with journal.change_set(actor=persona(ADMIN), verb="demo.create", label="bench"):
        let_sell()
        products = make_products()
        make_rates(rng, moment.date())
        with connection.cursor() as cursor:
            drawn = Deals(rng, moment, reserve(cursor, "sales_deal", amount), way, products)
            drawn.fill_open(_buyers(), amount)
            copy_block(cursor, {"sales_deal": drawn.deals, "sales_stagevisit": drawn.visits})
            refresh(list(drawn.ids))
    with connection.cursor() as cursor:
        for table in (*tables.DEALS, "platform_change", "platform_changeset"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    while seal_once(now()):
        pass


def _buyers() -> list[Customer]:
    """Companies of everybody's, as the generator of deals wants them; where they are, it asks not."""
    anywhere = places.COUNTRIES[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, language, owner_id, team_id, created_at, source FROM parties_party"
            " WHERE kind = 'company' ORDER BY id %% 97, id LIMIT %s",
            [BUYERS],
        )
        return [
            Customer(
                id=pk, kind="company", name=name, tongue=TONGUES[language], country=anywhere,
                city=anywhere.cities[0], seller=Seller(owner, team, frozenset()),
                created_at=created_at, serial=pk, source=source,
            )
            for pk, name, language, owner, team, created_at, source in cursor.fetchall()
        ]  # fmt: skip


def board_cases() -> list[Case]:
    """The board of open deals, and one column of it again, as both are after a move."""
    first = Deal.objects.order_by("stage__place").values_list("stage_id", flat=True).first()
    column = f"/deals/board?{urlencode({'status.is': 'open', 'layout': 'board', 'column': first})}"
    return [
        Case("deal board", RECORD, lambda _round: BOARD),
        Case("deal board: a column", RECORD, lambda _round: column, htmx=True),
    ]


def move_deals(args: argparse.Namespace, server: Server, report: Report) -> None:
    """Cards put into the next stage, or back where they stand in the last one; as a salesperson."""
    way = usual_way()
    user = persona(SELLER)
    mine = list(Deal.objects.visible_to(user, "edit").values_list("pk", "stage_id")[:400])
    if not mine or way is None:
        return
    order = [stage.pk for stage in way.opened]
    stands = dict(mine)
    visitor = Visitor(server.port, signed_in(user))

    def move(round_: int) -> object:
        pk, _stage = mine[round_ % len(mine)]
        was, at = stands[pk], order.index(stands[pk])
        stands[pk] = order[at + 1] if at + 1 < len(order) else order[at - 1]
        body = urlencode({"to": stands[pk], "was": was}).encode()
        return visitor.post(f"/deals/{pk}/move?layout=board", body, FORM, {"HX-Request": "true"})

    measured(args, server, report, "deal moved on the board", 204, move)
    visitor.close()
