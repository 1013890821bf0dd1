"""The form of a record type's words in one language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Gender
from vinculo.platform.terms.nouns import nouns
from vinculo.platform.terms.renaming import LONGEST_LABEL, LONGEST_NOUN, Words
from vinculo.platform.types import TypeDescription


class TermsForm(forms.Form):
    """What one and many are called, and each field; what is left empty keeps its usual word."""

    def __init__(
        self,
        data: Any,
        *,
        described: TypeDescription,
        language: str,
        usual: dict[str, str],
        own: dict[str, str],
    ) -> None:
        super().__init__(data)
        noun = nouns().get(described.key)
        self.chinese = language.startswith("zh")
        if noun is not None:
            self._word("one", _("It is called") if self.chinese else _("One is called"), LONGEST_NOUN, usual, own)  # fmt: skip
            if not self.chinese:
                self._word("many", _("Many are called"), LONGEST_NOUN, usual, own)
        if noun is not None and language in noun.genders:
            self.fields["gender"] = forms.ChoiceField(
                label=pgettext_lazy("of a noun", "Gender"),
                choices=Gender.choices,
                initial=own.get("gender") or noun.genders[language],
                help_text=_("Articles and other words follow it."),
            )
        for name, _label in described.fields:
            self._word(f"label_{name}", usual[f"label_{name}"], LONGEST_LABEL, usual, own)

    def _word(
        self, name: str, label: Any, longest: int, usual: dict[str, str], own: dict[str, str]
    ) -> None:
        widget = forms.TextInput(attrs={"placeholder": usual[name]})
        self.fields[name] = CleanText(
            label=label,
            max_length=longest,
            required=False,
            initial=own.get(name, ""),
            widget=widget,
        )

    @property
    def noun_fields(self) -> list[forms.BoundField]:
        """The inputs of the noun itself."""
        return [self[name] for name in ("one", "many", "gender") if name in self.fields]

    @property
    def label_fields(self) -> list[forms.BoundField]:
        """The inputs of the fields' labels."""
        return [self[name] for name in self.fields if name.startswith("label_")]

    def words(self) -> Words:
        """What was typed."""
        told = self.cleaned_data
        labels = {
            name.removeprefix("label_"): text
            for name, text in told.items()
            if name.startswith("label_")
        }
        return Words(told.get("one", ""), told.get("many", ""), told.get("gender", ""), labels)
