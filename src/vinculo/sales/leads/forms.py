"""What the verbs of leads ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.sales.leads.models import Lead, Why


class LeadForm(forms.Form):
    """A form about one lead, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Lead | None = None
    ) -> None:
        super().__init__(data, files)
        self.user, self.record = user, record


class DisqualifyForm(LeadForm):
    """Why a lead is none."""

    why = forms.ChoiceField(label=_("Disqualified because"), choices=Why.choices)
    note = CleanText(label=_("Note"), max_length=500, required=False)
