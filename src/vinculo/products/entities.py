"""What products are, declared once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.kernel.errors import _ as told
from vinculo.kernel.money import currencies_in_use, is_currency
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.products.derived import refresh
from vinculo.products.models import Product
from vinculo.records.entity import Entity, Section
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import register


def currency_of(record: Any) -> str:
    """The currency of a record's amounts; the books' where it names none."""
    return record.currency or books_currency()


def currency_field() -> Field:
    """The currency of a record's amounts, as one chooses it."""
    codes = tuple((code, code) for code in currencies_in_use())
    return Field("currency", kind=Kind.CHOICE, choices=codes, required=False)


def checked_currency(code: str) -> str:
    """A currency's code in capitals, the books' for none; DomainError for what is no currency."""
    found = code.strip().upper() or books_currency()
    if not is_currency(found):
        raise DomainError(told("“%(code)s” is not a currency."), field="currency", code=code[:20])
    return found


def prepare_product(user: User, record: Product, data: dict[str, Any]) -> None:
    """A price has a currency; a code has no spaces around it."""
    if "currency" in data or not record.currency:
        data["currency"] = checked_currency(data.get("currency") or record.currency or "")
    price = data.get("price")
    if price is not None and price < 0:
        raise DomainError(told("A price is not negative."), field="price")
    rate = data.get("tax_rate")
    if rate is not None and not 0 <= rate <= 100:
        raise DomainError(told("A tax rate is between 0 and 100 %."), field="tax_rate")


PRODUCT = register(
    Entity(
        key="products.product",
        model=Product,
        path="products",
        icon="package",
        nav="sales",
        nav_order=60,
        add_label=_("New product"),
        fields=(
            Field("name", searched=True),
            Field("code", searched=True),
            Field("family", searched=True),
            "unit",
            Field("price", currency_of=currency_of),
            currency_field(),
            "tax_rate",
            "is_active",
            "owner",
            "team",
            "description",
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "code", "family", "price", "unit", "is_active"),
        form=("name", "code", "family", "unit", "price", "currency", "tax_rate"),
        sections=(
            Section(_("Facts"), ("code", "family", "unit", "price", "currency", "tax_rate",
                                 "is_active", "owner", "team")),
            Section(_("More"), ("description",)),
        ),
        subtitle=("family", "code"),
        needs=("currency",),
        default_sort="name",
        beginning=lambda user: {"currency": books_currency()},
        search="search",
        search_late=True,
        derive=refresh,
        prepare=prepare_product,
    )
)  # fmt: skip
