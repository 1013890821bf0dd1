"""What administrators set: which fields customers are asked, and what becomes of corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import pgettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.parties.confirming.asking import (
    APPROVE,
    DIRECT,
    LONGEST,
    MODES,
    SHORTEST,
    SHOW,
    Asking,
    asking,
    offered,
)
from vinculo.parties.confirming.models import ConfirmSettings
from vinculo.parties.models import Kind
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User

CHOICES = [
    ("", pgettext_lazy("to the customer", "Not shown")),
    (SHOW, pgettext_lazy("to the customer", "Shown only")),
    (APPROVE, pgettext_lazy("corrections", "By approval")),
    (DIRECT, pgettext_lazy("corrections", "At once")),
]


class SettingForm(forms.Form):
    """Field by field what customers of one kind are asked."""

    consent = forms.BooleanField(
        label=_t("Ask how they may be contacted"),
        required=False,
        help_text=_t("What they say holds at once, whatever the fields say."),
    )
    days = forms.IntegerField(label=_t("Days a link works"), min_value=SHORTEST, max_value=LONGEST)

    def __init__(self, data: Any = None, *, kind: str) -> None:
        held: Asking = asking(kind)
        super().__init__(data, initial={"consent": held.consent, "days": held.days})
        self.names = list(offered(kind))
        for name, field in offered(kind).items():
            self.fields[f"field_{name}"] = forms.ChoiceField(
                label=str(field.label or name),
                choices=CHOICES,
                required=False,
                initial=held.fields.get(name, ""),
            )

    @property
    def modes(self) -> list[forms.BoundField]:
        """The inputs of the fields."""
        return [self[f"field_{name}"] for name in self.names]

    def as_told(self) -> dict[str, Any]:
        """The settings as the action takes them."""
        values = self.cleaned_data
        chosen = {name: values[f"field_{name}"] for name in self.names}
        return {
            "fields": {name: mode for name, mode in chosen.items() if mode},
            "consent": values["consent"],
            "days": values["days"],
        }


@action("parties.set_confirming", label=_t("Choose what customers confirm"), granted=False)
def set_confirming(
    *, actor: User, kind: str, fields: Mapping[str, str], consent: bool, days: int
) -> ConfirmSettings:
    """Choose what companies or people are asked: field → show, approve or direct; links made from
    now on work for so many days. Links that are on their way ask no more than that."""
    administrators_only(actor)
    if kind not in Kind.values:
        raise DomainError(_("Choose a record type from the list."), field="kind")
    known = offered(kind)
    if any(name not in known or mode not in MODES for name, mode in fields.items()):
        raise DomainError(_("One of the fields cannot be asked. Load the page again."))
    if not SHORTEST <= days <= LONGEST:
        raise DomainError(
            _("A link works for %(least)s to %(most)s days."),
            field="days",
            least=SHORTEST,
            most=LONGEST,
        )
    row = ConfirmSettings.objects.select_for_update().filter(kind=kind).first()
    row = row or ConfirmSettings(kind=kind)
    row.fields, row.consent, row.days = dict(fields), consent, days
    row.save()
    journal.relabel(str(Kind(kind).label))
    return row
