"""What a product costs."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.money import Money
from vinculo.products.currency import Rates
from vinculo.products.entities import currency_of
from vinculo.products.models import Product


def own_price(product: Product, currency: str) -> Decimal | None:
    """What a product costs by its own price, in a currency; None where it has no price, or there is
    no rate for it."""
    if product.price is None:
        return None
    own = currency_of(product)
    if own == currency:
        return product.price
    today, rates = timezone.localdate(now()), Rates([own, currency])
    there, here = rates.rate(own, today), rates.rate(currency, today)
    if there is None or here is None:
        return None
    return Money(product.price * there / here, currency).rounded().amount
