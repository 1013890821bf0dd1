"""What listed prices are called: as their products are."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, OuterRef, Q, Subquery

from vinculo.products.models import Product
from vinculo.products.pricelists.models import ListedPrice


def name_prices(ids: Sequence[int]) -> None:
    """Call the prices `ids` what their products are called now."""
    _name(Q(pk__among=list(ids)))


def name_prices_of(products: Sequence[int]) -> None:
    """The same for all prices of these products."""
    _name(Q(product__in=list(products)))


def _name(which: Q) -> None:
    called = Product.objects.filter(pk=OuterRef("product")).values("name")
    others = ListedPrice.objects.filter(which).exclude(name=F("product__name"))
    others.update(name=Subquery(called))
