"""The verbs of deals: win, lose, reopen, promise the next step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _t

from vinculo.interactions.actions.tasks import add_task
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit, on
from vinculo.platform.models import Event, User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record
from vinculo.sales.deals.forms import LoseForm, NextStepForm, ReopenForm, WinForm
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends, Stage

DEAL = "sales.deal"


def is_open(deal: Deal) -> bool:
    """It is not decided."""
    return deal.status == Ends.OPEN


def is_closed(deal: Deal) -> bool:
    """It is won or lost."""
    return deal.status != Ends.OPEN


@action(
    "sales.win_deal",
    label=_t("Win"),
    done=_t("Deal won."),
    form=WinForm,
    on=DEAL,
    subject="deal",
    icon="trophy",
    order=10,
    offered=is_open,
)
def win_deal(
    *,
    actor: User,
    deal: Deal,
    reason: int | None = None,
    closed_on: date | None = None,
    note: str = "",
    lesson: str = "",
) -> Deal:
    """Close a deal as won, on a day, for a reason."""
    return _close(actor, deal, Ends.WON, reason, closed_on, note, lesson)


@action(
    "sales.lose_deal",
    label=_t("Lose"),
    done=_t("Deal lost."),
    form=LoseForm,
    on=DEAL,
    subject="deal",
    icon="circle-x",
    order=20,
    offered=is_open,
)
def lose_deal(
    *,
    actor: User,
    deal: Deal,
    reason: int | None = None,
    closed_on: date | None = None,
    note: str = "",
    lesson: str = "",
) -> Deal:
    """Close a deal as lost, on a day, for a reason, with what there is to learn from it."""
    return _close(actor, deal, Ends.LOST, reason, closed_on, note, lesson)


def _close(
    actor: User,
    deal: Deal,
    ends: Ends,
    reason: int | None,
    closed_on: date | None,
    note: str,
    lesson: str,
) -> Deal:
    deal = held(actor, deal)
    if is_closed(deal):
        raise DomainError(_("This deal is closed already. Reopen it first."))
    stage = next((one for one in known().stages_of(deal.pipeline_id) if one.ends == ends), None)
    if stage is None:
        raise DomainError(_("This pipeline has no stage for that. Add one in the settings."))
    told = {"reason": reason, "close_note": clean(note), "lesson": clean(lesson)}
    return change(
        actor,
        deal,
        {
            "stage": stage,
            "closed_on": closed_on or timezone.localdate(now()),
            **{name: value for name, value in told.items() if value},
        },
    )


@action(
    "sales.reopen_deal",
    label=_t("Reopen"),
    done=_t("Deal reopened."),
    form=ReopenForm,
    on=DEAL,
    subject="deal",
    icon="rotate-ccw",
    order=10,
    offered=is_closed,
)
def reopen_deal(
    *, actor: User, deal: Deal, stage: int | Stage, close_on: date | None = None
) -> Deal:
    """Take up a closed deal again in an open stage; its past stays what it was."""
    deal = held(actor, deal)
    if is_open(deal):
        raise DomainError(_("This deal is still open."))
    found = stage if isinstance(stage, Stage) else known().stages.get(int(stage))
    if found is None or found.ends != Ends.OPEN:
        raise DomainError(_("Choose an open stage."), field="stage")
    data: dict[str, Any] = {"stage": found}
    return change(actor, deal, {**data, "close_on": close_on} if close_on else data)


@action(
    "sales.plan_next_step",
    label=_t("Plan next step"),
    done=_t("Next step planned."),
    form=NextStepForm,
    on=DEAL,
    subject="deal",
    icon="circle-arrow-right",
    order=5,
    offered=is_open,
)
def plan_next_step(*, actor: User, deal: Deal, what: str, on: date) -> Task:
    """Promise what is done next for a deal: a task with its customer, for whoever owns the deal."""
    if on < timezone.localdate(now()):
        raise DomainError(_("Choose a day to come."), field="on")
    if not clean(what):
        raise DomainError(_("Say what is to be done."), field="what")
    fresh = change(actor, deal, {"next_step": clean(what)[:200], "next_step_on": on})
    owner = fresh.owner if fresh.owner_id and fresh.owner_id != actor.pk else None
    task = add_task(
        actor=actor, title=f"{clean(what)} ({fresh.name})"[:200], party=fresh.customer, due_on=on,
        owner=owner,
    )  # fmt: skip
    Deal.objects.filter(pk=fresh.pk).update(next_task_id=task.pk)
    journal.relabel(fresh.name)
    return task


@on("interactions.task_completed")
def step_was_taken(event: Event) -> None:
    """A next step whose task is done is none any more: the deal asks for another one."""
    task = event.payload.get("task")
    rows = Deal.objects.filter(next_task_id=task) if task else Deal.objects.none()
    for deal in rows.select_for_update():
        with journal.change_set(actor=None, verb="sales.plan_next_step", label=deal.name):
            deal.next_step, deal.next_step_on, deal.next_task_id = "", None, None
            deal.save(update_fields=["next_step", "next_step_on", "next_task_id"])
            emit("sales.next_step_done", {"deal": deal.pk})


def held(actor: User, deal: Deal) -> Deal:
    """The deal as it is now, held, if the actor may change it: of two who decide it at the same
    moment, the second finds it decided."""
    declared = entity(DEAL)
    rows = declared.visible(actor, "edit").select_for_update(of=("self",)).filter(pk=deal.pk)
    found: Deal | None = rows.first()
    if found is None:
        if declared.visible(actor).filter(pk=deal.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such deal, or you may not see it."))
    return found


def change(actor: User, deal: Deal, data: dict[str, Any]) -> Deal:
    """Change a deal by the rules of its record type; a verb may write what no form offers."""
    made: Deal = edit_record(actor=actor, entity=entity(DEAL), record=held(actor, deal), data=data)
    return made


@action("sales.tick_item", label=_t("Tick an entry of the checklist"), granted=False)
def tick_item(*, actor: User, deal: Deal, item: str) -> bool:
    """Tick an entry of the checklist of the stage a deal stands in, or take the tick away."""
    fresh = held(actor, deal)
    stage = known().stages.get(fresh.stage_id)
    if stage is None or item not in {one["id"] for one in stage.checklist}:
        raise NotFound(_("This entry is no longer on the checklist."))
    ticked = item not in fresh.checked
    fresh.checked = [*fresh.checked, item] if ticked else [i for i in fresh.checked if i != item]
    fresh.save(update_fields=["checked", "updated_at"])
    journal.relabel(fresh.name)
    return ticked
