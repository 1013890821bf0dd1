"""Tasks: promised, assigned, snoozed, done, and coming again."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from vinculo.interactions.actions.calls import PARTIES
from vinculo.interactions.actions.common import company_id_of, reachable_party
from vinculo.interactions.actions.notes import refuse_later_changes
from vinculo.interactions.actions.offers import is_done, is_open, only_on_timelines
from vinculo.interactions.derived import refresh_tasks
from vinculo.interactions.forms import AddTaskForm, AssignTaskForm, EditTaskForm, SnoozeForm
from vinculo.interactions.mentions import colleagues_who_see
from vinculo.interactions.models import Priority, Repeat, Task
from vinculo.interactions.notices import tell_assigned
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.recurrence import Every, Recurrence
from vinculo.kernel.text import clean, clean_lines
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.access import recheck
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User

TASK = "interactions.task"
EVERY: dict[str, Every] = {
    Repeat.DAILY: "day",
    Repeat.WEEKLY: "week",
    Repeat.MONTHLY: "month",
    Repeat.YEARLY: "year",
}


@action(
    "interactions.add_task",
    order=20,
    label=gettext_lazy("Add task"),
    done=gettext_lazy("Task added."),
    form=AddTaskForm,
    on=PARTIES,
    subject="party",
    icon="square-check",
)
def add_task(
    *,
    actor: User,
    title: str,
    party: Party | None = None,
    due_on: date | None = None,
    owner: User | None = None,
    priority: int | None = Priority.NORMAL,
    repeat: str = Repeat.NEVER,
    remind_at: datetime | None = None,
    notes: str = "",
) -> Task:
    """Promise something, with or without a customer, oneself or for a colleague."""
    if party is not None:
        party = reachable_party(actor, party)
    _require_title(title)
    _require_rhythm(repeat, due_on)
    doer = owner or actor
    if doer.pk != actor.pk:
        _require_sees(doer, party)
    task = Task.objects.create(
        title=clean(title)[:200],
        notes=clean_lines(notes),
        party_id=party.pk if party else None,
        company_id=company_id_of(party) if party else None,
        due_on=due_on,
        priority=priority or Priority.NORMAL,
        repeat=repeat,
        repeats_from=due_on if repeat else None,
        remind_at=remind_at,
        owner=doer,
        team_id=doer.main_team_id(),
    )
    refresh_tasks([task.pk])
    journal.relabel(task.title)
    if doer.pk != actor.pk:
        tell_assigned(doer, actor, task)
    announce("interactions.task_added", task)
    return task


@action(
    "interactions.edit_task",
    label=gettext_lazy("Edit"),
    done=gettext_lazy("Saved."),
    form=EditTaskForm,
    on=TASK,
    subject="task",
    icon="pencil",
    granted=False,
    offered=only_on_timelines,
)
def edit_task(
    *,
    actor: User,
    task: Task,
    title: str,
    due_on: date | None = None,
    priority: int | None = Priority.NORMAL,
    repeat: str = Repeat.NEVER,
    remind_at: datetime | None = None,
    notes: str = "",
    version: int | None = None,
) -> Task:
    """Change what a task says; Conflict when somebody changed it after `version`."""
    changed = editable_task(actor, task)
    refuse_later_changes(changed, version)
    _require_title(title)
    _require_rhythm(repeat, due_on)
    if (due_on, repeat) != (changed.due_on, changed.repeat):
        changed.repeats_from = due_on if repeat else None
    if remind_at != changed.remind_at:
        changed.reminded_at = None
    if due_on != changed.due_on:
        changed.snoozed_until = None
    changed.title, changed.notes = clean(title)[:200], clean_lines(notes)
    changed.due_on, changed.repeat, changed.remind_at = due_on, repeat, remind_at
    changed.priority = priority or Priority.NORMAL
    changed.save()
    refresh_tasks([changed.pk])
    recheck(changed, actor)
    journal.relabel(changed.title)
    return changed


@action(
    "interactions.assign_task",
    label=gettext_lazy("Assign"),
    done=gettext_lazy("Task assigned."),
    form=AssignTaskForm,
    on=TASK,
    subject="task",
    icon="user-round-check",
    granted=False,
    offered=is_open,
)
def assign_task(*, actor: User, task: Task, owner: User) -> Task:
    """Give a task to a colleague who may see its customer; they are told.

    No re-check afterwards: to be rid of a task, and of the sight of it, is what giving it away is.
    """
    given = editable_task(actor, task)
    _require_sees(owner, given.party)
    given.owner, given.team_id = owner, owner.main_team_id()
    given.save(update_fields=["owner", "team", "updated_at"])
    journal.relabel(given.title)
    if owner.pk != actor.pk:
        tell_assigned(owner, actor, given)
    announce("interactions.task_assigned", given)
    return given


@action(
    "interactions.snooze_task",
    order=20,
    label=gettext_lazy("Snooze"),
    done=gettext_lazy("Snoozed."),
    form=SnoozeForm,
    on=TASK,
    subject="task",
    icon="alarm-clock",
    granted=False,
    offered=is_open,
)
def snooze_task(*, actor: User, task: Task, until: date) -> Task:
    """Put a task out of sight until a day to come; its due date stays what was promised."""
    sleeping = editable_task(actor, task)
    _require_open(sleeping)
    if until <= timezone.localdate(now()):
        raise DomainError(_("Snooze until a day to come."), field="until")
    sleeping.snoozed_until = until
    if sleeping.remind_at is not None and timezone.localdate(sleeping.remind_at) < until:
        # The reminder comes on the day the task is back, at the hour it was wanted.
        sleeping.remind_at += until - timezone.localdate(sleeping.remind_at)
        sleeping.reminded_at = None
    sleeping.save(update_fields=["snoozed_until", "remind_at", "reminded_at", "updated_at"])
    journal.relabel(sleeping.title)
    return sleeping


@action(
    "interactions.complete_task",
    order=10,
    label=gettext_lazy("Complete"),
    done=gettext_lazy("Task done."),
    on=TASK,
    subject="task",
    icon="check",
    granted=False,
    offered=is_open,
)
def complete_task(*, actor: User, task: Task) -> Task | None:
    """Tick a task off; returns the next one when it repeats."""
    done = editable_task(actor, task)
    _require_open(done)
    done.done_at = now()
    done.save(update_fields=["done_at", "updated_at"])
    following = _next_of(done)
    journal.relabel(done.title)
    announce("interactions.task_completed", done)
    return following


def _next_of(done: Task) -> Task | None:
    """A repeating task comes again on its next day that is not yet past, however late it was done."""
    if not done.repeat or done.due_on is None:
        return None
    rhythm = Recurrence(EVERY[done.repeat], done.repeats_from or done.due_on)
    yesterday = timezone.localdate(now()) - timedelta(days=1)
    due_on = rhythm.next_after(max(done.due_on, yesterday))
    if due_on is None:
        return None
    remind_at = done.remind_at + (due_on - done.due_on) if done.remind_at else None
    following = Task.objects.create(
        title=done.title,
        notes=done.notes,
        party_id=done.party_id,
        company_id=done.company_id,
        due_on=due_on,
        due_at=done.due_at + (due_on - done.due_on) if done.due_at else None,
        priority=done.priority,
        repeat=done.repeat,
        repeats_from=rhythm.start,
        remind_at=remind_at,
        owner_id=done.owner_id,
        team_id=done.team_id,
    )
    refresh_tasks([following.pk])
    return following


@action(
    "interactions.reopen_task",
    label=gettext_lazy("Reopen"),
    done=gettext_lazy("Task is open again."),
    on=TASK,
    subject="task",
    icon="rotate-ccw",
    granted=False,
    offered=is_done,
)
def reopen_task(*, actor: User, task: Task) -> Task:
    """A task that was ticked off is not done after all."""
    again = editable_task(actor, task)
    if again.done_at is None:
        raise DomainError(_("This task is still open."))
    again.done_at = None
    again.save(update_fields=["done_at", "updated_at"])
    journal.relabel(again.title)
    announce("interactions.task_reopened", again)
    return again


@action(
    "interactions.remove_task",
    label=gettext_lazy("Delete"),
    done=gettext_lazy("Task deleted."),
    on=TASK,
    subject="task",
    icon="trash-2",
    granted=False,
    offered=only_on_timelines,
)
def remove_task(*, actor: User, task: Task) -> None:
    """Delete a task; it can be undone."""
    gone = editable_task(actor, task, "delete")
    journal.relabel(gone.title)
    gone.delete()


def editable_task(actor: User, task: Task, verb: str = "edit") -> Task:
    """The task, locked, if the actor may do `verb` to it; NotFound otherwise."""
    found = (
        Task.objects.filter(pk=task.pk)
        .visible_to(actor, verb)
        .select_related("party")
        .select_for_update(of=("self",))
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such task, or you may not change it."))
    return found


def announce(name: str, task: Task) -> None:
    """Tell the other rooms what happened to a task."""
    due_on = task.due_on.isoformat() if task.due_on else None
    emit(name, {"task": task.pk, "party": task.party_id, "owner": task.owner_id, "due_on": due_on})


def _require_title(title: str) -> None:
    if not clean(title):
        raise DomainError(_("Say what is to be done."), field="title")


def _require_rhythm(repeat: str, due_on: date | None) -> None:
    if repeat and due_on is None:
        raise DomainError(_("A task that repeats needs a first due date."), field="due_on")


def _require_open(task: Task) -> None:
    if task.done_at is not None:
        raise DomainError(_("This task is already done."))


def _require_sees(user: User, party: Party | None) -> None:
    if not user.is_active or (party is not None and not colleagues_who_see(party, [user])):
        raise DomainError(
            _("%(who)s may not see this customer and cannot get the task."),
            field="owner",
            who=str(user),
        )
