"""Periods follow each other without gap or overlap, in every time zone and on every day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.errors import DomainError
from vinculo.kernel.periods import (
    PERIODS,
    Days,
    days_of,
    first_weekday,
    is_period,
    span_of,
    start_of_day,
)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
zones = st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))
weekdays = st.integers(0, 6)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", (2026, 3, 4), (2026, 3, 5)), ("yesterday", (2026, 3, 3), (2026, 3, 4)),
        ("tomorrow", (2026, 3, 5), (2026, 3, 6)), ("this_week", (2026, 3, 2), (2026, 3, 9)),
        ("last_week", (2026, 2, 23), (2026, 3, 2)), ("next_month", (2026, 4, 1), (2026, 5, 1)),
        ("this_quarter", (2026, 1, 1), (2026, 4, 1)), ("last_quarter", (2025, 10, 1), (2026, 1, 1)),
        ("last_month", (2026, 2, 1), (2026, 3, 1)), ("next_year", (2027, 1, 1), (2028, 1, 1)),
        ("last_7_days", (2026, 2, 26), (2026, 3, 5)), ("next_7_days", (2026, 3, 4), (2026, 3, 11)),
        ("last_1_days", (2026, 3, 4), (2026, 3, 5)),
    ],
)  # fmt: skip
def test_on_a_wednesday(name: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    assert days_of(name, date(2026, 3, 4)) == Days(date(*start), date(*end))


@pytest.mark.parametrize("name", ["", "last_0_days", "someday", "this_decade", "last_99999_days"])
def test_unknown_names_are_refused(name: str) -> None:
    assert not is_period(name)
    with pytest.raises(DomainError):
        days_of(name, date(2026, 1, 1))


@given(days, weekdays, st.sampled_from(["week", "month", "quarter", "year"]))
def test_last_this_and_next_join(today: date, monday: int, unit: str) -> None:
    last, this, following = (
        days_of(f"{step}_{unit}", today, monday) for step in ("last", "this", "next")
    )
    assert last.end == this.start <= today < this.end == following.start
    assert days_of(f"this_{unit}", last.start, monday) == last
    assert days_of(f"this_{unit}", following.end - timedelta(days=1), monday) == following
    if unit == "week":
        assert this.start.weekday() == monday


@given(days, st.integers(1, 4000))
def test_counted_days(today: date, count: int) -> None:
    last, following = days_of(f"last_{count}_days", today), days_of(f"next_{count}_days", today)
    assert (last.end - last.start).days == (following.end - following.start).days == count
    assert last.end - timedelta(days=1) == today == following.start


@given(instants, zones, weekdays, st.sampled_from(sorted(PERIODS)))
def test_spans_are_the_days_of_the_reader(
    at: datetime, tz: ZoneInfo, monday: int, name: str
) -> None:
    span = span_of(name, at, tz, monday)
    expected = days_of(name, at.astimezone(tz).date(), monday)
    assert span.start < span.end
    assert span.start.tzinfo is span.end.tzinfo is UTC
    for boundary, day in ((span.start, expected.start), (span.end, expected.end)):
        # A day that a country never had (Samoa, 30 December 2011) begins where the next one does.
        first = boundary.astimezone(tz).date()
        before = (boundary - timedelta(microseconds=1)).astimezone(tz).date()
        assert before < day <= first <= day + timedelta(days=1)
    if name in ("today", "this_week", "this_month", "last_7_days", "next_30_days"):
        assert span.start <= at < span.end


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", date(2026, 3, 29), 23), ("Europe/Madrid", date(2026, 10, 25), 25),
        ("Asia/Shanghai", date(2026, 3, 29), 24), ("Asia/Beirut", date(2022, 3, 27), 23),
        ("America/Havana", date(2022, 11, 6), 25), ("America/Sao_Paulo", date(2018, 11, 4), 23),
    ],
)  # fmt: skip
def test_days_when_the_clocks_change(zone: str, day: date, hours: int) -> None:
    tz = ZoneInfo(zone)
    length = start_of_day(day + timedelta(days=1), tz) - start_of_day(day, tz)
    assert length == timedelta(hours=hours)


def test_first_weekday() -> None:
    assert [first_weekday(x) for x in ("es-ES", "en-GB", "en-US", "zh-hant-TW", "nonsense")] == [
        0, 0, 6, 6, 0,
    ]  # fmt: skip
