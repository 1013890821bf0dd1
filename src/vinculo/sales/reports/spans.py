"""The time that a report tells of: a month, quarter or year, or any days from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.formats import date_text
from vinculo.sales.forecast.periods import EARLIEST, KINDS, LATEST, Period

LONGEST = timedelta(days=366 * 25)
DOTS = ".."


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @classmethod
    def of(cls, period: Period) -> Span:
        """The days of a period of the calendar."""
        return cls(period.start, period.end)

    @classmethod
    def last_year(cls, today: date) -> Span:
        """Twelve whole months with the one that is under way."""
        last = Period.around(today, "month")
        return cls(last.step(-11).start, last.end)

    @classmethod
    def read(cls, code: str) -> Span:
        """A span as an address writes it: a period's code, or two days with dots between them.

        >>> Span.read("2026-01-05..2026-02-01").end
        datetime.date(2026, 2, 1)
        """
        if DOTS not in code:
            return cls.of(Period.read(code))
        first, _dots, last = code.partition(DOTS)
        return cls.between(first, last)

    @classmethod
    def between(cls, first: str, last: str) -> Span:
        """The days from `first` to `last`, as in 2026-07-01; DomainError for anything else."""
        try:
            start, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
        except ValueError:
            raise DomainError(_("Write the days as in 2026-07-01."), field="from") from None
        if start > end:
            raise DomainError(_("The last day comes before the first one."), field="to")
        if start.year < EARLIEST or end.year > LATEST or end - start > LONGEST:
            raise DomainError(_("Choose at most 25 years, between 1990 and 2100."), field="to")
        return cls(start, end)

    @property
    def period(self) -> Period | None:
        """The month, quarter or year that it is; None for other days."""
        for kind in KINDS:
            one = Period.around(self.start, kind)
            if (one.start, one.end) == (self.start, self.end):
                return one
        return None

    @property
    def code(self) -> str:
        """As addresses write it."""
        return self.period.code if self.period else self.listed

    @property
    def listed(self) -> str:
        """As the filter *between* of lists writes it."""
        return f"{self.start}{DOTS}{self.end}"

    def text(self) -> str:
        """Its name in the reader's language."""
        if self.period:
            return self.period.text()
        return f"{date_text(self.start)} – {date_text(self.end)}"

    def step(self, number: int) -> Span:
        """The span so many of its lengths further on: whole months where it is made of such."""
        after = self.end + timedelta(days=1)
        if self.start.day == after.day == 1:
            first = Period.around(self.start, "month")
            months = (after.year - self.start.year) * 12 + after.month - self.start.month
            start = first.step(number * months)
            return Span(start.start, start.step(months - 1).end)
        days = (after - self.start) * number
        return Span(self.start + days, self.end + days)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """When its first day begins for the reader, and when the day after its last one does."""
        begins = (self.start, self.end + timedelta(days=1))
        first, after = (timezone.make_aware(datetime.combine(day, time.min)) for day in begins)
        return first, after
