"""How a line with a price is written: what is empty comes from the product, and nothing is kept that
cannot be reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.quoting import Discount, QuotedLine, reckon
from vinculo.kernel.text import clean
from vinculo.platform.models import User
from vinculo.products.models import Product
from vinculo.products.pricing import price_of
from vinculo.records.registry import entity
from vinculo.sales.lines.models import PricedLine

MOST_LINES = 200


@dataclass(frozen=True)
class LineWish:
    """What a line is to be; what is empty comes from the product."""

    product: Product | None
    name: str
    description: str
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    discount_percent: Decimal | None
    discount_amount: Decimal | None


def write_line(
    actor: User, line: PricedLine, currency: str, wish: LineWish, customer: Any = None
) -> None:
    """Put a wish on a line that is not saved yet; raises DomainError on the input that is wrong.

    The list price is the customer's for this quantity; a price that was ours stays ours.
    """
    product, held = wish.product, line.quantity
    line.quantity = Decimal(1) if wish.quantity is None else wish.quantity
    if line.quantity <= 0:
        raise DomainError(_("A quantity is more than nothing."), field="quantity")
    wished = wish.price
    other = product is not None and product.pk != line.product_id
    if product is not None and (other or line.quantity != held):
        ours = not other and wished is not None and wished == line.list_price
        _of_product(actor, line, product, currency, customer)
        wished = None if ours and line.list_price is not None else wished
        if wished is None and line.list_price is None:
            raise DomainError(
                _("There is no price in %(code)s. Write one."), field="price", code=currency
            )
    line.product = product
    if product is None:
        line.list_price = None
    line.name = clean(wish.name) or (product.name if product is not None else "")
    if not line.name:
        raise DomainError(_("Say what is offered."), field="name")
    price = line.list_price if wished is None else wished
    if price is None:
        raise DomainError(_("Write a price."), field="price")
    line.price = price
    line.description = wish.description
    line.unit = wish.unit or (product.unit if product is not None else "")
    line.discount_percent, line.discount_amount = wish.discount_percent, wish.discount_amount


def _of_product(
    actor: User, line: PricedLine, product: Product, currency: str, customer: Any
) -> None:
    declared = entity("products.product")
    if not declared.visible(actor).filter(pk=product.pk).exists():
        raise NotFound(_("There is no such record, or you may not see it."), field="product")
    seen = {one.name for one in declared.fields_for(actor)}
    line.list_price = (
        price_of(product, currency, quantity=line.quantity, customer=customer)
        if "price" in seen
        else None
    )


def must_reckon(line: PricedLine, currency: str, tax_rate: Decimal = Decimal(0)) -> None:
    """Refuse a line that comes to nothing sensible, at the input that is wrong."""
    field = "discount_percent" if line.discount_percent is not None else "discount_amount"
    try:
        off = Discount(line.discount_percent, line.discount_amount)
    except DomainError as refusal:
        raise DomainError(refusal.message, field=field) from None
    try:
        reckon([QuotedLine(line.quantity, line.price, tax_rate, off)], currency)
    except DomainError as refusal:
        raise DomainError(refusal.message, field=refusal.field or field) from None


def move_among(rows: Sequence[PricedLine], line: PricedLine, *, up: bool) -> None:
    """Put a line one place up or down among all those it stands with, given in their order."""
    ordered = list(rows)
    at = [one.pk for one in ordered].index(line.pk)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(ordered):
        return
    ordered[at], ordered[to] = ordered[to], ordered[at]
    for place, one in enumerate(ordered, 1):
        if one.place != place:
            one.place = place
            one.save(update_fields=["place"])
