"""Text becomes dates, numbers and choices the way its author meant it."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.errors import DomainError
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import Style, style_of

DAY = dt.date(2024, 12, 3)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2024-12-03", "dmy"),
        ("2024/12/3", "mdy"),
        ("03/12/2024", "dmy"),
        ("12/03/2024", "mdy"),
        ("3.12.24", "dmy"),
        ("3 de diciembre de 2024", "dmy"),
        ("3-Dec-2024", "dmy"),
        ("December 3, 2024", "dmy"),
        ("2024年12月3日", "dmy"),
        ("20241203", "dmy"),
        ("2024-12-03T10:00:00Z", "dmy"),
        ("45629", "dmy"),
    ],
)
def test_dates(text: str, order: str) -> None:
    assert values.read_date(text, Style(date_order=order)) == DAY


@pytest.mark.parametrize("text", ["31/02/2024", "yesterday", "2024", "99/99/9999", "00000000", "-"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        values.read_date(text, Style())


def test_instants_use_the_zone_unless_they_name_one() -> None:
    madrid = dt.timezone(dt.timedelta(hours=1))
    assert values.read_datetime("3/12/2024 2:30 PM", Style(), madrid) == dt.datetime(
        2024, 12, 3, 14, 30, tzinfo=madrid
    )
    assert values.read_datetime("2024-12-03T14:30:00Z", Style(), madrid) == dt.datetime(
        2024, 12, 3, 14, 30, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("sample", "order", "sure"),
    [
        (["31/12/2024", "01/02/2024"], "dmy", True),
        (["12/31/2024", "01/02/2024"], "mdy", True),
        (["01/02/2024", "03/04/2024"], "dmy", False),
        (["2024-01-31", ""], "ymd", True),
        (["31/12/2024", "12/31/2024", "30/12/2024"], "dmy", False),
        ([], "dmy", True),
    ],
)
def test_the_order_of_dates_is_decided_by_the_column(
    sample: list[str], order: str, sure: bool
) -> None:
    style = style_of(sample)
    assert (style.date_order, style.date_sure) == (order, sure)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1 234,5", ",", "1234.5"),
        ("1'234.50", ".", "1234.50"),
        ("-12", ".", "-12"),
        ("(12.50)", ".", "-12.50"),
        ("1,23,456", ".", "123456"),
        ("50 %", ".", "50"),
    ],
)
def test_numbers(text: str, mark: str, number: str) -> None:
    assert values.read_number(text, Style(decimal=mark)) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["twelve", "1.2.3,4.5", "1,5", "--1", "1e999", "NaN", "Infinity", "."]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        values.read_number(text, Style(decimal="."))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    )
)
def test_numbers_round_trip_in_both_conventions(number: Decimal) -> None:
    english = f"{number:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    assert values.read_number(english, style_of([english, "1.55"])) == number
    assert values.read_number(spanish, style_of([spanish, "1,55"])) == number


@pytest.mark.parametrize(
    ("sample", "mark"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["1.234.567"], ","),
        (["12,5", "3,25"], ","),
        (["12", "3"], "."),
        (["0.125"], "."),
    ],
)
def test_the_decimal_mark_is_decided_by_the_column(sample: list[str], mark: str) -> None:
    assert style_of(sample).decimal == mark


def test_money_keeps_the_currency_as_written() -> None:
    assert values.read_money("1.234,50 €", Style(decimal=",")) == (Decimal("1234.50"), "€")
    assert values.read_money("USD 99", Style()) == (Decimal(99), "USD")


@pytest.mark.parametrize("text", ["yes", "Sí", "是", "TRUE", "1", "x", "✓"])
def test_yes(text: str) -> None:
    assert values.read_boolean(text) is True


@pytest.mark.parametrize("text", ["No", "否", "false", "0", "沒有", "Falso"])
def test_no(text: str) -> None:
    assert values.read_boolean(text) is False


def test_neither_yes_nor_no() -> None:
    with pytest.raises(DomainError):
        values.read_boolean("perhaps")


def test_lists() -> None:
    assert values.read_list("a; b |c,a") == ["a", "b", "c"]
    assert values.read_list("* myContacts ::: Friends") == ["* myContacts", "Friends"]


def test_choices_are_found_by_value_and_label() -> None:
    choices = values.choices_by_label((("call", "Phone call"), ("mail", "E-mail")))
    assert values.read_choice("phone CALL", choices) == "call"
    assert values.read_choice("mail", choices) == "mail"
    with pytest.raises(DomainError):
        values.read_choice("fax", choices)


@given(st.text(max_size=30))
def test_no_text_crashes_a_reader(text: str) -> None:
    for reader in (
        lambda: values.read_date(text, Style()),
        lambda: values.read_datetime(text, Style(), dt.UTC),
        lambda: values.read_number(text, Style()),
        lambda: values.read_integer(text, Style()),
        lambda: values.read_money(text, Style()),
        lambda: values.read_boolean(text),
        lambda: values.read_list(text),
    ):
        with contextlib.suppress(DomainError):
            reader()
