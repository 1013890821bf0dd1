"""What price lists and their prices are, declared once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.kernel.errors import _ as told
from vinculo.platform.access import tells
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.products.entities import checked_currency, currency_field, currency_of
from vinculo.products.pricelists.models import ListedPrice, PriceList
from vinculo.products.pricelists.naming import name_prices
from vinculo.products.pricelists.panels import PRICES
from vinculo.records.entity import Entity, Section
from vinculo.records.fields import Field
from vinculo.records.registry import register


def prepare_list(user: User, record: PriceList, data: dict[str, Any]) -> None:
    """A list has a currency for good once there are prices in it, and is for one kind of customers."""
    if "currency" in data or not record.currency:
        data["currency"] = checked_currency(data.get("currency") or record.currency or "")
        if record.pk and data["currency"] != record.currency and record.prices.exists():
            raise DomainError(
                told("The prices of this list are in %(code)s. Delete them to choose another."),
                field="currency", code=record.currency,
            )  # fmt: skip
    begins = data.get("valid_from", record.valid_from)
    ends = data.get("valid_until", record.valid_until)
    if begins is not None and ends is not None and ends < begins:
        raise DomainError(told("A price list ends after it begins."), field="valid_until")
    if data.get("company", record.company_id) and data.get("value_class", record.value_class):
        raise DomainError(
            told("Choose whom it is for or a class of customers, not both."), field="value_class"
        )


def prepare_price(user: User, record: ListedPrice, data: dict[str, Any]) -> None:
    """A price is not negative, and is called what its product is."""
    for name, said in (
        ("price", told("A price is not negative.")),
        ("from_quantity", told("A quantity is not negative.")),
    ):
        if data.get(name) is not None and data[name] < 0:
            raise DomainError(said, field=name)
    if "from_quantity" in data and data["from_quantity"] is None:
        data["from_quantity"] = 0
    product = data.get("product")
    if product is not None:
        record.name = product.name


def currency_of_price(price: ListedPrice) -> str:
    """The currency of its list."""
    return currency_of(price.price_list)


PRICE_LIST = register(
    Entity(
        key="products.pricelist",
        model=PriceList,
        path="price-lists",
        icon="tags",
        nav="sales",
        nav_order=61,
        add_label=_("New price list"),
        fields=(
            Field("name"),
            currency_field(),
            "company",
            "value_class",
            "valid_from",
            "valid_until",
            "is_active",
            "owner",
            "team",
            "description",
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "currency", "company", "value_class", "valid_from", "valid_until",
                 "is_active"),
        form=("name", "currency", "company", "value_class", "valid_from", "valid_until"),
        sections=(
            Section(_("Facts"), ("currency", "company", "value_class", "valid_from", "valid_until",
                                 "is_active", "owner", "team")),
            Section(_("More"), ("description",)),
        ),
        subtitle=("company", "currency"),
        needs=("currency",),
        default_sort="name",
        beginning=lambda user: {"currency": books_currency()},
        prepare=prepare_list,
        panels=[PRICES],
    )
)  # fmt: skip

LISTED_PRICE = register(
    Entity(
        key="products.listedprice",
        model=ListedPrice,
        path="listed-prices",
        icon="tag",
        add_label=_("New listed price"),
        fields=(
            Field("name", editable=False),
            "price_list",
            "product",
            Field("from_quantity", required=False),
            Field("price"),
            "owner",
            "team",
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "price_list", "from_quantity", "price"),
        form=("price_list", "product", "from_quantity", "price"),
        sections=(
            Section(_("Facts"), ("price_list", "product", "from_quantity", "price", "owner",
                                 "team")),
        ),
        subtitle=("price_list",),
        default_sort="name",
        derive=name_prices,
        prepare=prepare_price,
    )
)  # fmt: skip

# Who may not see what products cost may not see it in lists either.
tells("products.listedprice", "price", of=("products.product", "price"))
tells("products.listedprice", "name", of=("products.listedprice", "product"))
