"""The periods that are forecast: months, quarters and years, each by its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.formats import reader_locale

_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
KINDS = tuple(_MONTHS)
EARLIEST, LATEST = 1990, 2100


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year of the calendar; `start` is its first day."""

    start: date
    kind: str

    @classmethod
    def around(cls, day: date, kind: str) -> Period:
        """The period of that kind which `day` is in."""
        length = _MONTHS[kind]
        return cls(date(day.year, (day.month - 1) // length * length + 1, 1), kind)

    @classmethod
    def read(cls, code: str) -> Period:
        """A period by its code; DomainError for anything else.

        >>> Period.read("2026-Q3")
        Period(start=datetime.date(2026, 7, 1), kind='quarter')
        """
        found = _CODE.fullmatch(code.strip().upper())
        if found is None or not EARLIEST <= int(found[1]) <= LATEST:
            raise DomainError(
                _("“%(code)s” is no period. Write a year, a quarter or a month: %(examples)s."),
                field="period",
                code=code[:20],
                examples="2026, 2026-Q3, 2026-07",
            )
        year = int(found[1])
        if found[2]:
            return cls(date(year, int(found[2]) * 3 - 2, 1), "quarter")
        if found[3]:
            return cls(date(year, int(found[3]), 1), "month")
        return cls(date(year, 1, 1), "year")

    @property
    def code(self) -> str:
        """As addresses write it: 2026, 2026-Q3 or 2026-07."""
        if self.kind == "year":
            return f"{self.start:%Y}"
        if self.kind == "quarter":
            return f"{self.start:%Y}-Q{(self.start.month + 2) // 3}"
        return f"{self.start:%Y-%m}"

    @property
    def end(self) -> date:
        """Its last day."""
        return self.step(1).start - timedelta(days=1)

    @property
    def middle(self) -> date:
        """The day when half of it is over."""
        return self.start + (self.end - self.start) / 2

    def step(self, number: int) -> Period:
        """The period so many further on."""
        months = self.start.year * 12 + self.start.month - 1 + number * _MONTHS[self.kind]
        return Period(date(months // 12, months % 12 + 1, 1), self.kind)

    def parts(self, kind: str) -> list[Period]:
        """The shorter periods of `kind` that it consists of."""
        count = _MONTHS[self.kind] // _MONTHS[kind]
        first = Period(self.start, kind)
        return [first.step(number) for number in range(count)]

    @property
    def shorter(self) -> tuple[str, ...]:
        """The kinds of periods that it can be divided into."""
        return tuple(kind for kind in KINDS if _MONTHS[kind] < _MONTHS[self.kind])

    def text(self) -> str:
        """Its name in the reader's language."""
        if self.kind == "year":
            return f"{self.start:%Y}"
        if self.kind == "quarter":
            number = (self.start.month + 2) // 3
            return gettext("Q%(number)s %(year)s") % {"number": number, "year": self.start.year}
        return str(format_skeleton("yMMMM", self.start, locale=reader_locale()))
