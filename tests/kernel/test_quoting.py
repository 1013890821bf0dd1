"""What a quote comes to: its lines add up to its totals, under any order and any discounts."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vinculo.kernel.errors import DomainError
from vinculo.kernel.money import Money, smallest_unit, total
from vinculo.kernel.quoting import NO_DISCOUNT, Discount, QuotedLine, Reckoning, reckon

percents = st.decimals(0, 100, places=3)
discounts = st.builds(Discount, percent=percents) | st.just(NO_DISCOUNT)
lines = st.lists(
    st.builds(
        QuotedLine,
        quantity=st.decimals(0, 5000, places=3),
        price=st.decimals(0, 100_000, places=4),
        tax_rate=st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(10), Decimal(21)]),
        discount=discounts,
        chosen=st.booleans(),
    ),
    max_size=12,
)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])


def totals(found: Reckoning) -> tuple[object, ...]:
    return (found.rates, found.list, found.subtotal, found.discount, found.net, found.tax)


# How long an example takes says how busy the machine is, nothing about quotes.
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines, currencies, discounts, st.decimals(0, 1, places=3), st.randoms(use_true_random=False))
def test_lines_add_up_to_the_totals_in_any_order(
    given: list[QuotedLine], currency: str, off: Discount, part: Decimal, dice: random.Random
) -> None:
    if part > Decimal("0.5"):  # an amount as well as a percentage, up to all of it
        whole = reckon(given, currency).subtotal
        off = Discount(amount=(whole * part).amount.quantize(smallest_unit(currency), "ROUND_DOWN"))
    found = reckon(given, currency, off)
    counted = [sums for line, sums in zip(given, found.lines, strict=True) if line.chosen]
    assert total((one.net for one in counted), currency) == found.net
    assert total((one.tax for one in counted), currency) == found.tax
    assert total((one.gross for one in counted), currency) == found.gross
    assert total((one.share for one in counted), currency) == found.discount
    assert found.subtotal - found.discount == found.net
    for rate in found.rates:
        of_rate = [
            sums for line, sums in zip(given, found.lines, strict=True)
            if line.chosen and line.tax_rate == rate.rate
        ]  # fmt: skip
        assert total((one.net for one in of_rate), currency) == rate.net
        assert total((one.tax for one in of_rate), currency) == rate.tax
        assert rate.tax == rate.net.percent(rate.rate).rounded()
    for one in found.lines:
        amounts = (one.list, one.discount, one.share, one.net, one.tax, one.gross)
        assert all(amount.amount >= 0 and amount == amount.rounded() for amount in amounts)
        assert one.list - one.discount - one.share == one.net
    assert 0 <= found.taken_off <= 100
    shuffled = list(given)
    dice.shuffle(shuffled)
    assert totals(reckon(shuffled, currency, off)) == totals(found)


def line(price: str, tax: str = "0", quantity: str = "1", **more: object) -> QuotedLine:
    return QuotedLine(Decimal(quantity), Decimal(price), Decimal(tax), **more)  # type: ignore[arg-type]


def test_the_last_cent_goes_where_it_goes_whatever_stands_first() -> None:
    one, two = line("5", "10"), line("5", "21")
    off = Discount(amount=Decimal("0.01"))
    assert reckon([one, two], "EUR", off).rates == reckon([two, one], "EUR", off).rates
    assert reckon([one, two], "EUR", off).net == Money.of("9.99", "EUR")


@pytest.mark.parametrize(
    ("currency", "net", "tax"),
    [("EUR", "4.99", "1.05"), ("JPY", "5", "1"), ("KWD", "4.994", "1.049")],
)
def test_rounding_is_the_currencys(currency: str, net: str, tax: str) -> None:
    found = reckon([line("3.3291", "21", "1.5")], currency)
    assert (found.net, found.tax) == (Money.of(net, currency), Money.of(tax, currency))


def test_an_offered_line_has_a_price_and_adds_nothing() -> None:
    found = reckon([line("100", "21"), line("50", "10", chosen=False)], "EUR")
    assert found.gross == Money.of("121.00", "EUR")
    assert found.lines[1].gross == Money.of("55.00", "EUR")
    assert [rate.rate for rate in found.rates] == [Decimal(21)]


def test_all_discounts_together_are_told_in_percent() -> None:
    half = line("100", discount=Discount(percent=Decimal(50)))
    assert reckon([half], "EUR", Discount(percent=Decimal(50))).taken_off == 75
    assert reckon([], "EUR").taken_off == 0


def test_what_cannot_be_reckoned_is_refused() -> None:
    with pytest.raises(DomainError, match="more than what"):
        reckon([line("5", discount=Discount(amount=Decimal(6)))], "EUR")
    with pytest.raises(DomainError, match="more than what"):
        reckon([line("5"), line("9", chosen=False)], "EUR", Discount(amount=Decimal(6)))
    with pytest.raises(DomainError, match="not both"):
        Discount(percent=Decimal(1), amount=Decimal(1))
    for bad in ({"price": "-1"}, {"price": "1", "quantity": "-1"}, {"price": "1", "tax": "101"}):
        with pytest.raises(DomainError):
            line(**bad)
    for nothing in ("NaN", "Infinity"):
        with pytest.raises(DomainError, match="must be a number"):
            line("1", quantity=nothing)
        with pytest.raises(DomainError, match="must be a number"):
            Discount(percent=Decimal(nothing))
    for percent in ("-1", "100.001"):
        with pytest.raises(DomainError, match="between"):
            Discount(percent=Decimal(percent))
    with pytest.raises(DomainError, match="more than can"):
        reckon([line("99999999999999", quantity="99999999999999")], "EUR")
