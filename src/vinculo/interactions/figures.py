"""Key figures that the timeline gives to a customer's header: what comes next, what is open."""

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.models import Interaction, Status, Task
from vinculo.interactions.queries import MOST_AHEAD, MOST_COUNTED, ahead_of, of_customer
from vinculo.interactions.sight import masked, placed
from vinculo.kernel.clock import now
from vinculo.parties.models import Kind, Party
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.platform.snippets import when
from vinculo.records.entity import Figure


def ahead(user: User, party: Party) -> list[Figure]:
    """The next step with this customer, and how many tasks are open and overdue."""
    rights = rights_of(user)
    shown: list[Figure] = []
    if not (placed(user, "interactions.interaction") and placed(user, "interactions.task")):
        return shown
    tasks = open_tasks(user, party)
    if rights.scope("interactions.interaction") is not Scope.NONE or tasks is not None:
        shown.append(next_step(user, party, tasks or []))
    if tasks is not None:
        shown.append(_counted(party, tasks))
    return shown


def open_tasks(user: User, party: Party) -> list[Task] | None:
    """The customer's open tasks, the first due first; None for who may see no tasks."""
    if rights_of(user).scope("interactions.task") is Scope.NONE:
        return None
    return ahead_of(user, party).tasks


def next_step(user: User, party: Party, tasks: list[Task]) -> Figure:
    """The nearest of what is planned and what is due from today on; else what is overdue."""
    today = timezone.localdate(now())
    plan = _next_plan(user, party)
    task = next((one for one in tasks if one.due_on and one.due_on >= today), None)
    label = _("Next step")
    if plan and (task is None or task.due_on is None or timezone.localdate(plan.at) <= task.due_on):
        words = _words(user, "interactions.interaction", "subject", plan.subject)
        note = words or str(plan.get_kind_display())
        return Figure(label, when(plan.at, short=True), note, url=f"/activities/{plan.pk}")
    if task:
        note = _words(user, "interactions.task", "title", task.title)
        return Figure(label, when(task.due_on), note, url=f"/tasks/{task.pk}")
    return Figure(label, gettext("None planned"))


def _next_plan(user: User, party: Party) -> Interaction | None:
    """The nearest of what is planned; asked for anew where too much of it is already past."""
    known = ahead_of(user, party).planned
    nearest = next((one for one in known if one.at >= now()), None)
    if nearest is not None or len(known) < MOST_AHEAD:
        return nearest
    later = Interaction.objects.filter(of_customer(party), status=Status.PLANNED, at__gte=now())
    nearest = later.visible_to(user).defer("search").order_by("at", "pk").first()
    return masked(user, [nearest])[0] if nearest else None


def _words(user: User, entity: str, field: str, text: str) -> str:
    return "" if rights_of(user).field_rule(entity, field) == "hidden" else text


def _counted(party: Party, tasks: list[Task]) -> Figure:
    today = timezone.localdate(now())
    overdue = sum(1 for one in tasks if one.due_on and one.due_on < today)
    note = ""
    if overdue:
        note = ngettext("%(number)s overdue", "%(number)s overdue", overdue) % {
            "number": number_text(overdue)
        }
    count = f"{MOST_COUNTED}+" if len(tasks) == MOST_COUNTED else number_text(len(tasks))
    column = "company" if party.kind == Kind.COMPANY else "party"
    url = f"/tasks?{column}.is={party.pk}&done_at.empty=1" if tasks else ""
    return Figure(_("Open tasks"), count, note, "bad" if overdue else "", url)
