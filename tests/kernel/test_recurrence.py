"""A rhythm never skips, never repeats and does not drift."""

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.errors import DomainError
from vinculo.kernel.recurrence import Every, Recurrence

days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
rhythms = st.builds(
    Recurrence,
    every=st.sampled_from(["day", "weekday", "week", "month", "year"]),
    start=days,
    interval=st.integers(1, 14),
    last_day=st.booleans(),
)


def first(rhythm: Recurrence, count: int) -> list[date]:
    found, day = [], rhythm.start - timedelta(days=1)
    for _n in range(count):
        following = rhythm.next_after(day)
        assert following is not None
        found.append(following)
        day = following
    return found


def test_the_31st_comes_back() -> None:
    assert first(Recurrence("month", date(2024, 1, 31)), 4) == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30),
    ]  # fmt: skip


def test_the_last_day_stays_the_last_day() -> None:
    assert first(Recurrence("month", date(2026, 2, 28), last_day=True), 3) == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip


def test_the_29th_of_february_every_year() -> None:
    assert first(Recurrence("year", date(2024, 2, 29)), 5)[1:] == [
        date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip


def test_working_days_skip_the_weekend() -> None:
    assert first(Recurrence("weekday", date(2026, 3, 7)), 6) == [
        date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13),
        date(2026, 3, 16),
    ]  # fmt: skip


def test_it_ends() -> None:
    rhythm = Recurrence("week", date(2026, 3, 2), until=date(2026, 3, 9))
    assert rhythm.next_after(date(2026, 3, 2)) == date(2026, 3, 9)
    assert rhythm.next_after(date(2026, 3, 9)) is None
    assert Recurrence("year", date(9990, 1, 1), interval=20).next_after(date(9995, 1, 1)) is None
    with pytest.raises(DomainError):
        Recurrence("day", date(2026, 1, 1), interval=0)


@given(rhythms)
def test_each_occurrence_is_the_next_after_any_day_before_it(rhythm: Recurrence) -> None:
    occurrences = first(rhythm, 6)
    assert occurrences[0] >= rhythm.start
    assert occurrences == sorted(set(occurrences))
    for one, following in pairwise(occurrences):
        middle = one + (following - one) // 2
        assert rhythm.next_after(max(one, middle if middle < following else one)) == following


@given(st.sampled_from(["month", "year"]), days, st.integers(1, 6))
def test_months_do_not_drift(every: Every, start: date, interval: int) -> None:
    for count, found in enumerate(first(Recurrence(every, start, interval), 8)):
        months = start.month - 1 + count * interval * (12 if every == "year" else 1)
        assert (found.year, found.month) == (start.year + months // 12, months % 12 + 1)
        assert found.day == min(start.day, calendar.monthrange(found.year, found.month)[1])


@given(days, st.integers(1, 9))
def test_every_so_many_working_days(start: date, interval: int) -> None:
    found = first(Recurrence("weekday", start, interval), 5)
    for one, following in pairwise(found):
        between = [one + timedelta(days=n + 1) for n in range((following - one).days)]
        assert sum(day.weekday() < 5 for day in between) == interval
        assert following.weekday() < 5
