"""What the verbs of quotes ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.products.models import DECIMALS, DIGITS
from vinculo.records.forms import ReferenceField
from vinculo.records.registry import entity
from vinculo.sales.quotes.models import Quote, QuoteLine

LINE_FIELDS = ("product", "name", "description", "quantity", "unit", "price", "discount_percent",
               "discount_amount", "tax_rate", "optional")  # fmt: skip


class QuoteForm(forms.Form):
    """A form about one quote, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Quote | None = None,
        line: QuoteLine | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial=first_values(line) if line is not None else None)
        self.user, self.record = user, record


def _money(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=DIGITS, decimal_places=DECIMALS, required=False,
        **options,
    )  # fmt: skip


def _percent(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=6, decimal_places=3, required=False
    )


class LineForm(QuoteForm):
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
    price = _money(_("Unit price"), help_text=_("Empty: the list price."))
    discount_percent = _percent(_("Discount (%)"))
    discount_amount = _money(_("Discount (amount)"))
    tax_rate = _percent(_("Tax rate (%)"))
    optional = forms.BooleanField(
        label=pgettext_lazy("of a line", "Optional"), required=False,
        help_text=_("Offered only: it is not part of the total until the customer takes it."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        product = ReferenceField(
            entity("products.product"), user, label=_("Product"), required=False
        )
        self.fields = {"product": product, **self.fields}


class _OfLine(QuoteForm):
    line = forms.IntegerField(widget=forms.HiddenInput)


class ChangeLineForm(_OfLine, LineForm):
    """A line as it is to be from now on."""


class RemoveLineForm(_OfLine):
    """Which line is taken out."""


class MoveLineForm(_OfLine):
    """Which line goes up or down."""

    up = forms.BooleanField(required=False, widget=forms.HiddenInput)


class AnswerForm(QuoteForm):
    """What the customer said."""

    answer = CleanText(label=_("What they said"), max_length=500, required=False)


class SendBackForm(QuoteForm):
    """Why a quote is not approved."""

    answer = CleanText(label=_("What is to be changed"), max_length=500)


def first_values(line: QuoteLine) -> dict[str, Any]:
    """A line as its form shows it."""
    values: dict[str, Any] = {name: getattr(line, name) for name in LINE_FIELDS}
    values |= {"line": line.pk, "product": line.product_id}
    for name in ("quantity", "price", "discount_percent", "discount_amount", "tax_rate"):
        if values[name] is not None:
            values[name] = f"{values[name].normalize():f}"
    return values
