"""The composer above a timeline: which kinds of entry the reader may add, and their forms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.forms import (
    ActionForm,
    AddNoteForm,
    AddTaskForm,
    AttachFileForm,
    LogCallForm,
    LogEmailForm,
)
from vinculo.interactions.forms.interactions import MeetForm, VisitForm
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.kernel.errors import _ as msgid
from vinculo.platform.access import rights_of
from vinculo.platform.models import User

FOLLOW_UP = ("follow_up_on", "follow_up_title")
REPORT_ONLY = (*FOLLOW_UP, "latitude", "longitude")


@dataclass(frozen=True)
class Kind:
    """A tab of the composer. `plan` is the action for a time to come, where there is one."""

    name: str
    label: str | Promise
    icon: str
    key: str
    form: type[ActionForm]
    action: str
    plan: str = ""
    done: str | Promise = ""
    planned: str | Promise = ""


KINDS = (
    Kind(
        "note", _("Note"), "sticky-note", "n", AddNoteForm, "interactions.add_note",
        done=_("Note added."),
    ),
    Kind(
        "call", _("Call"), "phone", "l", LogCallForm, "interactions.log_call",
        done=_("Call logged."),
    ),
    Kind(
        "email", _("E-mail"), "mail", "m", LogEmailForm, "interactions.log_email",
        done=_("E-mail logged."),
    ),
    Kind(
        "meeting", _("Meeting"), "calendar", "a", MeetForm, "interactions.log_meeting",
        plan="interactions.plan_meeting", done=_("Meeting logged."), planned=_("Meeting planned."),
    ),
    Kind(
        "visit", _("Visit"), "map-pin", "v", VisitForm, "interactions.log_visit",
        plan="interactions.plan_visit", done=_("Visit logged."), planned=_("Visit planned."),
    ),
    Kind(
        "task", _("Task"), "square-check", "t", AddTaskForm, "interactions.add_task",
        done=_("Task added."),
    ),
    Kind(
        "file", _("File"), "paperclip", "u", AttachFileForm, "interactions.attach_file",
        done=_("File attached."),
    ),
)  # fmt: skip


def kinds_for(user: User) -> list[Kind]:
    """The tabs the reader may use."""
    rights = rights_of(user)
    return [
        kind for kind in KINDS if rights.may(kind.action) or (kind.plan and rights.may(kind.plan))
    ]


def kind_for(user: User, name: str) -> Kind:
    """The tab called `name`; NotFound when there is none or the reader may not use it."""
    for kind in kinds_for(user):
        if kind.name == name:
            return kind
    raise NotFound(msgid("There is no such thing to add here."))


def action_for(kind: Kind, values: dict[str, Any]) -> tuple[str, dict[str, Any], str | Promise]:
    """The action that the composer's values ask for, its input, and what to say when it is done:
    a meeting at a time to come is planned, one that has been is logged."""
    at = values.get("at")
    if kind.plan and isinstance(at, datetime) and at > now():
        if values.get("follow_up_on"):
            raise DomainError(
                msgid("A follow-up is promised once it has taken place."), field="follow_up_on"
            )
        chosen = {name: value for name, value in values.items() if name not in REPORT_ONLY}
        return kind.plan, chosen, kind.planned
    return kind.action, values, kind.done
