"""Periods people speak of ("this week"), as exact spans of days and of time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from vinculo.kernel.errors import DomainError, _

# What a list of choices offers, with its label; any number of days works besides these.
PERIODS: dict[str, str] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "tomorrow": _("Tomorrow"),
    "this_week": _("This week"),
    "last_week": _("Last week"),
    "next_week": _("Next week"),
    "this_month": _("This month"),
    "last_month": _("Last month"),
    "next_month": _("Next month"),
    "this_quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "next_quarter": _("Next quarter"),
    "this_year": _("This year"),
    "last_year": _("Last year"),
    "next_year": _("Next year"),
    "last_7_days": _("Last 7 days"),
    "last_30_days": _("Last 30 days"),
    "last_90_days": _("Last 90 days"),
    "last_365_days": _("Last 365 days"),
    "next_7_days": _("Next 7 days"),
    "next_30_days": _("Next 30 days"),
    "next_90_days": _("Next 90 days"),
}
_UNKNOWN = _("“%(name)s” is not a period.")
_SO_MANY_DAYS = re.compile(r"(last|next)_([1-9]\d{0,3})_days")
_NAMED = re.compile(r"(this|last|next)_(week|month|quarter|year)")
_STEPS = {"last": -1, "this": 0, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Days(NamedTuple):
    """A span of days: ``start`` is in it, ``end`` is the day after it."""

    start: date
    end: date


class Span(NamedTuple):
    """A span of time in UTC: ``start`` is in it, ``end`` is the instant after it."""

    start: datetime
    end: datetime


def is_period(name: str) -> bool:
    """Whether ``days_of`` understands this name."""
    return name in PERIODS or bool(_SO_MANY_DAYS.fullmatch(name))


def days_of(name: str, today: date, first_weekday: int = 0) -> Days:
    """The days of a named period seen from ``today``; weeks begin on ``first_weekday`` (0 Monday).

    "last_30_days" and "next_30_days" both count today. Raises DomainError for an unknown name.

    >>> days_of("this_week", date(2026, 3, 4))
    Days(start=datetime.date(2026, 3, 2), end=datetime.date(2026, 3, 9))
    """
    single = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(name)
    if single is not None:
        start = today + timedelta(days=single)
        return Days(start, start + timedelta(days=1))
    counted = _SO_MANY_DAYS.fullmatch(name)
    if counted:
        days = timedelta(days=int(counted[2]))
        day_after = today + timedelta(days=1)
        return (
            Days(day_after - days, day_after) if counted[1] == "last" else Days(today, today + days)
        )
    named = _NAMED.fullmatch(name)
    if not named:
        raise DomainError(_UNKNOWN, name=name[:40])
    step, unit = _STEPS[named[1]], named[2]
    if unit == "week":
        monday = today - timedelta(days=(today.weekday() - first_weekday) % 7)
        start = monday + timedelta(weeks=step)
        return Days(start, start + timedelta(weeks=1))
    length = _MONTHS[unit]
    first = today.year * 12 + (today.month - 1) // length * length + step * length
    return Days(_first_of(first), _first_of(first + length))


def span_of(name: str, at: datetime, tz: tzinfo, first_weekday: int = 0) -> Span:
    """The instants of a named period seen from the instant ``at`` by a reader in ``tz``.

    >>> from zoneinfo import ZoneInfo
    >>> noon = datetime(2026, 3, 29, 10, tzinfo=UTC)
    >>> start, end = span_of("today", noon, ZoneInfo("Europe/Madrid"))
    >>> str(end - start)  # the clocks went forward that night
    '23:00:00'
    """
    days = days_of(name, at.astimezone(tz).date(), first_weekday)
    return Span(start_of_day(days.start, tz), start_of_day(days.end, tz))


def start_of_day(day: date, tz: tzinfo) -> datetime:
    """The first instant of a day in a time zone, in UTC.

    Where the clocks jump over midnight the day begins when they land; where midnight comes twice
    it begins the first time.
    """
    return datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)


@cache
def first_weekday(locale: str) -> int:
    """The day weeks begin on where the locale ("es", "en-US", "zh-hans") is spoken; 0 is Monday.

    >>> first_weekday("es"), first_weekday("en-US")
    (0, 6)
    """
    try:
        return int(Locale.parse(locale.replace("-", "_")).first_week_day)
    except (UnknownLocaleError, ValueError):
        return 0


def _first_of(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)
