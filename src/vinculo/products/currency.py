"""The currency of the books, as this process knows it; and amounts of other currencies in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from vinculo.kernel.money import Money

#: What a new installation reckons in until somebody chooses.
USUAL = "EUR"

_known: tuple[str, str] | None = None  # (version, code)


def books_currency() -> str:
    """ISO code of the currency that sums are told in."""
    global _known
    if _known is None:
        from vinculo.products.models import BooksCurrency

        row = BooksCurrency.objects.order_by("pk").first()
        _known = (str(row.stamp) if row else "0", row.code if row else USUAL)
    return _known[1]


def told(version: str) -> None:
    """The database has this version: forget an older one."""
    global _known
    if _known is not None and _known[0] != version:
        _known = None


def forget() -> None:
    """Read it anew at the next question."""
    global _known
    _known = None


class Rates:
    """The rates of some currencies, read once: for one amount or for many."""

    def __init__(self, currencies: Iterable[str]) -> None:
        from vinculo.products.models import ExchangeRate

        self.books = books_currency()
        wanted = set(currencies) - {self.books}
        self._days: dict[str, list[date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        rows = ExchangeRate.objects.filter(currency__in=wanted).order_by("currency", "on")
        for currency, on, rate in rows.values_list("currency", "on", "rate") if wanted else ():
            self._days.setdefault(currency, []).append(on)
            self._rates.setdefault(currency, []).append(rate)

    def rate(self, currency: str, on: date) -> Decimal | None:
        """What one unit is worth in the books' currency on a day; None where no rate is known."""
        if currency == self.books:
            return Decimal(1)
        days = self._days.get(currency)
        if not days:
            return None
        return self._rates[currency][max(bisect_right(days, on) - 1, 0)]

    def in_books(self, money: Money, on: date) -> Money | None:
        """The amount in the books' currency, rounded to its smallest unit; None without a rate."""
        rate = self.rate(money.currency, on)
        if rate is None:
            return None
        return Money(money.amount * rate, self.books).rounded()


def in_books(money: Money, *, on: date) -> Money | None:
    """An amount in the currency of the books by the rate of a day; None where there is no rate.

    The rate of a day is the latest on or before it; before the first, the first.
    """
    return Rates([money.currency]).in_books(money, on)
