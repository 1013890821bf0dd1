"""The form of a custom field, as an administrator fills it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.money import is_currency
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import CustomField, CustomKind
from vinculo.platform.models.custom import COMPUTED
from vinculo.records.computed.forms import formula_input, rollup_inputs
from vinculo.records.computed.formulas.tree import FormulaError
from vinculo.records.custom.fields import SEARCHABLE
from vinculo.records.custom.spelling import (
    CHOSEN,
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST_DECIMALS,
    Wish,
)
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

USUAL_CURRENCIES = ("EUR", "USD", "CNY", "GBP", "JPY", "CHF", "MXN", "TWD", "HKD")


class CustomFieldForm(forms.Form):
    """What a field is called, what it holds and where it shows; its kind is chosen before."""

    label = CleanText(label=_("Label"), max_length=LONGEST_LABEL)
    help = CleanText(
        label=_("Help"), max_length=LONGEST_HELP, required=False,
        help_text=_("A sentence under the input: what belongs here."),
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        *,
        entity: Entity,
        kind: str,
        custom_field: CustomField | None = None,
        way: tuple[str, str] = ("", ""),
    ) -> None:
        self.entity, self.kind, self.custom_field = entity, kind, custom_field
        #: Where in the formula something was refused.
        self.misplaced: FormulaError | None = None
        super().__init__(data, initial=_initial(custom_field))
        if kind in CHOSEN:
            self._ask_for_choices()
        if kind == CustomKind.MONEY:
            self._ask_for_currency()
        if kind == CustomKind.FORMULA:
            self.fields["formula"] = formula_input(custom_field)
        if kind == CustomKind.ROLLUP:
            told = dict(custom_field.rollup) if custom_field else {"of": way[0], "by": way[1]}
            self.fields.update(rollup_inputs(told))
            self.way = told["of"], told["by"]
        if kind in (CustomKind.NUMBER, *COMPUTED):
            self.fields["decimals"] = forms.IntegerField(
                label=_("Decimals"), min_value=0, max_value=MOST_DECIMALS, required=False,
                initial=0 if kind == CustomKind.NUMBER else 2,
            )  # fmt: skip
        if kind == CustomKind.RELATION and custom_field is None:
            known = [(one.key, one.label) for one in entities()]
            self.fields["target"] = forms.ChoiceField(label=_("Points to"), choices=known)
        self._ask_how()
        self._ask_for_languages()

    def _ask_for_choices(self) -> None:
        for one in self.custom_field.choices if self.custom_field else ():
            key = one["key"]
            self._text(f"choice:{key}:", one["labels"].get("", ""), _("Choice"))
            for code, name in settings.LANGUAGES:
                self._text(f"choice:{key}:{code}", one["labels"].get(code, ""), name)
            self.fields[f"retired:{key}"] = forms.BooleanField(
                label=_("No longer offered"), required=False, initial=one["retired"]
            )
        area = forms.Textarea(attrs={"rows": 4})
        self.fields["new_choices"] = forms.CharField(
            label=_("More choices") if self.custom_field else _("Choices"),
            required=self.custom_field is None,
            widget=area,
            help_text=_("One on each line, in the order in which they are offered."),
        )

    def _ask_for_currency(self) -> None:
        held = self.custom_field.currency if self.custom_field else ""
        codes = list(dict.fromkeys([*([held] if held else []), *USUAL_CURRENCIES]))
        self.fields["currency"] = forms.CharField(
            label=_("Currency"), max_length=3, initial=held or codes[0], disabled=bool(held),
            help_text=_("Its code of three letters, like EUR. It stays as it is."),
        )  # fmt: skip

    def _ask_how(self) -> None:
        held = self.custom_field
        if self.kind not in (CustomKind.BOOLEAN, *COMPUTED):
            self._box("required", _("Must be filled"), bool(held and held.required))
        if self.kind not in COMPUTED:
            on_form = held.on_form if held else True
            self._box("on_form", _("Asked for in the form of a new record"), on_form)
        if self.kind in (*SEARCHABLE, *COMPUTED) and self.entity.search:
            self._box("searched", _("Found by the search"), bool(held and held.searched))
        if self.kind == CustomKind.ROLLUP and "searched" in self.fields:
            self.fields["searched"].help_text = _(
                "For the last value of a text: who looks for its words finds this record, if they"
                " may see the related one."
            )
        indexed = bool(held and held.indexed)
        self._box("indexed", _("Fast to filter and sort by"), indexed)
        self.fields["indexed"].help_text = _(
            "For fields that are often asked for among many records. The index is made beside your"
            " work."
        )

    def _ask_for_languages(self) -> None:
        held = self.custom_field
        for code, name in settings.LANGUAGES:
            self._text(f"label_{code}", held.labels.get(code, "") if held else "", name)
            self._text(f"help_{code}", held.help.get(code, "") if held else "", name, LONGEST_HELP)

    def _text(self, name: str, initial: str, label: Any, longest: int = LONGEST_LABEL) -> None:
        self.fields[name] = CleanText(
            label=label, max_length=longest, required=False, initial=initial
        )

    def _box(self, name: str, label: Any, initial: bool) -> None:
        self.fields[name] = forms.BooleanField(label=label, required=False, initial=initial)

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not is_currency(code):
            raise forms.ValidationError(_("Write the code of a currency, like EUR."))
        return code

    # --- as the template lays it out ---

    def main(self) -> list[Any]:
        """The inputs that every field has, and those of its kind."""
        names = ("label", "help", "target", "formula", "how", "of_field", "latest", "where", "currency", "decimals", "new_choices", "required",
                 "on_form", "searched", "indexed")  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    def languages(self) -> list[tuple[Any, Any, Any]]:
        """Per language: its name, the input of the label and that of the help."""
        return [
            (name, self[f"label_{code}"], self[f"help_{code}"]) for code, name in settings.LANGUAGES
        ]

    def choice_rows(self) -> list[dict[str, Any]]:
        """The choices there are: the input of the label, those of the languages, and the box."""
        keys = [one["key"] for one in self.custom_field.choices] if self.custom_field else []
        return [
            {
                "key": key,
                "label": self[f"choice:{key}:"],
                "languages": [self[f"choice:{key}:{code}"] for code, _n in settings.LANGUAGES],
                "retired": self[f"retired:{key}"],
            }
            for key in keys
            if f"retired:{key}" in self.fields
        ]

    def wish(self) -> Wish:
        """What was filled in."""
        given: Mapping[str, Any] = self.cleaned_data
        return Wish(
            labels={"": given["label"], **self._by_language("label_")},
            kind=self.kind,
            choices=tuple(self._choices()),
            currency=given.get("currency", ""),
            decimals=given.get("decimals") or 0,
            target=given.get("target", ""),
            formula=given.get("formula", ""),
            rollup=self._rollup(),
            help={"": given["help"], **self._by_language("help_")},
            required=given.get("required", False),
            on_form=given.get("on_form", False),
            searched=given.get("searched", False),
            indexed=given.get("indexed", False),
        )

    def _rollup(self) -> dict[str, str]:
        if self.kind != CustomKind.ROLLUP:
            return {}
        given = self.cleaned_data
        return {"of": self.way[0], "by": self.way[1], "how": given["how"],
                "field": given["of_field"], "latest": given["latest"],
                "where": given["where"]}  # fmt: skip

    def _by_language(self, prefix: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{prefix}{code}"] for code, _n in settings.LANGUAGES}

    def _choices(self) -> list[dict[str, Any]]:
        given, found = self.cleaned_data, []
        for one in self.custom_field.choices if self.custom_field else ():
            key = one["key"]
            if f"retired:{key}" not in given:
                continue
            labels = {"": given[f"choice:{key}:"], **self._by_language(f"choice:{key}:")}
            found.append({"key": key, "labels": labels, "retired": given[f"retired:{key}"]})
        lines = (line.strip() for line in given.get("new_choices", "").splitlines())
        return [*found, *({"labels": {"": line}} for line in lines if line)]


def _initial(custom_field: CustomField | None) -> dict[str, Any]:
    if custom_field is None:
        return {}
    return {
        "label": custom_field.labels.get("", ""),
        "help": custom_field.help.get("", ""),
        "decimals": custom_field.decimals,
    }
