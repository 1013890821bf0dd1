"""The prices on a list's page and on a product's; the lists on a company's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Scope, rights_of
from vinculo.products.entities import currency_of
from vinculo.records.entity import Panel
from vinculo.records.registry import entity

PRICE, LIST = "products.listedprice", "products.pricelist"
SHOWN = 50


def prices_of(column: str) -> Any:
    """The prices of a list or a product, tier by tier; None for who sees none."""

    def found(request: HttpRequest, record: Any) -> dict[str, Any] | None:
        user: Any = request.user
        declared = entity(PRICE)
        wanted = ("product", "price_list", "from_quantity", "price")
        if rights_of(user).scope(PRICE) is Scope.NONE or len(
            declared.fields_for(user, wanted)
        ) < len(wanted):
            return None
        rows = declared.visible(user).filter(**{column: record.pk}).select_related("price_list")
        listed = list(rows.order_by("name", "product_id", "from_quantity", "pk")[: SHOWN + 1])
        may_add = rights_of(user).scope(PRICE, "add") is not Scope.NONE
        if column == "product" and not listed:
            return None
        return {
            "prices": [(one, currency_of(one.price_list)) for one in listed[:SHOWN]],
            "of_list": column == "price_list",
            "more": len(listed) > SHOWN,
            "all_url": f"/{declared.path}?{column}.is={record.pk}",
            "new_url": f"/{declared.path}/new?{column}={record.pk}" if may_add else "",
        }

    return found


def lists_for(request: HttpRequest, company: Any) -> dict[str, Any] | None:
    """The price lists made for a company; None where there is none to see and none to make."""
    user: Any = request.user
    declared = entity(LIST)
    if rights_of(user).scope(LIST) is Scope.NONE or not declared.fields_for(user, ["company"]):
        return None
    rows = list(declared.visible(user).filter(company=company.pk).order_by("name", "pk")[:SHOWN])
    may_add = rights_of(user).scope(LIST, "add") is not Scope.NONE
    if not rows:
        return None
    return {
        "lists": rows,
        "new_url": f"/{declared.path}/new?company={company.pk}" if may_add else "",
    }


PRICES = Panel(
    "prices", _("Prices"), "products/panel_prices.html", prices_of("price_list"), place="main",
    order=10,
)  # fmt: skip
PRICES_OF_PRODUCT = Panel(
    "prices", _("Prices"), "products/panel_prices.html", prices_of("product"), place="main",
    order=10,
)  # fmt: skip
LISTS = Panel("price_lists", _("Price lists"), "products/panel_lists.html", lists_for, order=18)
