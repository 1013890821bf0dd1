"""What a product costs: for a customer, in a currency, so many of it, on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.money import Money
from vinculo.parties.hierarchy import ids_above
from vinculo.parties.models import Kind, Party
from vinculo.products.currency import Rates, books_currency
from vinculo.products.entities import currency_of
from vinculo.products.models import Product
from vinculo.products.pricelists.choosing import Offer, chosen
from vinculo.products.pricelists.models import ListedPrice


def price_of(
    product: Product,
    currency: str,
    *,
    quantity: Decimal = Decimal(1),
    customer: Any = None,
    on: date | None = None,
) -> Decimal | None:
    """What a product costs a customer (a company, a person or nobody in particular): by the price
    list that holds for them, else by its own price; None where there is none in this currency.

    Whoever may quote for a customer is told the customer's price, whether or not they may look into
    the list that it is from.
    """
    day = on or timezone.localdate(now())
    found = chosen(_offers(product, currency, customer), quantity, day)
    return found.price if found is not None else own_price(product, currency, on=day)


def _offers(product: Product, currency: str, customer: Party | None) -> list[Offer]:
    """All prices of a product in a currency that the customer may have."""
    companies, value_class = _standing(customer)
    meant = Q(price_list__company__isnull=True, price_list__value_class="")
    if companies:
        meant |= Q(price_list__company__in=companies)
    if value_class:
        meant |= Q(price_list__value_class=value_class)
    in_it = [currency, ""] if currency == books_currency() else [currency]
    rows = ListedPrice.objects.filter(
        meant, product=product, price_list__is_active=True, price_list__currency__in=in_it
    ).values_list(
        "price", "from_quantity", "price_list_id", "price_list__company_id",
        "price_list__value_class", "price_list__valid_from", "price_list__valid_until",
    )  # fmt: skip
    return [
        Offer(price, least, pk, _narrow(company, kind, companies), begins, ends)
        for price, least, pk, company, kind, begins, ends in rows
    ]


def _standing(customer: Party | None) -> tuple[list[int], str]:
    """The company that a customer is or works for with those above it, the nearest first; and the
    customer's class."""
    if customer is None:
        return [], ""
    if customer.kind != Kind.COMPANY and customer.company_id is None:
        return [], customer.value_class
    company = customer if customer.kind == Kind.COMPANY else customer.company
    assert company is not None
    return ids_above(company.pk), company.value_class or customer.value_class


def _narrow(company: int | None, value_class: str, companies: list[int]) -> int:
    if company is not None:
        return 2 + len(companies) - companies.index(company)
    return 1 if value_class else 0


def own_price(product: Product, currency: str, *, on: date | None = None) -> Decimal | None:
    """What a product costs by its own price, in a currency; None where it has no price, or there is
    no rate for it."""
    if product.price is None:
        return None
    own = currency_of(product)
    if own == currency:
        return product.price
    day, rates = on or timezone.localdate(now()), Rates([own, currency])
    there, here = rates.rate(own, day), rates.rate(currency, day)
    if there is None or here is None:
        return None
    return Money(product.price * there / here, currency).rounded().amount
