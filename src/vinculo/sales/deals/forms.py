"""What the verbs of deals ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.kernel.clock import now
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.records.forms import RowChoice
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends


def day_input() -> forms.DateInput:
    """An input for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DealForm(forms.Form):
    """A form about one deal, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Deal | None = None
    ) -> None:
        super().__init__(data, files, initial=self.first_values(record))
        self.user, self.record = user, record

    def first_values(self, record: Deal | None) -> dict[str, Any]:
        """What the inputs hold when the form is opened."""
        return {}


class _CloseForm(DealForm):
    ends = Ends.WON

    reason = RowChoice(label=pgettext_lazy("of winning or losing", "Reason"))
    closed_on = forms.DateField(label=_("On"), widget=day_input())
    note = CleanText(label=_("How it ended"), max_length=500, required=False)
    lesson = CleanText(label=_("What we learn from it"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [
            (one.pk, one.name)
            for one in known().reasons.values()
            if one.ends == self.ends and one.is_active
        ]
        field: Any = self.fields["reason"]
        field.choices = [("", "—"), *offered]
        field.required = bool(offered) and self.ends == Ends.LOST

    def first_values(self, record: Deal | None) -> dict[str, Any]:
        """Today."""
        return {"closed_on": timezone.localdate(now())}


class WinForm(_CloseForm):
    """How a deal was won."""


class LoseForm(_CloseForm):
    """Why a deal was lost."""

    ends = Ends.LOST


class ReopenForm(DealForm):
    """Where a closed deal goes on."""

    stage = RowChoice(label=pgettext_lazy("of a pipeline", "Stage"))
    close_on = forms.DateField(label=_("Close date"), widget=day_input(), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["stage"]
        pipeline = self.record.pipeline_id if self.record is not None else 0
        field.choices = [
            (one.pk, one.name) for one in known().stages_of(pipeline) if one.ends == Ends.OPEN
        ]


class NextStepForm(DealForm):
    """What is to be done next, and when."""

    what = CleanText(label=_("Next step"), max_length=190)
    on = forms.DateField(label=_("On"), widget=day_input())
