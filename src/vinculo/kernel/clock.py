"""The clock: the one place that reads the time, so that a test can hold it still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_held: ContextVar[datetime | None] = ContextVar("vinculo_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _held.get() or datetime.now(UTC)


def today(tz: tzinfo = UTC) -> date:
    """The calendar day it is now in the given time zone.

    >>> from zoneinfo import ZoneInfo
    >>> with frozen(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
    ...     today(), today(ZoneInfo("Asia/Shanghai"))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 2))
    """
    return now().astimezone(tz).date()


@lru_cache(maxsize=1024)
def zone_called(name: str) -> ZoneInfo | None:
    """The time zone of this name, None for "" and for what is no zone.

    Not by looking into the set of all zones: reading their folders takes ten milliseconds.

    >>> zone_called("Asia/Taipei"), zone_called("Mars/Base"), zone_called("")
    (zoneinfo.ZoneInfo(key='Asia/Taipei'), None, None)
    """
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        return None


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold the clock at an aware instant, in tests and where the past is asked as it was; yields it in
    UTC."""
    if at.tzinfo is None:
        raise ValueError("An instant needs its time zone.")
    instant = at.astimezone(UTC)
    restore = _held.set(instant)
    try:
        yield instant
    finally:
        _held.reset(restore)
