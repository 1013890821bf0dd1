"""What lists of deals can be asked about what is sold: a product, or a family of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters.questions import question
from vinculo.records.registry import entity as declared
from vinculo.sales.deals.models import DealLine

DEAL, PRODUCT = "sales.deal", "products.product"


def about_products(products: Any) -> Q:
    """Deals that have a line with one of these products; those without lines, by their product."""
    lines = DealLine.objects.filter(product__in=products)
    return Q(pk__in=lines.values("deal")) | Q(by_lines=False, product__in=products)


def _may_ask(entity: Entity, user: User) -> bool:
    if entity.key != DEAL:
        return False
    return len(entity.fields_for(user, ["product", "amount"])) == 2


def about(entity: Entity, user: User) -> Field | None:
    """The question: which deals are about this product?"""
    if not _may_ask(entity, user):
        return None

    def asks(numbers: list[str]) -> Q:
        wanted = [int(one) for one in numbers if one.isascii() and one.isdecimal()][:100]
        return about_products(declared(PRODUCT).visible(user).filter(pk__among=wanted).values("pk"))

    return Field(
        "about", kind=Kind.RELATION, target=PRODUCT, label=_("Product on its lines"), column="pk",
        sort="", editable=False, choices=(), asks=asks,
    )  # fmt: skip


def about_family(entity: Entity, user: User) -> Field | None:
    """The question: which deals are about a product of this family?"""
    if not _may_ask(entity, user) or not declared(PRODUCT).fields_for(user, ["family"]):
        return None

    def asks(families: list[str]) -> Q:
        rows = declared(PRODUCT).visible(user).filter(family__in=families)
        return about_products(rows.values("pk"))

    return Field(
        "about_family", kind=Kind.TEXT, label=_("Product family on its lines"), column="pk",
        sort="", editable=False, choices=(), asks=asks,
    )  # fmt: skip


question("about", about)
question("about_family", about_family)
