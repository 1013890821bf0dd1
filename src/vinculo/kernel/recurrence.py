"""Things that come again: the next day of a daily, weekly, monthly or yearly rhythm."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from vinculo.kernel.errors import DomainError, _

Every = Literal["day", "weekday", "week", "month", "year"]
_MONDAY_TO_FRIDAY = range(5)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every ``interval`` days, working days, weeks, months or years from ``start``.

    Days are counted from the start, never from the last occurrence: what begins on the 31st is
    due on the last day of shorter months and on the 31st again after them. ``last_day`` keeps a
    monthly rhythm on the last day whatever day it began on. ``until`` is the last day allowed.
    """

    every: Every
    start: date
    interval: int = 1
    last_day: bool = False
    until: date | None = None

    def __post_init__(self) -> None:
        if self.interval < 1:
            raise DomainError(_("The interval must be at least 1."), field="interval")

    def next_after(self, day: date) -> date | None:
        """The first occurrence after a day, or None when the rhythm has ended.

        >>> monthly = Recurrence("month", date(2026, 1, 31))
        >>> monthly.next_after(date(2026, 1, 31)), monthly.next_after(date(2026, 2, 28))
        (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
        """
        try:
            found = self._first_after(day)
        except (OverflowError, ValueError):
            return None  # past the end of the calendar
        return found if found and (self.until is None or found <= self.until) else None

    def _first_after(self, day: date) -> date | None:
        if self.every == "weekday":
            return self._weekday_after(day)
        if self.every in ("day", "week"):
            step = self.interval * (7 if self.every == "week" else 1)
            passed = (day - self.start).days
            count = 0 if passed < 0 else passed // step + 1
            return self.start + timedelta(days=count * step)
        return self._month_after(day)

    def _month_after(self, day: date) -> date:
        step = self.interval * (12 if self.every == "year" else 1)
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        count = max(months // step, 0)
        while (found := self._month_occurrence(count * step)) <= day:
            count += 1
        return found

    def _month_occurrence(self, months: int) -> date:
        year, month = divmod(self.start.year * 12 + self.start.month - 1 + months, 12)
        longest = calendar.monthrange(year, month + 1)[1]
        wanted = longest if self.last_day and self.every == "month" else self.start.day
        return date(year, month + 1, min(wanted, longest))

    def _weekday_after(self, day: date) -> date:
        """The interval-th working days from the first one on or after the start."""
        first = self.start
        while first.weekday() not in _MONDAY_TO_FRIDAY:
            first += timedelta(days=1)
        if day < first:
            return first
        count = _working_days(first, day) // self.interval + 1
        return _add_working_days(first, count * self.interval)


def _working_days(first: date, day: date) -> int:
    """Working days after ``first`` (itself one) up to and including ``day``."""
    weeks, rest = divmod((day - first).days, 7)
    extra = sum(
        (first + timedelta(days=ahead)).weekday() in _MONDAY_TO_FRIDAY
        for ahead in range(1, rest + 1)
    )
    return weeks * 5 + extra


def _add_working_days(first: date, count: int) -> date:
    weeks, rest = divmod(count, 5)
    day = first + timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() in _MONDAY_TO_FRIDAY
    return day
