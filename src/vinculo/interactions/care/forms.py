"""What a rule of care asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.care.models import CareRule, What
from vinculo.parties.models import State

MOST_DAYS = {What.BIRTHDAY: 60, What.CUSTOMER_SINCE: 60, What.NO_CONTACT: 3_650}


class CareForm(forms.Form):
    """On what occasion, for whom."""

    what = forms.ChoiceField(label=_("Occasion"), choices=What.choices)
    days = forms.IntegerField(
        label=_("Days"),
        min_value=0,
        max_value=3_650,
        initial=7,
        help_text=_("So many days before an anniversary (60 at most), or without contact."),
    )
    party_kind = forms.ChoiceField(
        label=_("For"),
        required=False,
        choices=[
            ("", _("Companies and people")),
            ("company", _("Companies")),
            ("person", _("People")),
        ],
    )
    states = forms.MultipleChoiceField(
        label=_("Only in these states"),
        choices=State.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: in all of them."),
    )

    def __init__(self, data: Any = None, *, rule: CareRule | None = None) -> None:
        names = ("what", "days", "party_kind", "states")
        initial = {name: getattr(rule, name) for name in names} if rule is not None else None
        super().__init__(data, initial=initial)
