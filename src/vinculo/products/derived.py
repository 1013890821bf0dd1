"""What products are found by."""

from __future__ import annotations

from collections.abc import Sequence

from vinculo.kernel.text import SearchValues, search_keys
from vinculo.platform.search_keys import write_keys
from vinculo.products.models import Product
from vinculo.products.pricelists.naming import name_prices_of
from vinculo.records.custom.fields import words_of


def product_keys(name: str, code: str, family: str, more: Sequence[str] = ()) -> list[str]:
    """What a product is found by; `more` are the words of custom fields."""
    return search_keys(SearchValues(names=(name,), words=(code, family, *more)))


def refresh(ids: Sequence[int]) -> None:
    """Bring the search keys of the products `ids` up to date."""
    name_prices_of(ids)
    rows = Product.objects.filter(pk__among=ids).values_list(
        "pk", "name", "code", "family", "custom"
    )
    write_keys(
        Product,
        [
            (pk, product_keys(name, code, family, words_of("products.product", custom)))
            for pk, name, code, family, custom in rows
        ],
    )
