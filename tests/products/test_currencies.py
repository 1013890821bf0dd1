"""Amounts in other currencies: dated rates, brought by hand or by file, and what follows from them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from tests.personas import People
from tests.sales.makers import deal
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.kernel.money import Money
from vinculo.platform.events import deliver_waiting
from vinculo.products.currency import Rates, books_currency, in_books
from vinculo.products.models import ExchangeRate
from vinculo.products.rates import Rate, choose_currency, read_rates, set_rates
from vinculo.sales.deals.derived import revalue

pytestmark = pytest.mark.django_db


def dollar(on: date, rate: str) -> Rate:
    return Rate("USD", on, Decimal(rate))


def test_the_latest_rate_on_or_before_a_day_holds(people: People) -> None:
    set_rates(
        actor=people.admin,
        rates=[dollar(date(2026, 1, 1), "0.90"), dollar(date(2026, 2, 1), "0.80")],
    )
    hundred = Money.of(100, "USD")
    for day, worth in ((1, 90), (31, 90)):
        assert in_books(hundred, on=date(2026, 1, day)) == Money.of(worth, "EUR").rounded()
    assert in_books(hundred, on=date(2026, 2, 1)) == Money.of(80, "EUR").rounded()
    assert in_books(hundred, on=date(2025, 6, 1)) == Money.of(90, "EUR").rounded()
    assert in_books(Money.of(100, "JPY"), on=date(2026, 1, 1)) is None
    assert in_books(Money.of(100, "EUR"), on=date(2026, 1, 1)) == Money.of(100, "EUR").rounded()


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True),
    asked=st.integers(0, 420),
)
def test_a_rate_is_found_as_a_plain_search_finds_it(days: list[int], asked: int) -> None:
    first = date(2025, 1, 1).toordinal()
    rates = Rates([])
    known = sorted(days)
    rates._days["USD"] = [date.fromordinal(first + day) for day in known]
    rates._rates["USD"] = [Decimal(day + 1) for day in known]
    on = date.fromordinal(first + asked)
    before = [day for day in known if day <= asked]
    assert rates.rate("USD", on) == Decimal((before[-1] if before else known[0]) + 1)


def test_rates_are_read_whatever_the_order_of_their_columns() -> None:
    wanted = [Rate("USD", date(2026, 1, 31), Decimal("0.9215"))]
    assert read_rates([["Datum", "Währung", "Kurs"], ["31.01.2026", "USD", "0,9215"]]) == wanted
    assert read_rates([["usd", "2026-01-31", "0.9215"]]) == wanted
    with pytest.raises(DomainError, match="no rate here"):
        read_rates([["currency", "date", "rate"]])
    with pytest.raises(DomainError, match="Line 2"):
        read_rates([["currency", "date", "rate"], ["USD", "yesterday", "0.9"]])


def test_what_cannot_be_right_is_refused_and_nothing_written(people: People) -> None:
    for one in (dollar(date(2026, 1, 1), "0"), Rate("EUR", date(2026, 1, 1), Decimal(1))):
        with pytest.raises(DomainError):
            set_rates(actor=people.admin, rates=[dollar(date(2026, 1, 2), "1"), one])
    with pytest.raises(NotAllowed):
        set_rates(actor=people.manager, rates=[dollar(date(2026, 1, 1), "1")])
    assert not ExchangeRate.objects.exists()


def test_rates_are_typed_or_come_in_a_file(people: People) -> None:
    client = Client()
    client.force_login(people.admin)
    page = "/settings/currencies"
    assert (
        client.post(page, {"typed": "USD 2026-01-31 0.9215\nGBP\t2026-01-31\t1.15"}).status_code
        == 302
    )
    held = io.BytesIO()
    with Workbook(held) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((("Currency", "From", "Rate"), ("JPY", "2026-01-31", 0.0061))):
            sheet.write_row(number, 0, row)
    file = SimpleUploadedFile("rates.xlsx", held.getvalue())
    assert client.post(page, {"file": file}).status_code == 302
    found = dict(ExchangeRate.objects.values_list("currency", "rate"))
    assert found == {"USD": Decimal("0.9215"), "GBP": Decimal("1.15"), "JPY": Decimal("0.0061")}
    answer = client.post(page, {"typed": "USD 2026-99-99 1"})
    assert answer.status_code == 422
    assert "it needs a currency, a day and a number" in answer.content.decode()


def test_deals_are_worth_something_else_when_a_rate_changes(people: People) -> None:
    made = deal(people.owner, amount=Decimal(1000), currency="USD")
    assert made.value is None
    set_rates(actor=people.admin, rates=[dollar(timezone.localdate(), "0.9")])
    deliver_waiting()
    revalue(currencies=["USD"])
    made.refresh_from_db()
    assert (made.value, made.weighted) == (Decimal(900), Decimal(90))


def test_the_currency_of_the_books_is_chosen_before_there_are_rates(people: People) -> None:
    choose_currency(actor=people.admin, code="CHF")
    assert books_currency() == "CHF"
    set_rates(actor=people.admin, rates=[dollar(date(2026, 1, 1), "0.9")])
    with pytest.raises(DomainError, match="Delete the exchange rates first"):
        choose_currency(actor=people.admin, code="EUR")
