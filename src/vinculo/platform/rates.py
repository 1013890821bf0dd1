"""How often one key or person may call: a bucket that holds a minute's calls and refills evenly.

Counted in the database, because every web process (and every machine) must count alike. So that a
call does not cost a statement of its own, a process takes calls out of the bucket by the twentieth
part of a minute's and hands them out itself; for as long as a bucket is empty it does not ask at
all. Beside the request's own transaction: reading calls never write (ADR 8).
"""

import math
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from vinculo.kernel.clock import now

MOST_HELD = 10_000
#: A process takes so many parts of a minute's calls at once.
PARTS = 20
MINUTE = 60.0


@dataclass(frozen=True)
class Taken:
    """What came of asking for a call: `wait` seconds (0: go ahead), about how many are `left`, and
    in how many seconds the bucket will be full again."""

    wait: int
    left: int
    full_in: int


@dataclass
class _Share:
    """What this process holds of a bucket."""

    calls: int
    remaining: float
    since: datetime
    closed_until: datetime | None = None


TAKE = """
INSERT INTO platform_ratebucket AS held (name, remaining, granted, at)
VALUES (%(name)s, %(rate)s - %(want)s, %(want)s, %(at)s)
ON CONFLICT (name) DO UPDATE SET (remaining, granted, at) = (
    SELECT full_to - given, given, greatest(held.at, excluded.at) FROM (
        SELECT full_to, least(%(want)s, floor(full_to)) AS given FROM (
            SELECT least(%(rate)s::float8, held.remaining + %(rate)s::float8 / 60
                * greatest(0, extract(epoch FROM excluded.at - held.at))) AS full_to
        ) refilled
    ) taken
)
RETURNING granted, remaining
"""


class Buckets:
    """Calls per minute by name, shared by all processes; a rate of 0 is no limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, _Share] = {}

    def take(self, name: str, rate: int) -> Taken:
        """Take one call out of a bucket that refills by `rate` a minute."""
        if rate <= 0:
            return Taken(0, 0, 0)
        instant = now()
        with self._lock:
            share = self._held.get(name)
            if share is not None and (instant - share.since).total_seconds() > MINUTE:
                share = None
            if share is not None and share.calls:
                share.calls -= 1
                return self._told(share, rate, 0)
            if share is not None and share.closed_until and instant < share.closed_until:
                wait = (share.closed_until - instant).total_seconds()
                return self._told(share, rate, max(1, math.ceil(wait)))
        granted, remaining = _take(name, rate, max(1, rate // PARTS), instant)
        fresh = _Share(max(0, granted - 1), remaining, instant)
        wait = 0
        if not granted:
            seconds = (1 - remaining) * MINUTE / rate
            wait = max(1, math.ceil(seconds))
            fresh.closed_until = datetime.fromtimestamp(
                instant.timestamp() + seconds, tz=instant.tzinfo
            )
        with self._lock:
            if len(self._held) >= MOST_HELD:
                self._held.clear()
            other = self._held.get(name)
            if other is not None and other is not share and granted:
                fresh.calls += other.calls  # another thread asked meanwhile: nothing is lost
            self._held[name] = fresh
        return self._told(fresh, rate, wait)

    def _told(self, share: _Share, rate: int, wait: int) -> Taken:
        left = share.calls + max(0, math.floor(share.remaining))
        return Taken(wait, left, math.ceil((rate - min(left, rate)) * MINUTE / rate))

    def forget(self) -> None:
        """Let go of what this process holds (another one, as far as the database knows)."""
        with self._lock:
            self._held.clear()

    def clear(self) -> None:
        """Forget everything, in the database too (tests)."""
        if self._held:
            _beside("DELETE FROM platform_ratebucket", {})
        self.forget()


buckets = Buckets()


def _take(name: str, rate: int, want: int, at: datetime) -> tuple[int, float]:
    row = _beside(TAKE, {"name": name, "rate": rate, "want": want, "at": at})
    assert row is not None
    return int(row[0]), float(row[1])


def _beside(statement: str, values: dict[str, Any]) -> tuple[float, float] | None:
    """Run a statement outside the request's transaction."""
    beside = connections["default"].copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
    finally:
        beside.close()
