"""What customers wanted to buy in the last year and a half: deals, with the way each one went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from vinculo.demo.customers import Customer
from vinculo.products.models import Product
from vinculo.records.transfer.copying import copy_line
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Category, Ends, Stage

OLDEST = 540  # days since the first deal was opened
UNDECIDED = 120  # days since an open one was opened, at most
#: Which customers buy more readily, by where they came from.
READINESS = {"referral": 0.22, "partner": 0.12, "visit": 0.08, "advert": -0.15, "call": -0.1}
WON = 0.48  # of the deals, before that
STALE = 0.05  # of the deals have stood still since long ago
WITHOUT_STEP = 0.15  # of the open deals
QUANTITIES = (5, 10, 20, 25, 40, 60, 100, 150, 250, 400)
CAMPAIGNS = ("", "", "", "Spring catalogue", "Trade fair", "Winter safety")


@dataclass(frozen=True, slots=True)
class Way:
    """The stages that deals go through, and the reasons they end for."""

    opened: Sequence[Stage]
    won: Stage
    lost: Stage
    reasons: dict[str, list[int]]


def usual_way() -> Way | None:
    """The stages of the first pipeline that is for everybody; None where it has not what a way
    takes."""
    for pipeline in known().pipelines:
        if pipeline.team_id is not None or not pipeline.is_active:
            continue
        stages = known().stages_of(pipeline.pk)
        ends = {one.ends: one for one in reversed(stages)}
        if {Ends.OPEN, Ends.WON, Ends.LOST} <= set(ends):
            reasons = {
                str(end): [pk for pk, one in known().reasons.items() if one.ends == end]
                for end in (Ends.WON, Ends.LOST)
            }
            opened = [one for one in stages if one.ends == Ends.OPEN]
            return Way(opened, ends[Ends.WON], ends[Ends.LOST], reasons)
    return None


class Deals:
    """Draws deals of customers as lines for COPY, in the columns of `tables`."""

    def __init__(
        self,
        rng: Random,
        now: datetime,
        first_id: int,
        way: Way,
        products: dict[str, list[Product]],
    ) -> None:
        self.rng, self.now, self.next_id = rng, now, first_id
        self._first_id = first_id
        self.way, self.products = way, products
        self.deals: list[str] = []
        self.visits: list[str] = []

    @property
    def ids(self) -> range:
        """The numbers of the deals drawn."""
        return range(self._first_id, self.next_id)

    def fill(self, customers: list[Customer], amount: int) -> None:
        """`amount` deals of some of these companies."""
        for customer in self._some_of(customers, amount):
            self._deal(customer)

    def fill_open(self, customers: list[Customer], amount: int) -> None:
        """`amount` deals of some of these companies, none of them decided yet."""
        for customer in self._some_of(customers, amount):
            known_days = (self.now - customer.created_at).days
            opened_at = self._at_work(self.rng.randrange(2, min(UNDECIDED, known_days)))
            self._undecided(customer, opened_at, self.now + timedelta(self.rng.randrange(1, 90)))

    def _some_of(self, customers: list[Customer], amount: int) -> list[Customer]:
        known_for = [(self.now - one.created_at).days for one in customers]
        able = [one for one, days in zip(customers, known_for, strict=True) if days > 5]
        return self.rng.choices(able, k=amount) if able else []

    def _deal(self, customer: Customer) -> None:
        rng = self.rng
        known_days = (self.now - customer.created_at).days
        opened_at = self._at_work(rng.randrange(2, min(OLDEST, known_days)))
        lasts = timedelta(days=max(4, min(170, round(rng.lognormvariate(3.7, 0.6)))))
        closes_at = opened_at + lasts
        if rng.random() < STALE:
            closes_at = self.now + timedelta(days=rng.randrange(5, 40))
        if closes_at >= self.now:
            self._undecided(customer, opened_at, closes_at)
            return
        if rng.random() < WON + READINESS.get(customer.source, 0):
            passed = [*self.way.opened, self.way.won]
        else:
            passed = [*self.way.opened[: rng.randrange(1, len(self.way.opened) + 1)], self.way.lost]
        self._write(customer, passed, opened_at, closes_at, closes_at)

    def _undecided(self, customer: Customer, opened_at: datetime, closes_at: datetime) -> None:
        """One deal that has come as far as its time until it closes has passed."""
        share = (self.now - opened_at) / (closes_at - opened_at)
        reached = min(int(share * len(self.way.opened)), len(self.way.opened) - 1)
        passed = list(self.way.opened[: reached + 1])
        self._write(customer, passed, opened_at, self.now, closes_at)

    def _write(
        self,
        customer: Customer,
        passed: list[Stage],
        opened_at: datetime,
        until: datetime,
        closes_at: datetime,
    ) -> None:
        """One deal that came through these stages by `until`: at the last one then, if that ended
        it."""
        rng, stage, pk = self.rng, passed[-1], self.next_id
        self.next_id += 1
        open_ = stage.ends == Ends.OPEN
        steps = len(passed) if open_ else len(passed) - 1
        entered = [opened_at + (until - opened_at) * at / steps for at in range(len(passed))]
        product = rng.choice(self.products[customer.tongue.language])
        quantity = rng.choice(QUANTITIES)
        amount = (product.price or Decimal(0)) * quantity * rng.choice((100, 100, 95, 90)) / 100
        closed_on = None if open_ else closes_at.date()
        promised = closes_at.date() + timedelta(days=rng.choice((-12, -3, 0, 0, 0, 5, 14)))
        step, step_on = self._next_step(customer) if open_ else ("", None)
        reasons = self.way.reasons.get(stage.ends, [])
        self.deals.append(
            copy_line((
                pk, f"{product.name} · {customer.name}"[:200], customer.id,
                rng.choice(customer.people).id if customer.people and rng.random() < 0.8 else None,
                product.pk, stage.pipeline_id, stage.pk, stage.ends, entered[-1],
                False, amount.quantize(Decimal(1)), product.currency, stage.probability,
                self._category(stage), opened_at.date(), promised, closed_on,
                (closed_on - opened_at.date()).days if closed_on else None,
                step, step_on, customer.source, rng.choice(CAMPAIGNS),
                rng.choice(reasons) if reasons else None,
                "", "", [], [], "", "",
                customer.seller.user_id, customer.seller.team_id, opened_at, entered[-1],
            ))
        )  # fmt: skip
        left = [*entered[1:], None]
        self.visits += [
            copy_line((pk, one.pk, came, went))
            for one, came, went in zip(passed, entered, left, strict=True)
        ]

    def _next_step(self, customer: Customer) -> tuple[str, date | None]:
        rng, texts = self.rng, customer.tongue.texts
        if rng.random() < WITHOUT_STEP:
            return "", None
        step = rng.choice(texts.tasks).replace("{product}", rng.choice(texts.products))
        return step, self.now.date() + timedelta(days=rng.randrange(-2, 12))

    def _category(self, stage: Stage) -> str:
        closed = {Ends.WON: Category.CLOSED, Ends.LOST: Category.OMITTED}
        return str(closed.get(Ends(stage.ends), stage.category))

    def _at_work(self, age: int) -> datetime:
        """Some minute of a working day, so many days ago."""
        day = self.now - timedelta(days=age)
        day -= timedelta(days=max(0, day.weekday() - 4))
        minute = self.rng.randrange(8 * 60, 17 * 60)
        return day.replace(hour=minute // 60, minute=minute % 60, second=0)
