"""What a quote comes to: lines, discounts and taxes, and no cent lost or made between them.

Rounding happens in one order and to the currency's smallest unit: what a line costs, its
discount, the discount on everything (spread over the lines in proportion), and then the tax of
each rate on all that is taxed so, spread over its lines again. So what the lines show adds up to
what the totals show, and the totals are the same in whatever order the lines stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import Money, total

#: Digits to reckon with: amounts of 18 times quantities of 18, and what a percentage adds.
_PRECISION = 60
#: No total reaches it: what is kept of amounts has 14 digits before the point.
_TOO_MUCH = Decimal(10) ** 14


def _numbers(*given: Decimal | None) -> None:
    """Refuse infinity and what is no number: nothing can be compared with them."""
    if any(one is not None and not one.is_finite() for one in given):
        raise DomainError(_("An amount must be a number."))


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off: a percentage (0 to 100), or an amount in the quote's currency."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if self.percent is not None and self.amount is not None:
            raise DomainError(_("A discount is a percentage or an amount, not both."))
        _numbers(self.percent, self.amount)
        if self.percent is not None and not 0 <= self.percent <= 100:
            raise DomainError(_("A discount is between 0 and 100 %."))
        if self.amount is not None and self.amount < 0:
            raise DomainError(_("A discount is not negative."))

    def of(self, price: Money) -> Money:
        """How much it takes off a price, rounded; more than the price is refused."""
        if self.percent is not None:
            return price.percent(self.percent).rounded()
        taken = Money(self.amount or Decimal(0), price.currency).rounded()
        if taken > price:
            raise DomainError(_("The discount is more than what it is taken from."))
        return taken


NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """One line to reckon: so many units, at a price each, taxed at so many percent.

    A line that is not ``chosen`` is offered only: it has a price of its own and adds nothing.
    """

    quantity: Decimal
    price: Decimal
    tax_rate: Decimal = Decimal(0)
    discount: Discount = NO_DISCOUNT
    chosen: bool = True

    def __post_init__(self) -> None:
        _numbers(self.quantity, self.price, self.tax_rate)
        if self.quantity < 0:
            raise DomainError(_("A quantity is not negative."), field="quantity")
        if self.price < 0:
            raise DomainError(_("A price is not negative."), field="price")
        if not 0 <= self.tax_rate <= 100:
            raise DomainError(_("A tax rate is between 0 and 100 %."), field="tax_rate")


@dataclass(frozen=True, slots=True)
class LineSums:
    """What a line comes to. ``list`` less ``discount`` less ``share`` (of the discount on
    everything) is ``net``; ``net`` and ``tax`` are ``gross``."""

    list: Money
    discount: Money
    share: Money
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class RateSums:
    """All that is taxed at one rate, and the tax on it."""

    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a quote comes to: its lines as they were given, and its totals."""

    lines: tuple[LineSums, ...]
    rates: tuple[RateSums, ...]
    list: Money
    subtotal: Money
    discount: Money
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """What is to be paid."""
        return self.net + self.tax

    @property
    def taken_off(self) -> Decimal:
        """All discounts together, in percent of the list prices."""
        if not self.list:
            return Decimal(0)
        return (self.list - self.net).amount * 100 / self.list.amount


def reckon(
    lines: Sequence[QuotedLine], currency: str, discount: Discount = NO_DISCOUNT
) -> Reckoning:
    """Reckon lines in a currency (ISO code), and a discount on all that are chosen.

    >>> two = QuotedLine(Decimal(3), Decimal("9.99"), Decimal(21))
    >>> found = reckon([two, two], "EUR", Discount(percent=Decimal(10)))
    >>> str(found.net), str(found.tax), str(found.gross)
    ('53.95 EUR', '11.33 EUR', '65.28 EUR')
    """
    with localcontext(prec=_PRECISION):
        return _reckon(lines, currency, discount)


def _reckon(lines: Sequence[QuotedLine], currency: str, discount: Discount) -> Reckoning:
    none = Money.zero(currency).rounded()
    prices = [(Money(line.price, currency) * line.quantity).rounded() for line in lines]
    if sum((price.amount for price in prices), Decimal(0)) >= _TOO_MUCH / 2:
        raise DomainError(_("This comes to more than can be reckoned."))
    taken = [line.discount.of(price) for line, price in zip(lines, prices, strict=True)]
    costs = [price - off for price, off in zip(prices, taken, strict=True)]
    counted = _in_one_order(lines, costs)
    subtotal = total((costs[at] for at in counted), currency)
    off_all = discount.of(subtotal)
    shares = [none] * len(lines)
    _spread(off_all, counted, costs, shares)
    nets = [cost - share for cost, share in zip(costs, shares, strict=True)]
    taxes = [
        net.percent(line.tax_rate).rounded() for line, net in zip(lines, nets, strict=True)
    ]  # of lines that are offered only: the others share the tax of their rate
    rates = []
    for rate in sorted({lines[at].tax_rate for at in counted}):
        taxed = [at for at in counted if lines[at].tax_rate == rate]
        base = total((nets[at] for at in taxed), currency)
        tax = base.percent(rate).rounded()
        _spread(tax, taxed, nets, taxes)
        rates.append(RateSums(rate, base, tax))
    return Reckoning(
        lines=tuple(
            LineSums(prices[at], taken[at], shares[at], nets[at], taxes[at])
            for at in range(len(lines))
        ),
        rates=tuple(rates),
        list=total((prices[at] for at in counted), currency) + none,
        subtotal=subtotal + none,
        discount=off_all,
        net=total((one.net for one in rates), currency) + none,
        tax=total((one.tax for one in rates), currency) + none,
    )


def _in_one_order(lines: Sequence[QuotedLine], costs: Sequence[Money]) -> list[int]:
    """Where the chosen lines stand, in an order that is the same however they were given: it says
    who gets the last cent, and lines that tie in it are taxed alike."""
    chosen = [at for at, line in enumerate(lines) if line.chosen]
    return sorted(chosen, key=lambda at: (-costs[at].amount, lines[at].tax_rate))


def _spread(whole: Money, places: list[int], weights: Sequence[Money], onto: list[Money]) -> None:
    """Put a whole onto places in proportion to what stands there, to the last cent."""
    if not whole:
        for at in places:
            onto[at] = whole
        return
    parts = whole.split([weights[at].amount for at in places])
    for at, part in zip(places, parts, strict=True):
        onto[at] = part
