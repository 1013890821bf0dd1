"""Money is exact: nothing is lost, nothing is made, currencies do not mix."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.amounts import parse_money, parse_number
from vinculo.kernel.errors import DomainError
from vinculo.kernel.money import Money, format_money, is_currency, smallest_unit, total

amounts = st.decimals(-(10**12), 10**12, places=4)
currencies = st.sampled_from(["EUR", "USD", "CNY", "JPY", "KWD", "TWD"])
monies = st.builds(Money, amounts, currencies)


def test_arithmetic() -> None:
    five, two = Money.of(5, "EUR"), Money.of("2.50", "EUR")
    assert five + two == Money.of("7.50", "EUR")
    assert five - two == two
    assert two * 2 == 2 * two == five
    assert -two < two < five
    assert abs(-two) == two
    assert five.percent(Decimal("21")) == Money.of("1.05", "EUR")
    assert total([five, two], "EUR") == Money.of("7.5", "EUR")
    assert total([], "USD") == Money.zero("USD")
    assert not Money.zero("USD")


def test_currencies_do_not_mix_and_floats_are_refused() -> None:
    euro, dollar = Money.of(1, "EUR"), Money.of(1, "USD")
    with pytest.raises(DomainError, match="EUR and USD"):
        euro + dollar
    with pytest.raises(DomainError):
        sorted([euro, dollar])
    assert euro != dollar
    with pytest.raises(TypeError):
        Money(1.5, "EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        euro * 1.5  # type: ignore[operator]
    with pytest.raises(DomainError):
        Money.of("NaN", "EUR")
    with pytest.raises(DomainError):
        Money.of(1, "EURO")
    assert not is_currency("eur")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded", "bankers"),
    [("0.005", "EUR", "0.01", "0.00"), ("-0.005", "EUR", "-0.01", "0.00"), ("2.5", "JPY", "3", "2"),
     ("1.2345", "KWD", "1.235", "1.234")],
)  # fmt: skip
def test_rounding(amount: str, currency: str, rounded: str, bankers: str) -> None:
    money = Money.of(amount, currency)
    assert money.rounded().amount == Decimal(rounded)
    assert money.rounded(bankers=True).amount == Decimal(bankers)


@given(monies, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_split_neither_loses_nor_makes_money(money: Money, shares: list[int]) -> None:
    parts = money.split(shares)
    assert total(parts, money.currency) == money.rounded()
    weight = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert part == part.rounded()
        exact = money.rounded().amount * share / weight
        assert abs(part.amount - exact) < smallest_unit(money.currency) + Decimal("1e-9")


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1]])
def test_split_needs_shares(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="Shares"):
        Money.of(1, "EUR").split(shares)


@given(monies)
def test_rounding_moves_by_half_a_unit_at_most(money: Money) -> None:
    moved = abs(money.rounded().amount - money.amount)
    assert moved <= smallest_unit(money.currency) / 2
    assert money.rounded().rounded() == money.rounded()


@pytest.mark.parametrize(
    ("typed", "language", "value"),
    [
        ("1,234.56", "en", "1234.56"), ("1.234,56", "en", "1234.56"), ("1.234,56", "es", "1234.56"),
        ("1 234,56", "es", "1234.56"), ("1'234.56", "en", "1234.56"), ("1.234.567", "es", "1234567"),
        ("1,234", "en", "1234"), ("1,234", "es", "1.234"), ("1.234", "es", "1234"),
        ("1.234", "en", "1.234"), ("0,234", "en", "0.234"), ("1234,5", "en", "1234.5"), ("12,34", "en", "12.34"),
        ("12,34,567.5", "en", "1234567.5"), ("１，２３４．５", "zh-hans", "1234.5"), (".5", "en", "0.5"),
        ("3.5万", "zh-hans", "35000"), ("2億", "zh-hant", "200000000"), ("-7", "en", "-7"),
        ("7-", "en", "-7"), ("(1,000)", "en", "-1000"), ("−3", "es", "-3"), ("+4", "en", "4"),
        ("5.", "en", "5"), ("1\u202f234,5", "es", "1234.5"), ("-0", "en", "0"),
    ],
)  # fmt: skip
def test_parse_number(typed: str, language: str, value: str) -> None:
    assert parse_number(typed, language) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1e5", "NaN", "Infinity", "1,2,3", "1.2.3,4.5", "--5", "1,23,4", "٣", "1" * 41,
     "0x10", "1_0_", "5%"],
)  # fmt: skip
def test_not_a_number(typed: str) -> None:
    with pytest.raises(DomainError):
        parse_number(typed)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["en", "es"]))
def test_a_number_as_we_write_it_is_read_back(value: Decimal, language: str) -> None:
    written = f"{value:,}"
    if language == "es":
        written = written.translate(str.maketrans(",.", ".,"))
    assert parse_number(written, language) == value


@given(monies, st.sampled_from(["en", "es", "zh-hans", "zh-hant"]))
def test_money_as_we_write_it_is_read_back(money: Money, language: str) -> None:
    rounded = money.rounded()
    assert parse_money(format_money(rounded, language), money.currency, language) == rounded


@pytest.mark.parametrize(
    ("typed", "default", "money"),
    [
        ("€ 12.50", "", Money.of("12.50", "EUR")), ("12,50 €", "", Money.of("12.50", "EUR")),
        ("USD 3,000", "EUR", Money.of(3000, "USD")), ("3,000usd", "", Money.of(3000, "USD")),
        ("NT$ 500", "", Money.of(500, "TWD")), ("¥ 500", "JPY", Money.of(500, "JPY")),
        ("500元", "", Money.of(500, "CNY")), ("500元", "TWD", Money.of(500, "TWD")),
        ("$5", "MXN", Money.of(5, "MXN")), ("3.5万美元", "", Money.of(35000, "USD")),
        ("-€5", "", Money.of(-5, "EUR")), ("7", "EUR", Money.of(7, "EUR")),
        ("人民币 8", "", Money.of(8, "CNY")), ("3万元", "", Money.of(30000, "CNY")),
    ],
)  # fmt: skip
def test_parse_money(typed: str, default: str, money: Money) -> None:
    assert parse_money(typed, default) == money


@pytest.mark.parametrize("typed", ["5", "five euros", "5 XYZ", "€", "€5 $5", "", "5 € €"])
def test_not_money(typed: str) -> None:
    with pytest.raises(DomainError):
        parse_money(typed)


@given(st.text(max_size=50), st.sampled_from(["en", "es", "zh-hans"]))
def test_any_text_is_an_amount_or_refused(typed: str, language: str) -> None:
    with contextlib.suppress(DomainError):
        assert parse_money(typed, "EUR", language).amount.is_finite()
