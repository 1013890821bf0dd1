"""What this room tells of: its events, in the words of those who choose them for a webhook."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.events import catalogue

catalogue(
    {
        "interactions.call_cancelled": _("A planned call was cancelled"),
        "interactions.call_held": _("A planned call took place"),
        "interactions.call_logged": _("A call was logged"),
        "interactions.call_planned": _("A call was planned"),
        "interactions.email_logged": _("An e-mail was logged"),
        "interactions.interaction_changed": _("An entry of the timeline was changed"),
        "interactions.interaction_removed": _("An entry was taken off the timeline"),
        "interactions.meeting_cancelled": _("A planned meeting was cancelled"),
        "interactions.meeting_held": _("A planned meeting took place"),
        "interactions.meeting_planned": _("A meeting was planned"),
        "interactions.note_added": _("A note was added"),
        "interactions.visit_cancelled": _("A planned visit was cancelled"),
        "interactions.visit_checked_in": _("Somebody arrived at a visit"),
        "interactions.visit_held": _("A planned visit took place"),
        "interactions.visit_logged": _("A visit was logged"),
        "interactions.visit_planned": _("A visit was planned"),
    },
    about="interactions.interaction",
)
catalogue(
    {
        "interactions.task_added": _("A task was added"),
        "interactions.task_assigned": _("A task was given to somebody"),
        "interactions.task_changed": _("A task was changed"),
        "interactions.task_completed": _("A task was completed"),
        "interactions.task_deleted": _("A task was deleted"),
        "interactions.task_reopened": _("A task was opened again"),
    },
    about="interactions.task",
)
catalogue(
    {
        "interactions.file_attached": _("A file was attached"),
        "interactions.file_changed": _("A file's details were changed"),
        "interactions.file_removed": _("A file was deleted"),
    },
    about="interactions.file",
)
