"""Forms for tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.forms.base import ActionForm, ColleagueField, day, line, moment, text
from vinculo.interactions.models import Priority, Repeat


class AddTaskForm(ActionForm):
    """Something to do, for oneself or a colleague."""

    title = line(_("What is to be done"), required=True)
    due_on = day(_("Due"))
    owner = ColleagueField(required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        empty_value=None,
        initial=Priority.NORMAL,
        required=False,
    )
    repeat = forms.ChoiceField(label=_("Repeats"), choices=Repeat.choices, required=False)
    remind_at = moment(_("Remind me"), required=False)
    notes = text(_("Notes"))


class EditTaskForm(AddTaskForm):
    """Everything about a task that may be changed."""

    owner = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        if self.record is not None:
            for name in self.fields:
                if name != "version":
                    self.initial.setdefault(name, getattr(self.record, name))
        super().prepare()
        self.keep_what_is_ruled()


class QuickTaskForm(ActionForm):
    """One line on My day."""

    title = line(_("What is to be done"), required=True)
    due_on = day(_("Due"))


class AssignTaskForm(ActionForm):
    """Who is to do a task."""

    owner = ColleagueField()

    def prepare(self) -> None:
        if self.record is not None and not self.hides("owner"):
            self.initial.setdefault("owner", self.record.owner_id)
        super().prepare()


class SnoozeForm(ActionForm):
    """Until when a task is out of sight."""

    until: Any = day(_("Until"), required=True)
