"""What a web form may ask, and what a stranger fills in: plain inputs, no choice among records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.records.fields import Field
from vinculo.records.forms import input_for
from vinculo.records.registry import entity
from vinculo.sales.webforms.models import WebForm

#: Fields of a lead that strangers may be asked, in the order of the form.
OFFERED = ("given_name", "family_name", "company_name", "email", "phone", "website", "city",
           "country", "interest", "notes")  # fmt: skip
#: Of these a form asks one at least: who says none of them has left nothing.
TELLING = ("given_name", "family_name", "company_name", "email", "phone")
ASKED, REQUIRED = "asked", "required"
#: Kept of what an address says about where it was found.
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
LONGEST_UTM = 120
LONGEST_NOTES = 4000
#: An input that people do not see and programs fill in.
TRAP = "fax"
AUTOCOMPLETE = {
    "given_name": "given-name",
    "family_name": "family-name",
    "company_name": "organization",
    "email": "email",
    "phone": "tel",
    "website": "url",
    "city": "address-level2",
    "country": "country",
}
USUAL_LABELS = {"notes": _("Message")}


def usual_label(name: str) -> Any:
    """What a field is called on a form unless the form says otherwise."""
    return USUAL_LABELS.get(name) or entity("sales.lead").all_fields[name].label


class StrangersForm(forms.Form):
    """The fields of one web form, in one language. Nothing else that is sent is read."""

    def __init__(self, form: WebForm, language: str, data: Any = None) -> None:
        super().__init__(data)
        declared = entity("sales.lead").all_fields
        for name in OFFERED:
            if name in form.fields:
                label = form.labels.get(name, {}).get(language) or usual_label(name)
                needed = form.fields[name] == REQUIRED
                self.fields[name] = _input(replace(declared[name], label=label, required=needed))
        self.asked = list(self.fields)
        consent = form.said("consent", language)
        if consent:
            self.fields["consent"] = forms.BooleanField(label=consent)
        self.fields[TRAP] = forms.CharField(required=False, max_length=200)
        for name in UTM:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def facts(self) -> list[forms.BoundField]:
        """The inputs of the lead's fields."""
        return [self[name] for name in self.asked]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the address said of where it was found, to be sent along."""
        return [(name, str(self[name].value() or "")) for name in UTM if self[name].value()]

    def values(self) -> dict[str, Any]:
        """Field → clean value, of what was filled in."""
        return {name: self.cleaned_data[name] for name in self.asked if self.cleaned_data[name]}

    def utm(self) -> dict[str, str]:
        """What the address said of where it was found."""
        return {name: self.cleaned_data[name] for name in UTM if self.cleaned_data[name]}

    def clean(self) -> dict[str, Any]:
        """Control signs and what is too long of an address's words are cut off, never refused."""
        values = super().clean() or {}
        for name in UTM:
            values[name] = utm_word(values.get(name))
        return values


def utm_word(text: Any) -> str:
    """A word of an address as it is kept."""
    return "".join(one for one in str(text or "") if one.isprintable()).strip()[:LONGEST_UTM]


def _input(field: Field) -> forms.Field:
    nobody = cast("User", None)  # asked only for references to records, of which there are none
    made: forms.Field = input_for(field, nobody)
    if field.name == "notes":
        area = forms.Textarea(attrs={"rows": 4})
        made = CleanText(
            label=str(field.label), required=bool(field.required), many_lines=True,
            max_length=LONGEST_NOTES, widget=area,
        )  # fmt: skip
        made.wide = True  # type: ignore[attr-defined]
    if field.name in AUTOCOMPLETE:
        made.widget.attrs["autocomplete"] = AUTOCOMPLETE[field.name]
    return made
