"""What is asked of whoever writes down what they did with a lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.forms.base import moment, text
from vinculo.interactions.forms.interactions import NO_OUTCOME
from vinculo.interactions.models import Direction
from vinculo.kernel.clock import now
from vinculo.sales.leads.forms import LeadForm


class _ContactForm(LeadForm):
    """Begins with now, to the minute."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["at"] = timezone.localtime(now()).replace(second=0, microsecond=0)


class LeadCallForm(_ContactForm):
    """A call that took place."""

    body = text(_("What was said"))
    at = moment(_("When"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NO_OUTCOME, required=False)


class LeadEmailForm(_ContactForm):
    """An e-mail sent or received elsewhere."""

    body = text(_("Text"), placeholder=_("What it says, or what matters in it."))
    at = moment(_("When"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)


class LeadMeetingForm(_ContactForm):
    """A meeting that took place."""

    body = text(_("What was said"))
    at = moment(_("When"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NO_OUTCOME, required=False)


class LeadNoteForm(LeadForm):
    """Something worth knowing."""

    body = text(_("Note"), required=True, rows=5)
