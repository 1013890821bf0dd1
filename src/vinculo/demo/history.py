"""What happened with the customers of a block, and what is still to be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from vinculo.demo.customers import Customer
from vinculo.demo.tables import tsvector
from vinculo.demo.words import Tongue
from vinculo.interactions.derived import interaction_keys, task_keys

Row = tuple[object, ...]

KINDS = ("call", "email", "note", "meeting", "visit")
SHARES = (38, 34, 10, 10, 8)
OUTCOMES = {
    "call": ("reached", "reached", "no_answer", "left_message", "interested", "not_interested"),
    "meeting": ("interested", "interested", "not_interested", ""),
    "visit": ("interested", "reached", ""),
}
PLANNED = 0.012  # of the interactions are still to come
WITH_BODY = 0.45


class History:
    """Draws interactions and tasks, and remembers when each customer was last in contact."""

    def __init__(self, rng: Random, now: datetime, first_id: int) -> None:
        self.rng = rng
        self.now = now
        self.next_id = first_id
        self.interactions: list[Row] = []
        self.tasks: list[Row] = []
        self._names: dict[int, str] = {}

    def fill(self, units: list[Customer], amount: int, *, favourite: float = 0.0) -> None:
        """`amount` interactions, most with few of the customers; the first gets `favourite`."""
        if not units:
            return
        rng = self.rng
        weights = [min(rng.paretovariate(1.1), 30.0) for _unit in units]
        if favourite:
            weights[0] = sum(weights) * favourite
        for unit in rng.choices(units, weights, k=amount):
            party = unit
            if unit.people and rng.random() < 0.65:
                party = rng.choice(unit.people)
            if rng.random() < PLANNED:
                self._planned(party, self._working_hour(-int(rng.random() * 15)))
            else:
                self._done(party)

    def _done(self, party: Customer) -> None:
        rng, texts = self.rng, party.tongue.texts
        kind = rng.choices(KINDS, SHARES)[0]
        age = max((self.now - party.created_at).days, 1)
        at = self._working_hour(int(age * rng.random() ** 1.4))
        subject = _subject(rng, party.tongue, kind)
        body = rng.choice(texts.bodies) if kind == "note" or rng.random() < WITH_BODY else ""
        outcomes = OUTCOMES.get(kind)
        direction = ("in" if rng.random() < 0.35 else "out") if kind in ("call", "email") else ""
        self._write(
            kind, party, at, "done", direction, rng.choice(outcomes) if outcomes else "",
            subject, body, rng.choice((5, 10, 15, 30, 45, 60)) if outcomes else None,
            party.city.name if kind == "visit" else "", at,
        )  # fmt: skip
        if kind != "note":
            for touched in (party, party.company):
                if touched and (touched.last_contact_at is None or touched.last_contact_at < at):
                    touched.last_contact_at = at

    def _planned(self, party: Customer, at: datetime) -> None:
        kind = self.rng.choice(("meeting", "visit", "call"))
        subject = _subject(self.rng, party.tongue, kind)
        place = party.city.name if kind == "visit" else ""
        written = self.now - timedelta(days=1 + self.rng.random() * 5)
        self._write(kind, party, at, "planned", "", "", subject, "", None, place, written)

    def _write(
        self, kind: str, party: Customer, at: datetime, status: str, direction: str, outcome: str,
        subject: str, body: str, minutes: int | None, place: str, written: datetime,
    ) -> None:  # fmt: skip
        company = party if party.kind == "company" else party.company
        search = f"{_text_keys(subject, body, place)} {self._name_keys(party)}"
        seller = party.seller
        self.interactions.append(
            (self.next_id, kind, party.id, company.id if company else None, at, status, direction,
             outcome, minutes, subject, body, place, None, None, None, "{}", search,
             seller.user_id, seller.team_id, written, written)
        )  # fmt: skip
        self.next_id += 1

    def past_tasks(self, parties: list[Customer], amount: int, open_amount: int) -> None:
        """Tasks of the past, nearly all of them done in time."""
        rng = self.rng
        for at in range(amount + open_amount):
            party = rng.choice(parties)
            age = max((self.now - party.created_at).days, 2)
            due = self._working_hour(int(1 + (age - 1) * rng.random()))
            done = due + timedelta(hours=rng.randrange(-20, 30)) if at < amount else None
            if done is None:
                due = self._working_hour(rng.randrange(-30, 6))
            self.task(party, due, done=min(done, self.now) if done else None)

    def task(
        self, party: Customer, due: datetime, *, done: datetime | None = None, timed: bool = False,
        priority: int = 2, repeat: str = "",
    ) -> None:  # fmt: skip
        """One task about a customer, promised by the one responsible for it."""
        rng = self.rng
        company = party if party.kind == "company" else party.company
        title = _with_product(rng, party.tongue, rng.choice(party.tongue.texts.tasks))
        notes = rng.choice(party.tongue.texts.bodies) if rng.random() < 0.25 else ""
        search = f"{_task_keys(title, notes)} {self._name_keys(party)}"
        made = min(due, self.now) - timedelta(days=2 + rng.random() * 6)
        day = due.date()
        self.tasks.append(
            (title, notes, party.id, company.id if company else None, None, day,
             due if timed else None, None, None, None, priority, repeat, day if repeat else None,
             done, search, party.seller.user_id, party.seller.team_id, made, done or made)
        )  # fmt: skip

    def busy_week(self, mine: list[Customer]) -> None:
        """Give the one responsible for these customers a day: overdue, today, and the next days."""
        rng = self.rng
        for days, amount in ((3, 2), (1, 1), (0, 4), (-1, 2), (-2, 2), (-4, 1), (-6, 1)):
            for _each in range(amount):
                due = self._at(days, 9 + rng.randrange(8))
                high = 3 if rng.random() < 0.25 else 2
                self.task(rng.choice(mine), due, timed=rng.random() < 0.3, priority=high)
        self.task(rng.choice(mine), self._at(-3, 10), repeat="monthly")
        for days, hour in ((0, 15), (-1, 10), (-3, 11)):
            self._planned(rng.choice(mine), self._at(days, hour))

    def _at(self, days_ago: int, hour: int) -> datetime:
        day = self.now - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=self.rng.choice((0, 15, 30)), second=0, microsecond=0)

    def _working_hour(self, days_ago: int) -> datetime:
        """An instant on a working day so many days ago (ahead when negative); done ones are past."""
        at = self.now - timedelta(days=days_ago)
        if at.weekday() >= 5:
            at += timedelta(days=2 if days_ago < 0 else -2)
        minute = self.rng.randrange(600)
        at = at.replace(hour=8 + minute // 60, minute=minute % 60, second=0, microsecond=0)
        if days_ago >= 0 and at > self.now:
            at -= timedelta(days=1)
        return at

    def _name_keys(self, party: Customer) -> str:
        found = self._names.get(party.id)
        if found is None:
            found = self._names[party.id] = tsvector(interaction_keys("", "", "", party.name))
        return found


def _subject(rng: Random, tongue: Tongue, kind: str) -> str:
    return _with_product(rng, tongue, rng.choice(getattr(tongue.texts, f"{kind}s")))


def _with_product(rng: Random, tongue: Tongue, text: str) -> str:
    if "{product}" not in text:
        return text
    return text.replace("{product}", rng.choice(tongue.texts.products))


# Texts repeat from customer to customer, so what they are found by is made once.
@lru_cache(maxsize=65_536)
def _text_keys(subject: str, body: str, place: str) -> str:
    return tsvector(interaction_keys(subject, body, place, ""))


@lru_cache(maxsize=65_536)
def _task_keys(title: str, notes: str) -> str:
    return tsvector(task_keys(title, notes, ""))
