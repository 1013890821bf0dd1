"""What the lists of this room ask about a row."""

from typing import Any

from django import template

from vinculo.interactions.models import Task
from vinculo.interactions.presentation import ICONS
from vinculo.platform.access import reaches

register = template.Library()


@register.filter
def tickable_by(task: Task, user: Any) -> bool:
    """Whether the reader may tick this task off (or reopen it)."""
    return reaches(user, task, "edit")


@register.filter
def icon_of(kind: str) -> str:
    """The icon of a kind of interaction, of a task or of a file."""
    return ICONS.get(kind, "messages-square")
