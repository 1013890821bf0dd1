"""Money: an exact amount with its currency. Never a float, never two currencies in one sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache, total_ordering

from babel.core import get_global
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_territory_currencies,
    list_currencies,
)

from vinculo.kernel.errors import DomainError, _

_LOCALES = {"en": "en", "es": "es", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
_TWO_CURRENCIES = _("%(one)s and %(other)s cannot be reckoned together without a rate.")


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount (Decimal, not necessarily rounded) in a currency (ISO code in capitals).

    >>> Money.of("10.005", "EUR").rounded(), Money.of("1500.5", "JPY").rounded()
    (Money(amount=Decimal('10.01'), currency='EUR'), Money(amount=Decimal('1501'), currency='JPY'))
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("An amount of money is a Decimal.")
        if not self.amount.is_finite():
            raise DomainError(_("An amount must be a number."))
        if not is_currency(self.currency):
            raise DomainError(_("“%(code)s” is not a currency."), code=self.currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Money from an exact number or its decimal notation ("12.50")."""
        return cls(Decimal(amount), currency.upper())

    @classmethod
    def zero(cls, currency: str) -> Money:
        """No money, in a currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, float):
            raise TypeError("Money is multiplied by a Decimal or an integer.")
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError("Money is reckoned with money.")
        if other.currency != self.currency:
            raise DomainError(_TWO_CURRENCIES, one=self.currency, other=other.currency)
        return other.amount

    def rounded(self, *, bankers: bool = False) -> Money:
        """To the currency's smallest unit: halves away from zero, or to even for ``bankers``."""
        how = ROUND_HALF_EVEN if bankers else ROUND_HALF_UP
        return Money(
            self.amount.quantize(smallest_unit(self.currency), rounding=how), self.currency
        )

    def percent(self, rate: Decimal) -> Money:
        """That many hundredths of it, not rounded."""
        return Money(self.amount * rate / 100, self.currency)

    def split(self, shares: Sequence[Decimal | int]) -> list[Money]:
        """Rounded parts in proportion to ``shares`` that add up to the rounded whole.

        What rounding leaves over goes to the parts that lost most by it.

        >>> [str(part) for part in Money.of("10", "EUR").split([1, 1, 1])]
        ['3.34 EUR', '3.33 EUR', '3.33 EUR']
        """
        total = sum((Decimal(share) for share in shares), Decimal(0))
        if not shares or total <= 0 or any(share < 0 for share in shares):
            raise ValueError("Shares are zero or more and not all zero.")
        unit = smallest_unit(self.currency)
        whole = self.rounded().amount
        exact = [whole * share / total for share in shares]
        parts = [amount.quantize(unit, rounding=ROUND_DOWN) for amount in exact]
        left = int((whole - sum(parts, Decimal(0))) / unit)
        losers = sorted(range(len(parts)), key=lambda at: -abs(exact[at] - parts[at]))
        for at in losers[: abs(left)]:
            parts[at] += unit if left > 0 else -unit
        return [Money(part, self.currency) for part in parts]


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts that are all in ``currency``; zero of it when there are none."""
    return sum(amounts, Money.zero(currency))


def format_money(money: Money, language: str = "en") -> str:
    """Money as its reader writes it, with the currency's own number of decimals.

    >>> format_money(Money.of("1234.5", "EUR"), "en"), format_money(Money.of("-3", "CNY"), "zh-hans")
    ('€1,234.50', '-¥3.00')
    """
    locale = _LOCALES.get(language.lower(), "en")
    return str(format_currency(money.amount, money.currency, locale=locale))


def is_currency(code: str) -> bool:
    """Whether this is an ISO 4217 code, in capitals."""
    return code in _currencies()


@cache
def currencies_in_use() -> tuple[str, ...]:
    """The codes of currencies that are legal tender somewhere today, in alphabetical order."""
    places = get_global("territory_currencies")
    return tuple(sorted({code for place in places for code in get_territory_currencies(place)}))


@cache
def smallest_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
