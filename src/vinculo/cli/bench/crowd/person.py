"""One person of the crowd: thinks for a moment, asks for something, thinks again.

What is not answered is sent again with the same token, as a browser's form and a program with an
idempotency key do: whether the first one was carried out or not, it must count once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from secrets import token_hex
from threading import Thread
from urllib.parse import quote, urlencode

from vinculo.cli.bench.client import Answer, Visitor
from vinculo.cli.bench.crowd.ledger import BULK, CALL, EDIT, FORM, PROGRAM, TASK, Ledger, Write
from vinculo.cli.bench.crowd.people import Account
from vinculo.cli.bench.writes import FORM as FORM_BODY
from vinculo.cli.bench.writes import JSON

HTMX = {"HX-Request": "true"}
WORDS = ("garcia", "远景", "ww", "maria", "4729", "olutions", "hxkj", "a")
FILTERS = ("state.in=active", "country.in=CN", "owner.is=me", "tags.has=vip", "sort=-created_at")
#: Answers that say "not now, come again" while something starts again.
DONE, AGAIN, WRONG = "done", "again", "wrong"
COME_AGAIN = (409, 429, 502, 503)
GIVE_UP = 90.0  # seconds after which a write that nobody confirms is left alone
LONGEST_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How the crowd behaves."""

    until: float  # time.monotonic()
    think: tuple[float, float]  # seconds
    #: Whether a request that got no answer is part of the experiment or an error.
    patient: bool
    mark: str  # of this run, in every text it writes


