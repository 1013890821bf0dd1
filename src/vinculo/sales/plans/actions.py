"""The verbs of plans: begin one for a deal; administrators look after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _t

from vinculo.interactions.actions.tasks import add_task
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User
from vinculo.sales.deals.actions import DEAL, change, is_open
from vinculo.sales.deals.models import Deal
from vinculo.sales.plans.forms import StartPlanForm
from vinculo.sales.plans.models import ActivityPlan, PlanStep

MOST_STEPS = 30
LONGEST = 3650


@dataclass(frozen=True)
class Step:
    """A task so many days after the start; `doer` None is whoever owns the deal."""

    title: str
    days: int
    doer: User | None = None


@action(
    "sales.start_plan",
    label=_t("Start a plan"),
    done=_t("Plan started."),
    form=StartPlanForm,
    on=DEAL,
    subject="deal",
    icon="list-ordered",
    order=30,
    offered=is_open,
)
def start_plan(*, actor: User, deal: Deal, plan: ActivityPlan, on: date) -> list[Task]:
    """Promise every step of a plan: a task each, counted from a day; the first to come is the next
    step of the deal."""
    today = timezone.localdate(now())
    if on < today - timedelta(days=LONGEST) or on > today + timedelta(days=LONGEST):
        raise DomainError(_("This day cannot be right."), field="on")
    steps = list(plan.steps.order_by("days", "place", "pk").select_related("doer"))
    if not steps or not plan.is_active:
        raise DomainError(_("This plan has no steps."), field="plan")
    fresh = change(actor, deal, _next_step(steps, on, today))
    made = []
    for step in steps:
        doer = step.doer if step.doer is not None and step.doer.is_active else fresh.owner
        made.append(
            add_task(
                actor=actor,
                title=f"{step.title} ({fresh.name})"[:200],
                party=fresh.customer,
                due_on=on + timedelta(days=step.days),
                owner=doer if doer is not None and doer.pk != actor.pk else None,
            )
        )
    first = next((task for task in made if task.due_on and task.due_on >= today), None)
    Deal.objects.filter(pk=fresh.pk).update(next_task_id=first.pk if first else None)
    journal.relabel(f"{fresh.name}: {plan.name}")
    return made


def _next_step(steps: Sequence[PlanStep], on: date, today: date) -> dict[str, object]:
    for step in steps:
        day = on + timedelta(days=step.days)
        if day >= today:
            return {"next_step": step.title, "next_step_on": day}
    return {}


@action("sales.save_plan", label=_t("Change an activity plan"), granted=False)
def save_plan(
    *,
    actor: User,
    plan: ActivityPlan | None = None,
    name: str,
    steps: Sequence[Step],
    is_active: bool = True,
) -> ActivityPlan:
    """A new plan with its steps, or another one; what was promised by it stays."""
    administrators_only(actor)
    called = clean(name)[:80]
    if not called:
        raise DomainError(_("Write a name."), field="name")
    wanted = [one for one in steps if clean(one.title)]
    if not wanted:
        raise DomainError(_("A plan needs at least one step."), field="steps")
    if len(wanted) > MOST_STEPS:
        raise DomainError(_("A plan has at most %(most)s steps."), "steps", most=MOST_STEPS)
    if any(not 0 <= one.days <= LONGEST for one in wanted):
        raise DomainError(_("The days of a step cannot be right."), field="steps")
    last = ActivityPlan.objects.aggregate(last=Max("place"))["last"] or 0
    made = plan or ActivityPlan(place=last + 1)
    made.name, made.is_active = called, is_active
    made.save()
    made.steps.all().delete()
    for place, one in enumerate(wanted):
        PlanStep.objects.create(
            plan=made, place=place, title=clean(one.title)[:160], days=one.days, doer=one.doer
        )
    journal.relabel(called)
    return made


@action("sales.delete_plan", label=_t("Delete an activity plan"), granted=False)
def delete_plan(*, actor: User, plan: ActivityPlan) -> None:
    """Delete a plan; what was promised by it stays."""
    administrators_only(actor)
    journal.relabel(plan.name)
    plan.delete()
