"""What is asked to make a rule of points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.records.computed.forms import LONGEST_ADDRESS, FiltersField
from vinculo.records.registry import find
from vinculo.sales.scoring.points.counting import KEYS
from vinculo.sales.scoring.points.models import MOST_POINTS, PointRule


class PointRuleForm(forms.Form):
    """Which records get how many points, and why."""

    entity = forms.ChoiceField(label=_("Record type"))
    where = FiltersField(
        label=pgettext_lazy("a rule of points", "Which"),
        max_length=LONGEST_ADDRESS,
        help_text=_("Open the list, filter it, and copy its address here."),
    )
    points = forms.IntegerField(
        label=_("Points"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=_("Less than 0 takes points away."),
    )
    reason = CleanText(label=_("Reason"), max_length=120)
    is_active = forms.BooleanField(
        label=pgettext_lazy("a rule of points", "On"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, rule: PointRule | None = None) -> None:
        names = ("entity", "where", "points", "reason", "is_active")
        super().__init__(
            data, initial={name: getattr(rule, name) for name in names} if rule else None
        )
        choice: Any = self.fields["entity"]
        choice.choices = [(key, one.label_plural) for key in KEYS if (one := find(key)) is not None]
