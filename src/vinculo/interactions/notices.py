"""What colleagues are told: that somebody mentioned them, gave them a task, or that one is due."""

from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.errors import _
from vinculo.platform.models import User
from vinculo.platform.notifications import notify

MENTIONED = _("%(who)s mentioned you: %(what)s")
ASSIGNED = _("%(who)s gave you a task: %(what)s")
DUE = _("Due: %(what)s")


def tell_mentioned(user: User, author: User, interaction: Interaction) -> None:
    """A line for a colleague who was named in a text about a customer they may see."""
    party = interaction.party
    path = "companies" if party.kind == "company" else "people"
    notify(
        user,
        MENTIONED,
        params={"who": str(author), "what": party.name},
        url=f"/{path}/{party.pk}#interaction-{interaction.pk}",
        kind="mention",
        subject=party,
    )


def tell_assigned(user: User, author: User, task: Task) -> None:
    """A line for a colleague who got a task."""
    notify(
        user,
        ASSIGNED,
        params={"who": str(author), "what": task.title},
        url="/my-day",
        kind="task",
        subject=task,
    )


def tell_due(user: User, task: Task) -> None:
    """A line for a colleague who wanted to be reminded of a task."""
    notify(user, DUE, params={"what": task.title}, url="/my-day", kind="reminder", subject=task)
