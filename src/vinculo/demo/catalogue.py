"""What Aurora Trading sells, and what the currencies of its customers are worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from vinculo.demo.customers import Seller
from vinculo.demo.words import TONGUES
from vinculo.kernel.money import Money
from vinculo.products.currency import books_currency
from vinculo.products.derived import refresh
from vinculo.products.models import ExchangeRate, Product
from vinculo.sales.forecast.models import Target
from vinculo.sales.forecast.periods import Period

#: Language → the currency that its customers are offered things in.
CURRENCIES = {"en": "USD", "es": "EUR", "zh-hans": "CNY", "zh-hant": "TWD", "ja": "JPY"}
#: What a euro was worth, roughly; only for invented figures.
PER_EURO = {"EUR": 1.0, "USD": 1.1, "CNY": 7.8, "TWD": 35.0, "JPY": 160.0}
#: What each thing costs in euros, in the order of the languages' words for things.
PRICES = (189, 74, 129, 58, 12, 36, 95, 149, 22, 9, 640, 215)
FAMILIES = ("Tools", "Safety", "Tools", "Site", "Materials", "Materials", "Safety", "Site",
            "Tools", "Safety", "Site", "Tools")  # fmt: skip
MONTHS = 19
QUARTERS = 5
EACH = 6  # products of a language


def make_products() -> dict[str, list[Product]]:
    """Write the products; language → those offered in it."""
    found: dict[str, list[Product]] = {}
    for language, tongue in TONGUES.items():
        currency = CURRENCIES[language]
        found[language] = Product.objects.bulk_create(
            Product(
                name=name[:1].upper() + name[1:],
                code=f"AT-{language.upper()}-{at + 1:02d}",
                family=FAMILIES[at],
                price=_price(PRICES[at], currency),
                currency=currency,
            )
            for at, name in enumerate(tongue.texts.products[:EACH])
        )
    refresh([one.pk for products in found.values() for one in products])
    return found


def make_rates(rng: Random, today: date) -> None:
    """Write a rate a month for each currency that has none here, up to today."""
    books = books_currency()
    if books not in PER_EURO:
        return
    there = set(ExchangeRate.objects.values_list("currency", flat=True))
    rates = []
    for currency, per_euro in PER_EURO.items():
        worth = PER_EURO[books] / per_euro
        for age in range(MONTHS):
            worth *= 1 + rng.uniform(-0.012, 0.012)
            if currency != books and currency not in there:
                day = today - timedelta(days=30 * age)
                rates.append(ExchangeRate(currency=currency, on=day, rate=Decimal(f"{worth:.6f}")))
    ExchangeRate.objects.bulk_create(rates)


def make_targets(rng: Random, sellers: list[Seller], today: date) -> None:
    """What each seller was to sell in the last quarters and is to sell in this one."""
    for back in range(QUARTERS):
        period = Period.around(today - timedelta(days=91 * back), "quarter").code
        Target.objects.bulk_create(
            Target(
                person_id=seller.user_id,
                team_id=seller.team_id,
                period=period,
                amount=Decimal(5_000 * rng.randrange(6, 14)),
            )
            for seller in sellers
        )


def _price(euros: int, currency: str) -> Decimal:
    """That many euros in another currency, as a price list writes it."""
    return Money(Decimal(round(euros * PER_EURO[currency])), currency).rounded().amount
