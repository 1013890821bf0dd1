"""What is sold of products beside their targets: by the lines of deals, or their product without any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, Sum, When
from django.db.models.functions import NullIf

from vinculo.kernel.money import Money
from vinculo.platform.models import Team, User
from vinculo.products.currency import books_currency
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal, DealLine
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.figures import counted
from vinculo.sales.forecast.lists import list_url, row_filters
from vinculo.sales.forecast.targets import Piece, product_targets_of
from vinculo.sales.pipelines.models import Category, Ends

ZERO, HUNDRED = Decimal(0), Decimal(100)
#: The parts of a sum: whose it is, and where it counts.
_BY = ("team_id", "owner_id", "status", "category")


@dataclass
class ProductLine:
    """What somebody is to sell of a product or family, and has; amounts in the books' currency."""

    piece: Piece
    what: str
    whose: str
    target: Decimal
    won: Decimal = ZERO
    commit: Decimal = ZERO
    open: Decimal = ZERO
    #: Figure → the list of the deals in it.
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def attained(self) -> Decimal | None:
        """Won, in percent of the target."""
        if not self.target:
            return None
        return (self.won / self.target * HUNDRED).quantize(Decimal("0.1"))


def product_lines(user: User, asked: Asked) -> list[ProductLine]:
    """Each target of a product that the reader may know, with what is sold of it; none as of a day
    that has passed, or of a pipeline: targets are of all."""
    if asked.as_of is not None or asked.pipeline is not None:
        return []
    if len(entity("sales.deal").fields_for(user, ["product", "amount"])) < 2:
        return []
    targets = product_targets_of(user, asked.period)
    if not targets:
        return []
    below = _teams_below()
    seen: Any = entity("products.product").visible(user)
    families = {one.family for one in targets if one.family}
    numbers = {one.product for one in targets if one.product}
    products = {one.pk: one for one in seen.filter(Q(pk__in=numbers) | Q(family__in=families))}
    lines = [
        line
        for piece, target in sorted(targets.items())
        if (line := _line(piece, target, products, asked, below)) is not None
    ]
    people = User.objects.in_bulk([one.piece.number for one in lines if one.piece.kind == "person"])
    teams = Team.objects.in_bulk([one.piece.number for one in lines if one.piece.kind == "team"])
    for line in lines:
        named: Any = people if line.piece.kind == "person" else teams
        line.whose = str(named.get(line.piece.number, ""))
    for row in _sold(user, asked, list(products)):
        for line in lines:
            if _counts(line.piece, row, products[row["of"]], below):
                _add(line, row)
    return sorted(lines, key=lambda one: (one.what.casefold(), one.piece.kind == "person",
                                          one.whose.casefold(), one.piece))  # fmt: skip


def _line(
    piece: Piece, target: Decimal, products: dict[int, Product], asked: Asked,
    below: Callable[[int], set[int]],
) -> ProductLine | None:  # fmt: skip
    """The row of a target, where it is asked for and its product may be seen."""
    is_person = piece.kind == "person"
    if asked.person is not None and (not is_person or piece.number != asked.person):
        return None
    if asked.team is not None and not is_person and piece.number not in below(asked.team):
        return None
    if piece.product is not None:
        if piece.product not in products:
            return None
        what, about = str(products[piece.product]), ("about.is", str(piece.product))
    else:
        what, about = piece.family, ("about_family.is", piece.family)
    rows = row_filters(
        person=piece.number if is_person else None,
        below=asked.team if is_person else piece.number,
    )
    line = ProductLine(piece, what, "", target)
    names = ("won", "commit", "open")
    line.urls = {name: list_url(name, asked.period, [*rows, about]) for name in names}
    return line


def _sold(user: User, asked: Asked, products: list[int]) -> list[dict[str, Any]]:
    """What the deals of a period come to in these products, in two questions whatever their number:
    by their lines, and by their product where they have none."""
    span = (asked.period.start, asked.period.end)
    deals = counted(
        Deal.objects.visible_to(user).filter(
            Q(status=Ends.OPEN, close_on__range=span) | Q(status=Ends.WON, closed_on__range=span)
        ),
        asked,
    ).order_by()
    lines = DealLine.objects.filter(deal__in=deals.values("pk"), product__in=products)
    # In another currency a line is the same share of the deal's value as of its amount.
    share = Case(
        When(deal__value=F("deal__amount"), then=F("net")),
        default=F("net") * F("deal__value") / NullIf(F("deal__amount"), ZERO),
    )
    by_lines = lines.values(
        **{name: F(f"deal__{name}") for name in _BY}, of=F("product_id")
    ).annotate(value_sum=Sum(share))
    plain = (
        deals.filter(by_lines=False, product__in=products)
        .values(*_BY, of=F("product_id"))
        .annotate(value_sum=Sum("value"))
    )
    return [*by_lines, *plain]


def _counts(
    piece: Piece, row: dict[str, Any], product: Product, below: Callable[[int], set[int]]
) -> bool:
    """Whether deals are part of a target: of the product or family, and of whom it is."""
    of = product.pk == piece.product if piece.product else product.family == piece.family
    if not of:
        return False
    if piece.kind == "person":
        return bool(row["owner_id"] == piece.number)
    return row["team_id"] in below(piece.number)


def _add(line: ProductLine, row: dict[str, Any]) -> None:
    value = Money(row["value_sum"] or ZERO, books_currency()).rounded().amount
    if row["status"] == Ends.WON:
        line.won += value
        return
    line.open += value
    if row["category"] == Category.COMMIT:
        line.commit += value


def _teams_below() -> Callable[[int], set[int]]:
    """Answers which teams a team is made of, itself among them; one question for all."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    known: dict[int, set[int]] = {}

    def below(team: int) -> set[int]:
        if team not in known:
            known[team], waiting = set(), [team]
            while waiting:
                one = waiting.pop()
                if one not in known[team]:
                    known[team].add(one)
                    waiting += children.get(one, [])
        return known[team]

    return below
