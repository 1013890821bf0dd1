"""The input forms of this room's actions; a field is named like the parameter it fills."""

from vinculo.interactions.forms.base import ActionForm
from vinculo.interactions.forms.files import AttachFileForm, RenameFileForm
from vinculo.interactions.forms.interactions import (
    AddNoteForm,
    CheckInForm,
    EditInteractionForm,
    HoldForm,
    LogCallForm,
    LogEmailForm,
    LogMeetingForm,
    LogVisitForm,
    PlanCallForm,
    PlanMeetingForm,
    PlanVisitForm,
)
from vinculo.interactions.forms.tasks import (
    AddTaskForm,
    AssignTaskForm,
    EditTaskForm,
    QuickTaskForm,
    SnoozeForm,
)

__all__ = [
    "ActionForm",
    "AddNoteForm",
    "AddTaskForm",
    "AssignTaskForm",
    "AttachFileForm",
    "CheckInForm",
    "EditInteractionForm",
    "EditTaskForm",
    "HoldForm",
    "LogCallForm",
    "LogEmailForm",
    "LogMeetingForm",
    "LogVisitForm",
    "PlanCallForm",
    "PlanMeetingForm",
    "PlanVisitForm",
    "QuickTaskForm",
    "RenameFileForm",
    "SnoozeForm",
]
