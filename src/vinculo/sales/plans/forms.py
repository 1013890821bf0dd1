"""What is asked to begin a plan, and to make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.kernel.clock import now
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.sales.deals.forms import DealForm, day_input
from vinculo.sales.deals.models import Deal
from vinculo.sales.plans.models import ActivityPlan

if TYPE_CHECKING:
    from vinculo.sales.plans.actions import Step

#: Inputs of so many steps stand in the form; a longer plan has some more.
EMPTY_ROWS, LEAST_ROWS = 2, 5


class StartPlanForm(DealForm):
    """Which plan, counted from which day."""

    plan = forms.ModelChoiceField(ActivityPlan.objects.none(), label=_("Plan"), empty_label=None)
    on = forms.DateField(label=_("From"), widget=day_input())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        plan: Any = self.fields["plan"]
        plan.queryset = ActivityPlan.objects.filter(is_active=True).order_by("place", "pk")

    def first_values(self, record: Deal | None) -> dict[str, Any]:
        """From today on."""
        return {"on": timezone.localdate(now())}


class PlanForm(forms.Form):
    """A plan with its steps, one in a row."""

    name = CleanText(label=_("Name"), max_length=80)
    is_active = forms.BooleanField(
        label=pgettext_lazy("a plan", "Offered"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, plan: ActivityPlan | None = None) -> None:
        held = list(plan.steps.order_by("place", "pk")) if plan is not None else []
        first: dict[str, Any] = {}
        if plan is not None:
            first = {"name": plan.name, "is_active": plan.is_active}
        self.rows = max(len(held) + EMPTY_ROWS, LEAST_ROWS)
        if data is not None:
            self.rows = min(max(self.rows, _rows_in(data)), 40)
        super().__init__(data, initial=first)
        for at in range(self.rows):
            step = held[at] if at < len(held) else None
            self.fields[f"title_{at}"] = CleanText(
                label=_("Task"), max_length=160, required=False,
                initial=step.title if step else None,
            )  # fmt: skip
            self.fields[f"days_{at}"] = forms.IntegerField(
                label=_("Days after the start"), min_value=0, max_value=3650, required=False,
                initial=step.days if step else None,
            )  # fmt: skip
            self.fields[f"doer_{at}"] = forms.ModelChoiceField(
                User.objects.filter(is_active=True), label=_("Who does it"), required=False,
                empty_label=_("Owner of the deal"), initial=step.doer_id if step else None,
            )  # fmt: skip

    @property
    def steps(self) -> list[list[forms.BoundField]]:
        """The inputs of each step."""
        names = ("title", "days", "doer")
        return [[self[f"{name}_{at}"] for name in names] for at in range(self.rows)]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        from vinculo.sales.plans.actions import Step

        data = self.cleaned_data
        steps: list[Step] = [
            Step(data[f"title_{at}"], data.get(f"days_{at}") or 0, data.get(f"doer_{at}"))
            for at in range(self.rows)
            if data.get(f"title_{at}")
        ]
        return {"name": data["name"], "is_active": data["is_active"], "steps": steps}


def _rows_in(data: Any) -> int:
    return sum(1 for name in data if name.startswith("title_"))
