"""The verbs of a quote's lines: add, change, take out, move."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.money import Money
from vinculo.kernel.quoting import Discount, QuotedLine, reckon
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.products.currency import Rates
from vinculo.products.entities import currency_of
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.sales.quotes.derived import refresh
from vinculo.sales.quotes.forms import ChangeLineForm, LineForm, MoveLineForm, RemoveLineForm
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.quotes.rules import must_be_draft

QUOTE = "sales.quote"
MOST_LINES = 200


def never(_record: Any) -> bool:
    """The panel of lines offers it."""
    return False


def held(actor: User, quote: Quote, verb: str = "edit") -> Quote:
    """The quote, held until the transaction ends, if the actor may change it."""
    declared = entity(QUOTE)
    rows = declared.visible(actor, verb).select_for_update(of=("self",))
    found: Quote | None = rows.filter(pk=quote.pk).first()
    if found is None:
        if declared.visible(actor).filter(pk=quote.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such quote, or you may not see it."))
    journal.relabel(found.name)
    return found


def _draft(actor: User, quote: Quote) -> Quote:
    found = held(actor, quote)
    must_be_draft(found)
    if rights_of(actor).field_rule(QUOTE, "gross") == "hidden":
        raise NotAllowed(_("You may not change this field."))
    return found


def _line(quote: Quote, line: int) -> QuoteLine:
    found = QuoteLine.objects.filter(quote=quote, pk=line).first()
    if found is None:
        raise NotFound(_("This line is no longer in the quote."))
    return found


def list_price(product: Product, currency: str) -> Decimal | None:
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
    tax_rate: Decimal | None
    optional: bool


def _written(actor: User, line: QuoteLine, currency: str, wish: LineWish) -> None:
    """Put a wish on a line that is not saved yet; raises DomainError on the input that is wrong."""
    product, tax_rate = wish.product, wish.tax_rate
    if product is not None and product.pk != line.product_id:
        _of_product(actor, line, product, currency)
        tax_rate = product.tax_rate if tax_rate is None else tax_rate
        if wish.price is None and line.list_price is None:
            raise DomainError(
                _("There is no price in %(code)s. Write one."), field="price", code=currency
            )
    line.product = product
    if product is None:
        line.list_price = None
    line.name = clean(wish.name) or (product.name if product is not None else "")
    if not line.name:
        raise DomainError(_("Say what is offered."), field="name")
    price = line.list_price if wish.price is None else wish.price
    if price is None:
        raise DomainError(_("Write a price."), field="price")
    line.price = price
    line.quantity = Decimal(1) if wish.quantity is None else wish.quantity
    if line.quantity <= 0:
        raise DomainError(_("A quantity is more than nothing."), field="quantity")
    line.description = wish.description
    line.unit = wish.unit or (product.unit if product is not None else "")
    line.discount_percent, line.discount_amount = wish.discount_percent, wish.discount_amount
    line.tax_rate = tax_rate or Decimal(0)
    line.optional, line.chosen = wish.optional, False
    _reckons(line, currency)


def _of_product(actor: User, line: QuoteLine, product: Product, currency: str) -> None:
    declared = entity("products.product")
    if not declared.visible(actor).filter(pk=product.pk).exists():
        raise NotFound(_("There is no such record, or you may not see it."), field="product")
    seen = {one.name for one in declared.fields_for(actor)}
    line.list_price = list_price(product, currency) if "price" in seen else None


def _reckons(line: QuoteLine, currency: str) -> None:
    """Refuse a line that comes to nothing sensible, at the input that is wrong."""
    field = "discount_percent" if line.discount_percent is not None else "discount_amount"
    try:
        off = Discount(line.discount_percent, line.discount_amount)
    except DomainError as refusal:
        raise DomainError(refusal.message, field=field) from None
    try:
        reckon([QuotedLine(line.quantity, line.price, line.tax_rate, off)], currency)
    except DomainError as refusal:
        raise DomainError(refusal.message, field=refusal.field or field) from None


@action("sales.add_line", label=_t("Add line"), done=_t("Line added."), form=LineForm, on=QUOTE,
        subject="quote", icon="plus", granted=False, offered=never)  # fmt: skip
def add_line(
    *,
    actor: User,
    quote: Quote,
    product: Product | None = None,
    name: str = "",
    description: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    price: Decimal | None = None,
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    tax_rate: Decimal | None = None,
    optional: bool = False,
) -> QuoteLine:
    """Add a line to a draft: a product, or free text with a price; what is empty comes from the
    product. One of both discounts at most."""
    wish = LineWish(
        product, name, description, quantity, unit, price, discount_percent, discount_amount,
        tax_rate, optional,
    )  # fmt: skip
    draft = _draft(actor, quote)
    there = list(QuoteLine.objects.filter(quote=draft).values_list("place", flat=True))
    if len(there) >= MOST_LINES:
        raise DomainError(_("A quote has at most %(most)s lines."), most=MOST_LINES)
    line = QuoteLine(quote=draft, place=max(there, default=0) + 1)
    _written(actor, line, currency_of(draft), wish)
    line.save()
    refresh([draft.pk])
    return line


@action("sales.change_line", label=_t("Change line"), done=_t("Saved."), form=ChangeLineForm,
        on=QUOTE, subject="quote", icon="pencil", granted=False, offered=never)  # fmt: skip
def change_line(
    *,
    actor: User,
    quote: Quote,
    line: int,
    product: Product | None = None,
    name: str = "",
    description: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    price: Decimal | None = None,
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    tax_rate: Decimal | None = None,
    optional: bool = False,
) -> QuoteLine:
    """Write a line of a draft anew; see `add_line`."""
    wish = LineWish(
        product, name, description, quantity, unit, price, discount_percent, discount_amount,
        tax_rate, optional,
    )  # fmt: skip
    draft = _draft(actor, quote)
    row = _line(draft, line)
    _written(actor, row, currency_of(draft), wish)
    row.save()
    refresh([draft.pk])
    return row


@action("sales.remove_line", label=_t("Remove line"), done=_t("Line removed."),
        form=RemoveLineForm, on=QUOTE, subject="quote", icon="x", granted=False,
        offered=never)  # fmt: skip
def remove_line(*, actor: User, quote: Quote, line: int) -> None:
    """Take a line out of a draft."""
    draft = _draft(actor, quote)
    _line(draft, line).delete()
    refresh([draft.pk])


@action("sales.move_line", label=_t("Move line"), done=_t("Line moved."), form=MoveLineForm,
        on=QUOTE, subject="quote", icon="arrow-up-down", granted=False, offered=never)  # fmt: skip
def move_line(*, actor: User, quote: Quote, line: int, up: bool = False) -> None:
    """Put a line of a draft one place up or down."""
    draft = _draft(actor, quote)
    row = _line(draft, line)
    rows = list(QuoteLine.objects.filter(quote=draft).order_by("place", "pk"))
    at = [one.pk for one in rows].index(row.pk)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in enumerate(rows, 1):
        if one.place != place:
            one.place = place
            one.save(update_fields=["place"])
