"""No one person's slow requests stop the others: turns, heavy work and a budget of busy time.

- Of a process's threads one always stays for the others: who holds all the rest waits a moment
  for a turn, and is then asked to wait. Counted in memory; costs a request nothing.
- Heavy work (an export) takes one of two places that a person has in the whole installation:
  PostgreSQL's advisory locks, which end with their connection whatever happens.
- Slow requests are charged to a minute's budget that refills evenly, in the database and beside
  the request (ADR 8). While it is overdrawn, the processes that charged it refuse.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, connections

from vinculo.kernel.clock import now
from vinculo.platform.errors import TooMuchAtOnce

if TYPE_CHECKING:
    from vinculo.platform.models import User

#: Seconds a request waits for a turn before it is refused.
PATIENCE = 2.0
#: Seconds from which on a request counts as slow and is charged.
SLOW = 0.5
HEAVY_PLACES = 2
#: First half of the advisory locks' keys; the place is added, the second half is the person.
HEAVY = 0x5649_4E00


class Turns:
    """Who is being served by this process right now, and who has overdrawn their minute."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._serving: Counter[int] = Counter()
        self._overdrawn: dict[int, float] = {}

    @contextmanager
    def one(self, user_id: int) -> Iterator[None]:
        """A request of this person; raises TooMuchAtOnce when they have had enough for now."""
        self._refuse_overdrawn(user_id)
        self._begin(user_id)
        begun = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._serving[user_id] -= 1
                if not self._serving[user_id]:
                    del self._serving[user_id]
                self._changed.notify_all()
            self._charge(user_id, time.monotonic() - begun)

    def _begin(self, user_id: int) -> None:
        most = max(1, settings.WEB_THREADS - 1)
        with self._changed:
            free = self._changed.wait_for(lambda: self._serving[user_id] < most, PATIENCE)
            if not free:
                raise TooMuchAtOnce
            self._serving[user_id] += 1

    def _refuse_overdrawn(self, user_id: int) -> None:
        until = self._overdrawn.get(user_id)
        if until is None:
            return
        if time.monotonic() < until:
            raise TooMuchAtOnce
        self._overdrawn.pop(user_id, None)

    def _charge(self, user_id: int, seconds: float) -> None:
        budget = settings.BUSY_SECONDS
        if not budget or seconds < SLOW:
            return
        remaining = charge(f"busy:{user_id}", seconds, budget)
        if remaining < 0:
            self._overdrawn[user_id] = time.monotonic() - remaining * 60 / budget

    def forget(self) -> None:
        """Let everybody begin anew (tests)."""
        self._overdrawn.clear()


turns = Turns()

CHARGE = """
INSERT INTO platform_ratebucket AS held (name, remaining, granted, at)
VALUES (%(name)s, %(budget)s - %(seconds)s, 0, %(at)s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, remaining =
    least(%(budget)s, held.remaining + %(budget)s / 60.0
        * greatest(0, extract(epoch FROM excluded.at - held.at))) - %(seconds)s
RETURNING remaining
"""


def charge(name: str, seconds: float, budget: float) -> float:
    """Take seconds out of a bucket that refills by `budget` a minute; what is left, may be < 0."""
    beside = connections["default"].copy()
    try:
        with beside.cursor() as cursor:
            values: dict[str, Any] = {
                "name": name,
                "seconds": seconds,
                "budget": float(budget),
                "at": now(),
            }
            cursor.execute(CHARGE, values)
            return float(cursor.fetchone()[0])
    finally:
        beside.close()


def take_heavy_place(user: "User") -> Callable[[], None]:
    """One of the person's places for heavy work; call the result to give it back.

    Raises TooMuchAtOnce when both are taken, in whatever process. The lock lies on this thread's
    connection: give it back before that is closed (a streamed response: in its closers).
    """
    for place in range(HEAVY_PLACES):
        if _ask("SELECT pg_try_advisory_lock(%s, %s)", [HEAVY + place, user.pk]):
            return lambda: _give_back(HEAVY + place, user.pk)
    raise TooMuchAtOnce


def _give_back(key: int, user_id: int) -> None:
    if connection.connection is not None and not connection.connection.closed:
        _ask("SELECT pg_advisory_unlock(%s, %s)", [key, user_id])


def _ask(statement: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.fetchone()[0])
