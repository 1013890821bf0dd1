"""What happened with the customers of a block, and what is still to be done.

Written straight as lines for COPY: the benchmark makes ten million of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from vinculo.demo.customers import OLDEST, Customer
from vinculo.demo.phrases import KINDS, NOTHING, Phrase, bodies, phrase, subjects, titles
from vinculo.demo.tables import tsvector
from vinculo.interactions.derived import interaction_keys
from vinculo.records.transfer.copying import copy_line

SHARES = (38, 34, 10, 10, 8)
#: A kind by its share: one draw of a hundred.
DRAWN = tuple(kind for kind, share in zip(KINDS, SHARES, strict=True) for _each in range(share))
OUTCOMES = {
    "call": ("reached", "reached", "no_answer", "left_message", "interested", "not_interested"),
    "meeting": ("interested", "interested", "not_interested", ""),
    "visit": ("interested", "reached", ""),
}
LENGTHS = (5, 10, 15, 30, 45, 60)  # minutes
PLANNED = 0.012  # of the interactions are still to come
WITH_BODY = 0.45
MINUTES = tuple(f"{8 + minute // 60:02d}:{minute % 60:02d}:00+00:00" for minute in range(600))
NULL = "\\N"


class History:
    """Draws interactions and tasks, and remembers when each customer was last in contact."""

    def __init__(self, rng: Random, now: datetime, first_id: int) -> None:
        self.rng = rng
        self.now = now
        self.next_id = first_id
        self.interactions: list[str] = []
        self.tasks: list[str] = []
        self._names: dict[int, str] = {}
        self._days = [self._working_day(age).date().isoformat() for age in range(OLDEST + 10)]

    def fill(self, units: list[Customer], amount: int, *, favourite: float = 0.0) -> None:
        """`amount` interactions, most with few of the customers; the first gets `favourite`."""
        if not units:
            return
        rng = self.rng
        weights = [min(rng.paretovariate(1.1), 30.0) for _unit in units]
        if favourite:
            weights[0] = sum(weights) * favourite
        draw = rng.random
        for unit in rng.choices(units, weights, k=amount):
            party = unit
            if unit.people and draw() < 0.65:
                party = unit.people[int(draw() * len(unit.people))]
            if draw() < PLANNED:
                self._planned(party, self._ahead(int(draw() * 15)))
            else:
                self._done(party)

    def _done(self, party: Customer) -> None:
        draw, language = self.rng.random, party.tongue.language
        kind = DRAWN[int(draw() * 100)]
        age = max((self.now - party.created_at).days, 1)
        # Yesterday or earlier: nothing that is done lies ahead.
        day = self._days[1 + int(age * draw() ** 1.4)]
        at = f"{day} {MINUTES[int(draw() * 600)]}"
        about = subjects(language, kind)
        subject = about[int(draw() * len(about))]
        body = NOTHING
        if kind == "note" or draw() < WITH_BODY:
            said = bodies(language)
            body = said[int(draw() * len(said))]
        outcome, minutes, direction = "", NULL, ""
        if kind in OUTCOMES:
            ends = OUTCOMES[kind]
            outcome = ends[int(draw() * len(ends))]
            minutes = str(LENGTHS[int(draw() * 6)])
        if kind in ("call", "email"):
            direction = "in" if draw() < 0.35 else "out"
        place = phrase(party.city.name) if kind == "visit" else NOTHING
        self._write(party, kind, at, "done", direction, outcome, minutes, subject, body, place, at)
        if kind != "note":
            if party.last_contact < at:
                party.last_contact = at
            if party.company is not None and party.company.last_contact < at:
                party.company.last_contact = at

    def _planned(self, party: Customer, at: datetime) -> None:
        rng = self.rng
        kind = rng.choice(("meeting", "visit", "call"))
        place = phrase(party.city.name) if kind == "visit" else NOTHING
        written = self.now - timedelta(days=1 + rng.random() * 5)
        self._write(
            party, kind, at.isoformat(" "), "planned", "", "", NULL,
            rng.choice(subjects(party.tongue.language, kind)), NOTHING, place,
            written.isoformat(" "),
        )  # fmt: skip

    def _write(
        self, party: Customer, kind: str, at: str, status: str, direction: str, outcome: str,
        minutes: str, subject: Phrase, body: Phrase, place: Phrase, written: str,
    ) -> None:  # fmt: skip
        company = party.company.id if party.company else NULL
        self.interactions.append(
            f"{self.next_id}\t{kind}\t{party.id}\t"
            f"{party.id if party.kind == 'company' else company}\t{at}\t{status}\t{direction}\t"
            f"{outcome}\t{minutes}\t{subject.text}\t{body.text}\t{place.text}\t\\N\t\\N\t\\N\t{{}}\t"
            f"{subject.keys} {body.keys} {place.keys} {self._name_keys(party)}\t"
            f"{party.seller.user_id}\t{party.seller.team_id or NULL}\t{written}\t{written}\n"
        )
        self.next_id += 1

    def past_tasks(self, parties: list[Customer], amount: int, open_amount: int) -> None:
        """Tasks of the past, nearly all of them done in time; some are open, a few overdue."""
        rng = self.rng
        for at in range(amount + open_amount):
            party = rng.choice(parties)
            if at >= amount:
                days = rng.randrange(-30, 6)
                self.task(party, self._ahead(-days) if days < 0 else self._working_day(days))
                continue
            age = max((self.now - party.created_at).days, 2)
            due = self._working_day(int(1 + (age - 1) * rng.random()))
            done = min(due + timedelta(hours=rng.randrange(-20, 30)), self.now)
            self.task(party, due, done=done)

    def task(
        self, party: Customer, due: datetime, *, done: datetime | None = None, timed: bool = False,
        priority: int = 2, repeat: str = "",
    ) -> None:  # fmt: skip
        """One task about a customer, promised by the one responsible for it."""
        rng = self.rng
        company = party if party.kind == "company" else party.company
        title = rng.choice(titles(party.tongue.language))
        notes = rng.choice(bodies(party.tongue.language)) if rng.random() < 0.25 else NOTHING
        search = f"{title.keys} {notes.keys} {self._name_keys(party)}"
        made = min(due, self.now) - timedelta(days=2 + rng.random() * 6)
        day = due.date()
        self.tasks.append(copy_line((
            title.text, notes.text, party.id, company.id if company else None, None, day,
            due if timed else None, None, None, None, priority, repeat, day if repeat else None,
            done, search, party.seller.user_id, party.seller.team_id, made, done or made,
        )))  # fmt: skip

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

    def _working_day(self, days_ago: int) -> datetime:
        """Ten o'clock on the last working day that is at least so many days ago."""
        at = self.now - timedelta(days=days_ago)
        at -= timedelta(days=max(0, at.weekday() - 4))
        return at.replace(hour=10, minute=0, second=0, microsecond=0)

    def _ahead(self, days: int) -> datetime:
        """An hour of work on the first working day that is at least so many days ahead."""
        at = self.now + timedelta(days=days)
        at += timedelta(days=7 - at.weekday() if at.weekday() > 4 else 0)
        minute = self.rng.randrange(600)
        return at.replace(hour=8 + minute // 60, minute=minute % 60, second=0, microsecond=0)

    def _name_keys(self, party: Customer) -> str:
        found = self._names.get(party.id)
        if found is None:
            found = self._names[party.id] = tsvector(interaction_keys("", "", "", party.name))
        return found
