"""What the verbs of quotes ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.sales.lines.forms import LineInputs, MoveInputs, OfOneLine, percent_input
from vinculo.sales.quotes.models import Quote


class QuoteForm(forms.Form):
    """A form about one quote, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Quote | None = None
    ) -> None:
        super().__init__(data, files)
        self.user, self.record = user, record


class LineForm(LineInputs):
    """A line: what is left empty comes from the product."""

    tax_rate = percent_input(_("Tax rate (%)"))
    optional = forms.BooleanField(
        label=pgettext_lazy("of a line", "Optional"), required=False,
        help_text=_("Offered only: it is not part of the total until the customer takes it."),
    )  # fmt: skip


class ChangeLineForm(OfOneLine, LineForm):
    """A line as it is to be from now on."""


class RemoveLineForm(OfOneLine):
    """Which line is taken out."""


class MoveLineForm(MoveInputs):
    """Which line goes up or down."""


class AnswerForm(QuoteForm):
    """What the customer said."""

    answer = CleanText(label=_("What they said"), max_length=500, required=False)


class SendBackForm(QuoteForm):
    """Why a quote is not approved."""

    answer = CleanText(label=_("What is to be changed"), max_length=500)
