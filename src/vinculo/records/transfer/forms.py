"""The choices of the wizard's second step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.countries import country_choices
from vinculo.platform.clean_text import CleanText
from vinculo.records.external import LONGEST_SOURCE
from vinculo.records.fields import Label
from vinculo.records.transfer.encodings import ENCODINGS
from vinculo.records.transfer.plan import Plan
from vinculo.records.transfer.vcards import VCARD

_DELIMITERS = ((",", _("Comma ,")), (";", _("Semicolon ;")), ("\t", _("Tab")), ("|", _("Bar |")))
_VCARDS = (VCARD, "vCard")
_MODES = (
    ("create", _("Create new records, skip known ones")),
    ("update", _("Update known records, skip new ones")),
    ("both", _("Create new records and update known ones")),
)
_ORDERS = (
    ("", _("As the columns suggest")),
    ("dmy", _("Day, month, year")),
    ("mdy", _("Month, day, year")),
    ("ymd", _("Year, month, day")),
)
_MARKS = (("", _("As the columns suggest")), (".", "1,234.56"), (",", "1.234,56"))


class ReadingForm(forms.Form):
    """How the file is read: what was guessed, to be changed."""

    entity = forms.ChoiceField(label=_("Each row is one of"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Columns are separated by"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        plan: Plan,
        sheets: Sequence[str],
        entity: str,
        kinds: Sequence[tuple[str, Label]],
    ) -> None:
        initial = {"encoding": plan.encoding, "delimiter": plan.delimiter, "sheet": plan.sheet}
        super().__init__(data, initial={**initial, "entity": entity})
        self._choose("entity", list(kinds))
        if sheets:
            del self.fields["encoding"], self.fields["delimiter"]
            self._choose("sheet", [(name, name) for name in sheets])
            return
        del self.fields["sheet"]
        encodings = dict(ENCODINGS)
        encodings.setdefault(plan.encoding, plan.encoding.upper())
        self._choose("encoding", list(encodings.items()))
        delimiters: list[tuple[str, Label]] = list(_DELIMITERS)
        if plan.delimiter not in dict(delimiters):
            own = (plan.delimiter, plan.delimiter)
            delimiters = [_VCARDS] if plan.delimiter == VCARD else [*delimiters, own]
        self._choose("delimiter", delimiters)

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class OptionsForm(forms.Form):
    """What is done with known records and with values that do not fit."""

    mode = forms.ChoiceField(label=_("What to do"), choices=_MODES)
    key = forms.ChoiceField(
        label=_("Records are known by"),
        required=False,
        help_text=_("A row whose value is found is that record."),
    )
    system = CleanText(
        label=_("System of the ids"),
        required=False,
        max_length=LONGEST_SOURCE,
        help_text=_(
            "Where a column “ID in another system” comes from, such as shop. Leave it empty when"
            " the cells say so: shop:A-17."
        ),
    )
    country = forms.ChoiceField(
        label=_("Country of the phone numbers"),
        required=False,
        help_text=_("For numbers without country code in rows that name no country."),
    )
    date_order = forms.ChoiceField(label=_("Dates are written"), required=False, choices=_ORDERS)
    decimal = forms.ChoiceField(label=_("Numbers are written"), required=False, choices=_MARKS)
    makes = CleanText(
        required=False,
        max_length=80,
        help_text=_(
            "A name here: it is made, or what it lacks is added. Empty: the rows must fit what is"
            " there."
        ),
    )
    lenient = forms.BooleanField(
        label=_("Leave out values that do not fit"),
        required=False,
        help_text=_("Otherwise a row with such a value is refused and returned to you."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        plan: Plan,
        keys: Sequence[tuple[str, Label]],
        styled: bool,
        makes: Label = "",
    ) -> None:
        super().__init__(
            data,
            initial={
                "mode": plan.mode,
                "key": plan.key,
                "system": plan.system,
                "country": plan.country,
                "date_order": plan.date_order,
                "decimal": plan.decimal,
                "lenient": plan.lenient,
                "makes": plan.makes,
            },
        )
        key = self.fields["key"]
        country = self.fields["country"]
        assert isinstance(key, forms.ChoiceField)
        assert isinstance(country, forms.ChoiceField)
        key.choices = [("", _("Nothing: every row is new")), *keys]
        country.choices = [("", "—"), *country_choices(get_language() or "en")]
        self.fields["makes"].label = str(makes)
        if not makes:
            del self.fields["makes"]
        if not styled:
            del self.fields["date_order"], self.fields["decimal"]
