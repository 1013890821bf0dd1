"""The verbs of a quote's lines: add, change, take out, move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.products.entities import currency_of
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.sales.lines.writing import MOST_LINES, LineWish, move_among, must_reckon, write_line
from vinculo.sales.quotes.derived import refresh
from vinculo.sales.quotes.forms import ChangeLineForm, LineForm, MoveLineForm, RemoveLineForm
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.quotes.rules import must_be_draft

QUOTE = "sales.quote"


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


def _written(
    actor: User, line: QuoteLine, currency: str, wish: LineWish, *, optional: bool,
    tax_rate: Decimal | None,
) -> None:  # fmt: skip
    """Put a wish on a line that is not saved yet; raises DomainError on the input that is wrong."""
    product = wish.product
    if tax_rate is None and product is not None and product.pk != line.product_id:
        tax_rate = product.tax_rate
    write_line(actor, line, currency, wish, line.quote.customer)
    line.tax_rate = tax_rate or Decimal(0)
    line.optional, line.chosen = optional, False
    must_reckon(line, currency, line.tax_rate)


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
        product, name, description, quantity, unit, price, discount_percent, discount_amount
    )
    draft = _draft(actor, quote)
    there = list(QuoteLine.objects.filter(quote=draft).values_list("place", flat=True))
    if len(there) >= MOST_LINES:
        raise DomainError(_("A quote has at most %(most)s lines."), most=MOST_LINES)
    line = QuoteLine(quote=draft, place=max(there, default=0) + 1)
    _written(actor, line, currency_of(draft), wish, optional=optional, tax_rate=tax_rate)
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
        product, name, description, quantity, unit, price, discount_percent, discount_amount
    )
    draft = _draft(actor, quote)
    row = _line(draft, line)
    _written(actor, row, currency_of(draft), wish, optional=optional, tax_rate=tax_rate)
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
    move_among(rows, row, up=up)
