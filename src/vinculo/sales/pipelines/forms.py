"""What the pages of pipelines ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team
from vinculo.records.registry import entity
from vinculo.sales.deals.models import CloseReason
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Category, Ends, Pipeline, Stage

#: Fields of a deal that no stage can ask for: they are there always, or follow from others.
NEVER_ASKED = ("name", "pipeline", "stage", "status", "currency", "closed_on", "opened_on")


class PipelineForm(forms.Form):
    """What a pipeline is called, and whose it is."""

    name = CleanText(label=_("Name"), max_length=80)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=_("Team"),
        required=False,
        help_text=_("Empty: for everybody."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, pipeline: Pipeline | None = None) -> None:
        held = (
            {"name": pipeline.name, "team": pipeline.team_id, "is_active": pipeline.is_active}
            if pipeline is not None
            else None
        )
        super().__init__(data, initial=held)
        if pipeline is None:
            del self.fields["is_active"]


class StageForm(forms.Form):
    """A stage: how likely deals are won from it, and what it asks of them."""

    name = CleanText(label=_("Name"), max_length=80)
    ends = forms.ChoiceField(label=_("Deals here are"), choices=Ends.choices)
    probability = forms.IntegerField(
        label=_("Probability (%)"), min_value=0, max_value=100, initial=10
    )
    category = forms.ChoiceField(label=_("Forecast category"), choices=Category.choices[:-1])
    rotten_days = forms.IntegerField(
        label=_("Stale after days"), min_value=1, max_value=3650, required=False
    )
    required = forms.MultipleChoiceField(
        label=_("Must be filled in before a deal comes here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    checklist = CleanText(
        label=_("Checklist"),
        many_lines=True,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One entry in a line."),
    )
    leads_to = forms.TypedMultipleChoiceField(
        label=_("From here deals go to"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: to any stage."),
    )

    def __init__(self, data: Any = None, *, pipeline: Pipeline, stage: Stage | None = None) -> None:
        super().__init__(data, initial=_held(stage))
        fields = entity("sales.deal").all_fields.values()
        asked: Any = self.fields["required"]
        asked.choices = [
            (one.name, one.label)
            for one in fields
            if one.editable and not one.computed and one.name not in NEVER_ASKED
        ]
        leads: Any = self.fields["leads_to"]
        leads.choices = [
            (one.pk, one.name)
            for one in known().stages_of(pipeline.pk)
            if stage is None or one.pk != stage.pk
        ]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        return {**data, "checklist": data["checklist"].splitlines()}


def _held(stage: Stage | None) -> dict[str, Any] | None:
    if stage is None:
        return None
    names = ("name", "ends", "probability", "category", "rotten_days", "required", "leads_to")
    held = {name: getattr(stage, name) for name in names}
    return {**held, "checklist": "\n".join(one["text"] for one in stage.checklist)}


class ReasonForm(forms.Form):
    """A reason that deals are won or lost for."""

    name = CleanText(label=_("Name"), max_length=80)
    ends = forms.ChoiceField(label=_("Deals are"), choices=Ends.choices[1:])
    is_active = forms.BooleanField(
        label=pgettext_lazy("a reason", "Offered"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, reason: CloseReason | None = None) -> None:
        held = (
            {"name": reason.name, "ends": reason.ends, "is_active": reason.is_active}
            if reason is not None
            else {"ends": Ends.LOST, "is_active": True}
        )
        super().__init__(data, initial=held)
