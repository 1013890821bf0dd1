"""What is asked for of a line with a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.products.models import DECIMALS, DIGITS
from vinculo.records.forms import ReferenceField
from vinculo.records.registry import entity
from vinculo.sales.lines.models import PricedLine


def money_input(label: Any, help_text: Any = "") -> forms.DecimalField:
    """An input for an amount that is not negative."""
    return forms.DecimalField(
        label=label, min_value=0, max_digits=DIGITS, decimal_places=DECIMALS, required=False,
        help_text=help_text,
    )  # fmt: skip


def percent_input(label: Any) -> forms.DecimalField:
    """An input for a percentage."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=6, decimal_places=3, required=False
    )


class OfLines(forms.Form):
    """A form about the lines of one record, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Any = None,
        line: PricedLine | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files)
        self.user, self.record = user, record
        if line is not None:
            self.initial = first_values(line, list(self.fields))


class LineInputs(OfLines):
    """A line: what is left empty comes from the product."""

    name = CleanText(
        label=pgettext_lazy("of a line", "What"), max_length=200, required=False,
        help_text=_("Empty: as it is called on our list."),
    )  # fmt: skip
    description = CleanText(
        label=_("Description"), many_lines=True, required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    quantity = forms.DecimalField(
        label=_("Quantity"), max_digits=14, decimal_places=4, required=False
    )
    unit = CleanText(label=_("Unit"), max_length=30, required=False)
    price = money_input(_("Unit price"), help_text=_("Empty: the list price."))
    discount_percent = percent_input(_("Discount (%)"))
    discount_amount = money_input(_("Discount (amount)"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        product = ReferenceField(
            entity("products.product"), user, label=_("Product"), required=False
        )
        self.fields = {"product": product, **self.fields}


class OfOneLine(OfLines):
    """A form about one line among those of the record."""

    line = forms.IntegerField(widget=forms.HiddenInput)


class MoveInputs(OfOneLine):
    """Which line goes up or down."""

    up = forms.BooleanField(required=False, widget=forms.HiddenInput)


def first_values(line: PricedLine, names: list[str]) -> dict[str, Any]:
    """A line as its form shows it."""
    values: dict[str, Any] = {"line": line.pk, "product": line.product_id}
    for name in names:
        if name not in values:
            value = getattr(line, name)
            number = isinstance(value, Decimal)
            values[name] = f"{value.normalize():f}" if number else value
    return values
