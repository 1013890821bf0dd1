"""Forms for calls, e-mails, meetings, visits and notes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.forms.base import (
    ActionForm,
    PersonField,
    coordinate,
    day,
    duration,
    line,
    moment,
    next_full_hour,
    text,
)
from vinculo.interactions.models import Direction, Kind, Outcome

NO_OUTCOME = [("", _("Not said")), *Outcome.choices]


class PlanForm(ActionForm):
    """What is planned begins at a full hour to come."""

    def usual_time(self) -> Any:
        return next_full_hour()


class LogCallForm(ActionForm):
    """A call that took place."""

    body = text(_("What was said"), placeholder=_("What was said? @ mentions a colleague."))
    person = PersonField()
    at = moment(_("When"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NO_OUTCOME, required=False)
    minutes = duration()
    follow_up_on = day(_("Follow up on"))
    follow_up_title = line(_("What you promised"))


class PlanCallForm(PlanForm):
    """A call to come."""

    at = moment(_("When"))
    person = PersonField()
    subject = line(_("What about"))


class LogEmailForm(ActionForm):
    """An e-mail sent or received elsewhere."""

    subject = line(_("Subject"), required=True)
    body = text(_("Text"), placeholder=_("What it says, or what matters in it."))
    person = PersonField()
    at = moment(_("When"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    follow_up_on = day(_("Follow up on"))
    follow_up_title = line(_("What you promised"))


class PlanMeetingForm(PlanForm):
    """A meeting to come."""

    subject = line(_("What about"), required=True)
    at = moment(_("When"))
    minutes = duration()
    person = PersonField()
    place = line(_("Place"))
    body = text(_("Agenda"))


class LogMeetingForm(ActionForm):
    """A meeting that took place."""

    subject = line(_("What about"), required=True)
    body = text(_("What was said"))
    person = PersonField()
    at = moment(_("When"))
    minutes = duration()
    place = line(_("Place"))
    follow_up_on = day(_("Follow up on"))
    follow_up_title = line(_("What you promised"))


class PlanVisitForm(PlanForm):
    """A visit to come."""

    at = moment(_("When"))
    minutes = duration()
    person = PersonField()
    subject = line(_("What about"))
    place = line(_("Place"))
    body = text(_("What to bring and ask"))


class LogVisitForm(ActionForm):
    """A visit that took place."""

    body = text(_("What you saw"), placeholder=_("What did you see? @ mentions a colleague."))
    subject = line(_("What about"))
    person = PersonField()
    at = moment(_("When"))
    minutes = duration()
    place = line(_("Place"))
    latitude = coordinate()
    longitude = coordinate()
    follow_up_on = day(_("Follow up on"))
    follow_up_title = line(_("What you promised"))


class MeetForm(LogMeetingForm):
    """The composer's one form for meetings: a time to come is a plan, another one a report."""

    body = text(_("What was said"), placeholder=_("A time to come makes it a plan."))


class VisitForm(LogVisitForm):
    """The composer's one form for visits: a time to come is a plan, another one a report."""


class AddNoteForm(ActionForm):
    """A note in markdown."""

    body = text(
        _("Note"),
        required=True,
        placeholder=_("Write a note. @ mentions a colleague who may see this customer."),
    )


class CheckInForm(ActionForm):
    """Where one is, if one wants to say."""

    latitude = coordinate()
    longitude = coordinate()


class HoldForm(ActionForm):
    """What came of something planned."""

    at = moment(_("When"))
    minutes = duration()
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NO_OUTCOME, required=False)
    body = text(_("What was said"))
    follow_up_on = day(_("Follow up on"))
    follow_up_title = line(_("What you promised"))

    def prepare(self) -> None:
        if self.record is not None:
            self.initial.setdefault("body", self.record.body)
            self.initial.setdefault("minutes", self.record.minutes)
            self.initial.setdefault("at", min(self.record.at, super().usual_time()))
        super().prepare()
        self.keep_what_is_ruled()


class EditInteractionForm(ActionForm):
    """Everything about an interaction that may be corrected."""

    subject = line(_("Subject"))
    body = text(_("Text"), rows=6)
    at = moment(_("When"))
    minutes = duration()
    direction = forms.ChoiceField(
        label=_("Direction"), choices=[("", _("Not said")), *Direction.choices], required=False
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NO_OUTCOME, required=False)
    place = line(_("Place"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: What a kind of interaction does not have.
    ABSENT: dict[str, tuple[str, ...]] = {
        Kind.NOTE: ("subject", "minutes", "direction", "outcome", "place"),
        Kind.EMAIL: ("minutes", "outcome", "place"),
        Kind.CALL: ("place",),
        Kind.MEETING: ("direction",),
        Kind.VISIT: ("direction",),
    }

    def prepare(self) -> None:
        if self.record is not None:
            for name in self.ABSENT[self.record.kind]:
                del self.fields[name]
            for name in self.fields:
                if name != "version":
                    self.initial.setdefault(name, getattr(self.record, name))
        super().prepare()
        self.keep_what_is_ruled()