class Person(Thread):
    """Works until the pace's end; `ledger` learns of everything."""

    def __init__(self, account: Account, port: int, pace: Pace, ledger: Ledger) -> None:
        super().__init__(name=f"person {account.number}", daemon=True)
        self.account, self.pace, self.ledger = account, pace, ledger
        self.rng = Random(f"{pace.mark}/{account.number}")  # noqa: S311 - not secret
        self.screen = Visitor(port, account.session, resend=False)
        self.program = Visitor(port, {"Authorization": f"Bearer {account.key}"}, resend=False)
        self.count = 0
        habits = self._habits()
        self.habits, self.weights = [one for one, _often in habits], [n for _one, n in habits]

    def run(self) -> None:
        """Until the end: think, do. Whoever may change many records begins with that."""
        if self.account.many:
            self._change_many()
        while True:
            time.sleep(self.rng.uniform(*self.pace.think))
            if time.monotonic() >= self.pace.until:
                break
            self.rng.choices(self.habits, self.weights)[0]()
        self.screen.close()
        self.program.close()

    def _habits(self) -> list[tuple[Callable[[], None], int]]:
        """What people do, and how often of a hundred times: four in five only look."""
        own = self.account
        company, person = self._one(own.companies), self._one(own.people)
        read = self._read
        looks: list[tuple[Callable[[], None], int]] = [
            (lambda: read("list", f"/{self.rng.choice(('companies', 'people', 'tasks'))}"), 16),
            (lambda: read("list, filtered", f"/companies?{self.rng.choice(FILTERS)}"), 10),
            (lambda: read("record", f"/companies/{company()}"), 14),
            (lambda: read("record", f"/people/{person()}"), 8),
            (lambda: read("timeline", f"/timeline/{company()}", HTMX), 8),
            (lambda: read("search", f"/palette?q={quote(self.rng.choice(WORDS))}", HTMX), 12),
            (lambda: read("My day", "/my-day"), 8),
            (lambda: read("API: list", "/api/v1/companies?limit=50", program=True), 4),
        ]
        writes: list[tuple[Callable[[], None], int]] = [
            (lambda: self._edit(company()), 7),
            (lambda: self._log_call(company()), 5),
            (self._add_task, 4),
            (self._new_company, 2),
            (self._new_company_by_program, 2),
        ]
        if own.many:
            writes.append((self._change_many, 6))
        return looks + writes

    def _one(self, ids: tuple[int, ...]) -> Callable[[], int]:
        return lambda: self.rng.choice(ids)

    # --- looking ---------------------------------------------------------------------------

    def _read(
        self, name: str, path: str, headers: Mapping[str, str] | None = None, program: bool = False
    ) -> None:
        visitor = self.program if program else self.screen
        self._ask(name, lambda: visitor.get(path, headers), 200)

    # --- writing ---------------------------------------------------------------------------

    def _edit(self, company: int) -> None:
        mark = self._mark(EDIT)
        self._form(EDIT, mark, 200, f"/companies/{company}/field/preferences", preferences=mark)

    def _log_call(self, company: int) -> None:
        mark, instant = self._mark(CALL), datetime.now(UTC)
        self._form(
            CALL,
            mark,
            204,
            f"/companies/{company}/do/interactions.log_call",
            body=mark,
            at=instant.strftime("%Y-%m-%dT%H:%M"),
            direction="out",
            follow_up_on=instant.strftime("%Y-%m-%d"),
            follow_up_title=mark,
        )

    def _add_task(self) -> None:
        mark = self._mark(TASK)
        self._form(TASK, mark, 200, "/my-day/tasks", title=mark)

    def _new_company(self) -> None:
        mark = self._mark(FORM)
        self._form(FORM, mark, 204, "/companies/new", name=mark, owner=str(self.account.user_id))

    def _new_company_by_program(self) -> None:
        write = self.ledger.promise(PROGRAM, self._mark(PROGRAM))
        body = json.dumps({"name": write.mark, "city": "Madrid", "country": "ES"}).encode()
        key = {"Idempotency-Key": token_hex(16)}
        self._send(write, lambda: self.program.post("/api/v1/companies", body, JSON, key), 201)

    def _change_many(self) -> None:
        """Tag more people than are changed at once: a job does it."""
        mark = self._mark(BULK)
        self._form(
            BULK,
            mark,
            204,
            "/people/bulk/edit",
            ids=[str(pk) for pk in self.account.many],
            field="tags",
            how="add",
            tags=mark,
            token=mark,
        )

    def _mark(self, kind: str) -> str:
        self.count += 1
        return f"{self.pace.mark}-{kind}-{self.account.number}-{self.count}"

    def _form(
        self, kind: str, mark: str, status: int, path: str, **fields: str | list[str]
    ) -> None:
        body = urlencode({**fields, "_once": token_hex(16)}, doseq=True).encode()
        write = self.ledger.promise(kind, mark)
        self._send(write, lambda: self.screen.post(path, body, FORM_BODY, HTMX), status)

    def _send(self, write: Write, send: Callable[[], Answer], status: int) -> None:
        """Until somebody says that it is done; without patience, once."""
        give_up = time.monotonic() + GIVE_UP
        pause = 0.2
        while True:
            write.tries += 1
            told = self._ask(f"save: {write.kind}", send, status)
            write.acknowledged = told == DONE
            if told != AGAIN or not self.pace.patient or time.monotonic() > give_up:
                return
            time.sleep(pause)
            pause = min(LONGEST_WAIT, pause * 2)

    def _ask(self, name: str, send: Callable[[], Answer], status: int) -> str:
        """One request: DONE, AGAIN or WRONG."""
        began = time.perf_counter()
        try:
            answer = send()
        except OSError as error:
            self.screen.close()
            self.program.close()
            self._fall_short(name, "no answer", f"{type(error).__name__}: {error}")
            return AGAIN
        if answer.status == status:
            self.ledger.note(name, began)
            return DONE
        if answer.status in COME_AGAIN:
            self._fall_short(name, str(answer.status), answer.body[:300].decode(errors="replace"))
            return AGAIN
        said = answer.body[:300].decode(errors="replace")
        self.ledger.complain(f"{name}: {answer.status} instead of {status}: {said}")
        return WRONG

    def _fall_short(self, name: str, why: str, said: str) -> None:
        """While processes are killed this is expected; otherwise it is an error."""
        if self.pace.patient:
            self.ledger.turn_away(why)
        else:
            self.ledger.complain(f"{name}: {why}: {said}")
