"""A deal with lines is worth what they come to, and is about what they name; see ADR 47."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from vinculo.kernel.clock import now
from vinculo.kernel.quoting import Discount, QuotedLine, Reckoning, reckon
from vinculo.products.entities import currency_of
from vinculo.sales.deals.derived import CHUNK, refresh
from vinculo.sales.deals.models import Deal, DealLine

#: What is theirs to say where there are lines.
FOLLOWS = ("amount", "product_id")

#: Deals that lines belong to, and belonged to before this undo took them away.
DEALS_OF = """
SELECT deal_id FROM sales_dealline WHERE id = ANY(%(ids)s)
UNION
SELECT (before ->> 'deal_id')::bigint FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = 'sales_dealline' AND row_id = ANY(%(ids)s) AND op = 'D'
"""

# Deals that have lines once the undo is done: one that it leaves alone, or one that it brings back.
LEAVE = """
UPDATE undo_net n SET before = n.before - %(names)s::text[]
WHERE n.table_name = 'sales_deal' AND n.first_op = 'U' AND n.before ?| %(names)s::text[]
AND {will_have_lines}
"""
_WILL = """(
    EXISTS (SELECT 1 FROM sales_dealline l WHERE l.deal_id = {deal} AND NOT EXISTS (
        SELECT 1 FROM undo_net o WHERE o.table_name = 'sales_dealline' AND o.row_id = l.id
        AND o.first_op = 'I'))
    OR EXISTS (SELECT 1 FROM undo_net o WHERE o.table_name = 'sales_dealline'
        AND o.first_op <> 'I' AND o.last_op = 'D' AND o.before ->> 'deal_id' = {deal}::text)
)"""
_RULED = "SELECT d.id FROM sales_deal d WHERE d.id = ANY(%s) AND {will_have_lines}"
WILL_HAVE_LINES = _RULED.replace("{will_have_lines}", _WILL.replace("{deal}", "d.id"))


def lines_of(deal: Deal) -> list[DealLine]:
    """The lines of a deal, in their order."""
    return list(DealLine.objects.filter(deal=deal).order_by("place", "pk"))


def reckoned(lines: Iterable[DealLine], currency: str) -> Reckoning:
    """What these lines come to, without taxes."""
    return reckon(
        [
            QuotedLine(one.quantity, one.price, Decimal(0),
                       Discount(one.discount_percent, one.discount_amount))
            for one in lines
        ],
        currency,
    )  # fmt: skip


def follow_lines(ids: Sequence[int]) -> None:
    """Bring amount and product of the deals `ids` in line with their lines, and all that follows;
    a deal without lines keeps what it has."""
    for start in range(0, len(ids), CHUNK):
        _follow(list(ids[start : start + CHUNK]))
    refresh(ids)


def _follow(ids: list[int]) -> None:
    deals = list(Deal.objects.filter(pk__among=ids))
    by_deal: dict[int, list[DealLine]] = {deal.pk: [] for deal in deals}
    for line in DealLine.objects.filter(deal__in=by_deal).order_by("place", "pk"):
        by_deal[line.deal_id].append(line)
    changed, worth_else = [], []
    for deal in deals:
        lines = by_deal[deal.pk]
        before = (deal.by_lines, deal.amount, deal.product_id)
        deal.by_lines = bool(lines)
        if lines:
            sums = reckoned(lines, currency_of(deal))
            deal.amount = sums.net.amount
            for line, one in zip(lines, sums.lines, strict=True):
                if line.net != one.net.amount:
                    line.net = one.net.amount
                    worth_else.append(line)
            deal.product_id = next((one.product_id for one in lines if one.product_id), None)
        if (deal.by_lines, deal.amount, deal.product_id) != before:
            deal.updated_at = now()
            changed.append(deal)
    if worth_else:
        DealLine.objects.bulk_update(worth_else, ["net"])
    if changed:
        Deal.objects.bulk_update(changed, ["by_lines", "amount", "product", "updated_at"])


def follow_deals_of(line_ids: Sequence[int]) -> None:
    """Bring the deals up to date whose lines an undo has just written or taken away."""
    with connection.cursor() as cursor:
        cursor.execute(DEALS_OF, {"ids": list(line_ids)})
        follow_lines([row[0] for row in cursor.fetchall()])


def leave_to_lines(cursor: Any, kept: list[Any]) -> None:
    """Take out of an undo what it would write of deals that have lines afterwards: their lines say
    it, and nobody has to be told that somebody changed it since."""
    will = _WILL.replace("{deal}", "n.row_id")
    cursor.execute(LEAVE.replace("{will_have_lines}", will), {"names": list(FOLLOWS)})
    told = {one.row_id for one in kept if one.table == "sales_deal" and one.column in FOLLOWS}
    if not told:
        return
    cursor.execute(WILL_HAVE_LINES, [sorted(told)])
    ruled = {row[0] for row in cursor.fetchall()}
    kept[:] = [
        one for one in kept
        if not (one.table == "sales_deal" and one.column in FOLLOWS and one.row_id in ruled)
    ]  # fmt: skip
