"""The verbs of a deal's lines: add, change, take out, move."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.products.entities import currency_of
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.records.writing import tell_changed
from vinculo.sales.deals.line_forms import (
    ChangeDealLineForm,
    DealLineForm,
    MoveDealLineForm,
    RemoveDealLineForm,
)
from vinculo.sales.deals.models import Deal, DealLine
from vinculo.sales.deals.worth_of_lines import follow_lines, lines_of
from vinculo.sales.lines.writing import MOST_LINES, LineWish, move_among, must_reckon, write_line
from vinculo.sales.scoring.points.counting import count_points

DEAL = "sales.deal"


def never(_record: Deal) -> bool:
    """The panel of lines offers it."""
    return False


def _held(actor: User, deal: Deal) -> Deal:
    """The deal, held until the transaction ends, if the actor may change what it is worth."""
    declared = entity(DEAL)
    rows = declared.visible(actor, "edit").select_for_update(of=("self",), no_key=True)
    found: Deal | None = rows.filter(pk=deal.pk).first()
    if found is None:
        if declared.visible(actor).filter(pk=deal.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such deal, or you may not see it."))
    if any(rights_of(actor).field_rule(DEAL, name) for name in ("amount", "product")):
        raise NotAllowed(_("You may not change this field."))
    journal.relabel(found.name)
    return found


def _line(deal: Deal, line: int) -> DealLine:
    found = DealLine.objects.filter(deal=deal, pk=line).first()
    if found is None:
        raise NotFound(_("This line is no longer in the deal."))
    return found


def _follow(deal: Deal) -> None:
    """What the deal is worth, and all that follows from that."""
    follow_lines([deal.pk])
    count_points(DEAL, [deal.pk])
    tell_changed(entity(DEAL), deal.pk, {"amount": None, "product": None})


@action("sales.add_deal_line", label=_t("Add line"), done=_t("Line added."), form=DealLineForm,
        on=DEAL, subject="deal", icon="plus", granted=False, offered=never)  # fmt: skip
def add_line(
    *,
    actor: User,
    deal: Deal,
    product: Product | None = None,
    name: str = "",
    description: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    price: Decimal | None = None,
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
) -> DealLine:
    """Add a line to a deal: a product, or free text with a price; what is empty comes from the
    product. From the first line on the deal is worth what its lines come to."""
    wish = LineWish(
        product, name, description, quantity, unit, price, discount_percent, discount_amount
    )
    held = _held(actor, deal)
    there = [one.place for one in lines_of(held)]
    if len(there) >= MOST_LINES:
        raise DomainError(_("A deal has at most %(most)s lines."), most=MOST_LINES)
    line = DealLine(deal=held, place=max(there, default=0) + 1)
    _written(actor, held, line, wish)
    return line


@action("sales.change_deal_line", label=_t("Change line"), done=_t("Saved."),
        form=ChangeDealLineForm, on=DEAL, subject="deal", icon="pencil", granted=False,
        offered=never)  # fmt: skip
def change_line(
    *,
    actor: User,
    deal: Deal,
    line: int,
    product: Product | None = None,
    name: str = "",
    description: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    price: Decimal | None = None,
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
) -> DealLine:
    """Write a line of a deal anew; see `add_line`."""
    wish = LineWish(
        product, name, description, quantity, unit, price, discount_percent, discount_amount
    )
    held = _held(actor, deal)
    row = _line(held, line)
    _written(actor, held, row, wish)
    return row


def _written(actor: User, deal: Deal, line: DealLine, wish: LineWish) -> None:
    currency = currency_of(deal)
    write_line(actor, line, currency, wish, deal.customer)
    must_reckon(line, currency)
    line.save()
    _follow(deal)


@action("sales.remove_deal_line", label=_t("Remove line"), done=_t("Line removed."),
        form=RemoveDealLineForm, on=DEAL, subject="deal", icon="x", granted=False,
        offered=never)  # fmt: skip
def remove_line(*, actor: User, deal: Deal, line: int) -> None:
    """Take a line out of a deal. After the last one the amount stays, and is typed again."""
    held = _held(actor, deal)
    _line(held, line).delete()
    _follow(held)


@action("sales.move_deal_line", label=_t("Move line"), done=_t("Line moved."),
        form=MoveDealLineForm, on=DEAL, subject="deal", icon="arrow-up-down", granted=False,
        offered=never)  # fmt: skip
def move_line(*, actor: User, deal: Deal, line: int, up: bool = False) -> None:
    """Put a line of a deal one place up or down; the first product is what the deal is about."""
    held = _held(actor, deal)
    move_among(lines_of(held), _line(held, line), up=up)
    _follow(held)
