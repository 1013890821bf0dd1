"""What a customer fills in under an offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.sales.quotes.offering.answering import LONGEST_NAME, LONGEST_TEXT

DOES = ("accept", "reject", "comment")


class AnswerForm(forms.Form):
    """A name, a word, and one of three buttons; which optional lines are taken stands beside it."""

    name = CleanText(
        label=_t("Your name"), max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    text = CleanText(
        label=pgettext_lazy("to an offer", "Your words"), many_lines=True, required=False,
        max_length=LONGEST_TEXT, help_text=_t("Needed only to reject, or to ask something."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    seen = forms.DecimalField(required=False, widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[(one, one) for one in DOES], widget=forms.HiddenInput)

    @property
    def asked(self) -> list[Any]:
        """The inputs that are shown."""
        return [self["name"], self["text"]]
