"""The inputs of a formula and of a roll-up."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import CustomField
from vinculo.records.computed.formulas.parsing import LONGEST
from vinculo.records.computed.formulas.types import What, readable, type_of
from vinculo.records.computed.plans import plan_of
from vinculo.records.fields import Field
from vinculo.records.registry import entity

HOW = [
    ("count", pgettext_lazy("roll-up", "How many there are")),
    ("sum", pgettext_lazy("roll-up", "The sum of a field")),
    ("min", pgettext_lazy("roll-up", "The smallest or earliest value")),
    ("max", pgettext_lazy("roll-up", "The largest or latest value")),
    ("last", pgettext_lazy("roll-up", "The value in the last record")),
]
LONGEST_ADDRESS = 2_000


def formula_input(custom_field: CustomField | None) -> forms.Field:
    """Where the formula is typed."""
    area = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "off",
                                 "class": "mono", "data-formula": True})  # fmt: skip
    return forms.CharField(
        label=pgettext_lazy("kind of field", "Formula"), max_length=LONGEST, widget=area,
        initial=custom_field.formula if custom_field else "",
        strip=True,
    )  # fmt: skip


class FiltersField(CleanText):
    """Filters as the address of a list writes them; a whole address is cut to them."""

    def clean(self, value: object) -> str:
        """Only what filters: the page and the columns of the list do not matter."""
        text = str(super().clean(value)).strip()
        query = urlsplit(text).query if "?" in text else text
        return urlencode([pair for pair in parse_qsl(query) if "." in pair[0]])


def rollup_inputs(told: Mapping[str, str]) -> dict[str, forms.Field]:
    """What becomes of the related records: how, of which field, and of which of them."""
    related = entity(told["of"])
    fields = [one for one in related.all_fields.values() if readable(one)]
    usable = [("", "—"), *((one.name, one.label) for one in fields if _gives(related.key, one))]
    dated = [(one.name, one.label) for one in fields if _dated(related.key, one)]
    return {
        "how": forms.ChoiceField(
            label=pgettext_lazy("roll-up", "What is wanted"), choices=HOW, initial=told.get("how")
        ),
        "of_field": forms.ChoiceField(
            label=pgettext_lazy("roll-up", "Of which field"), choices=usable, required=False,
            initial=told.get("field"),
            help_text=_("Not needed to count."),
        ),
        "latest": forms.ChoiceField(
            label=pgettext_lazy("roll-up", "The last one is the one with the latest"),
            choices=dated, required=False, initial=told.get("latest") or "created_at",
        ),
        "where": FiltersField(
            label=pgettext_lazy("roll-up", "Only those that match"), required=False,
            max_length=LONGEST_ADDRESS, initial=told.get("where", ""),
            help_text=_(
                "Open the list of these records, filter it, and copy its address here. Empty: all."
            ),
        ),
    }  # fmt: skip


def _what(key: str, field: Field) -> What:
    if not field.computed:
        return type_of(field).what
    from vinculo.records.computed.seen import definition_of

    definition = definition_of(key, field.custom)
    assert definition is not None
    plan = plan_of(definition)
    return What.LIST if plan.rolls else plan.type.what


def _gives(key: str, field: Field) -> bool:
    return _what(key, field) not in (What.LIST, What.RECORD)


def _dated(key: str, field: Field) -> bool:
    return _what(key, field) in (What.DATE, What.MOMENT)
