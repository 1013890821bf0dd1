"""What can be done on a timeline; every verb is one function, see the modules."""

from vinculo.interactions.actions.calls import log_call, log_email, plan_call
from vinculo.interactions.actions.files import attach_file, remove_file, rename_file
from vinculo.interactions.actions.meetings import (
    cancel,
    check_in,
    hold_meeting,
    log_meeting,
    log_visit,
    plan_meeting,
    plan_visit,
)
from vinculo.interactions.actions.notes import add_note, edit_interaction, remove_interaction
from vinculo.interactions.actions.tasks import (
    add_task,
    assign_task,
    complete_task,
    edit_task,
    remove_task,
    reopen_task,
    snooze_task,
)

__all__ = [
    "add_note",
    "add_task",
    "assign_task",
    "attach_file",
    "cancel",
    "check_in",
    "complete_task",
    "edit_interaction",
    "edit_task",
    "hold_meeting",
    "log_call",
    "log_email",
    "log_meeting",
    "log_visit",
    "plan_call",
    "plan_meeting",
    "plan_visit",
    "remove_file",
    "remove_interaction",
    "remove_task",
    "rename_file",
    "reopen_task",
    "snooze_task",
]
