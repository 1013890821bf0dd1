"""What a customer fills in: their own fields with the inputs they have inside, and their consent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.parties.confirming.asking import SHOW, channels_of, still_asked
from vinculo.parties.confirming.consent import allowed
from vinculo.parties.confirming.models import ConfirmLink
from vinculo.parties.confirming.values import frozen, present, told
from vinculo.parties.contacts import points_of
from vinculo.parties.models import ContactKind, Party
from vinculo.parties.understanding import country_of, understand
from vinculo.platform.refusals import sentence
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import comparable, input_for, raw_value, with_held
from vinculo.records.registry import entity

#: Nobody is called nothing; everything else a customer may leave empty.
REQUIRED = ("name",)
AUTOCOMPLETE = {
    "name": "organization",
    "given_name": "given-name",
    "family_name": "family-name",
    "phone": "tel",
    "email": "email",
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "country": "country",
    "birthday": "bday",
    "website": "url",
}
CHANNELS = {
    ContactKind.PHONE: _("May we phone you?"),
    ContactKind.EMAIL: _("May we write you e-mails?"),
    ContactKind.ADDRESS: _("May we send you post?"),
    ContactKind.SOCIAL: _("May we write to you in social networks?"),
}
YES, NO = "yes", "no"
SAID = [(YES, _("Yes")), (NO, _("No"))]


class ConfirmForm(forms.Form):
    """The fields of one link. Only what it asks is read: other inputs that are sent do nothing."""

    def __init__(self, link: ConfirmLink, data: Any = None) -> None:
        self.link, self.party = link, link.party
        asked = still_asked(link)
        self.own = {name: field for name, (field, mode) in asked.items() if mode != SHOW}
        self.shown = [
            (field, told(field, present(field, self.party)))
            for field, mode in asked.values()
            if mode == SHOW
        ]
        self.held = {name: raw_value(field, self.party) for name, field in self.own.items()}
        points = points_of(self.party)
        self.channels = {one: allowed(points, one) for one in channels_of(link, points)}
        first = {f"consent_{one}": YES if yes else NO for one, yes in self.channels.items()}
        super().__init__(data, initial={**self.held, **first})
        for name, field in self.own.items():
            self.fields[name] = _input(field, self.held[name])
        for one in self.channels:
            self.fields[f"consent_{one}"] = forms.ChoiceField(
                label=CHANNELS[ContactKind(one)],
                choices=SAID,
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def facts(self) -> list[Any]:
        """The inputs of their own fields."""
        return [self[name] for name in self.own]

    @property
    def consents(self) -> list[Any]:
        """The inputs of the ways they may be contacted."""
        return [self[f"consent_{one}"] for one in self.channels]

    @property
    def told_was(self) -> str:
        """What the fields held when the page was opened: what somebody inside changes meanwhile is
        no correction of the customer's."""
        if self.is_bound and self.data.get("_was"):
            return str(self.data["_was"])
        return json.dumps({name: comparable(value) for name, value in self.held.items()})

    def _was(self) -> dict[str, str]:
        try:
            told_values = json.loads(self.data.get("_was", "") or "{}")
        except (ValueError, RecursionError):
            return {}
        return told_values if isinstance(told_values, dict) else {}

    def corrected(self) -> dict[str, Any]:
        """Field → new value, of what the customer has changed."""
        was = self._was()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.own
            and comparable(value) != was.get(name, comparable(self.held[name]))
            and frozen(value) != frozen(self.held[name])
        }

    def said(self) -> dict[str, bool]:
        """Channel → whether they may be reached by it, of those the customer has said anew."""
        return {
            one: answer == YES
            for one, yes in self.channels.items()
            if (answer := self.cleaned_data.get(f"consent_{one}")) and (answer == YES) is not yes
        }

    def clean(self) -> dict[str, Any]:
        """Every value by the rules that hold for it inside, said on its input."""
        values = super().clean() or {}
        if not self.errors:
            for name, message in refusals(self.party, self.corrected()).items():
                self.add_error(name if name in self.fields else None, message)
        return values


def refusals(party: Party, values: Mapping[str, Any]) -> dict[str, str]:
    """Field → why its new value cannot be, as the record machinery would refuse it."""
    found = {}
    declared = entity(f"parties.{party.kind}")
    try:
        if declared.prepare is not None:
            # It asks whoever writes for nothing where no other record is named.
            declared.prepare(party.owner, party, dict(values))  # type: ignore[arg-type]
    except DomainError as error:
        found[error.field or ""] = sentence(error)
    if values.get("email"):
        try:
            understand(ContactKind.EMAIL, values["email"], country_of(party))
        except DomainError as error:
            found["email"] = sentence(error)
    return found


def _input(field: Field, held: Any) -> forms.Field:
    bare = replace(with_held(field, held), required=field.name in REQUIRED, suggests="", help="")
    made = input_for(bare, None)  # type: ignore[arg-type] # no reference is ever asked
    if field.name in AUTOCOMPLETE:
        made.widget.attrs["autocomplete"] = AUTOCOMPLETE[field.name]
    if field.kind is Kind.LONG_TEXT or field.name in ("name", "street", "email"):
        made.wide = True  # type: ignore[attr-defined]
    return made
