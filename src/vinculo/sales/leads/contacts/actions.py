"""The verbs of what was done with a lead: log a call, an e-mail, a meeting; write a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.interactions.actions.common import require_past
from vinculo.interactions.models import Direction, Kind, Outcome
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.text import clean_lines
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.sales.leads.actions import LEAD, held
from vinculo.sales.leads.contacts.derived import refresh_last_contact
from vinculo.sales.leads.contacts.forms import (
    LeadCallForm,
    LeadEmailForm,
    LeadMeetingForm,
    LeadNoteForm,
)
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.models import Lead

LONGEST = 20_000


def _never(_record: Any) -> bool:
    """The panel of what was done with a lead offers it."""
    return False


@action(
    "sales.log_lead_call",
    label=_t("Log call"),
    done=_t("Call logged."),
    form=LeadCallForm,
    on=LEAD,
    subject="lead",
    icon="phone",
    granted=False,
    offered=_never,
)
def log_lead_call(
    *,
    actor: User,
    lead: Lead,
    at: datetime,
    direction: str = Direction.OUT,
    outcome: str = "",
    body: str = "",
) -> LeadContact:
    """Record a call with whoever a lead is about."""
    require_past(at, _("A call cannot be logged before it took place. Plan it instead."))
    return _contacted(actor, lead, Kind.CALL, at, body, direction, outcome)


@action(
    "sales.log_lead_email",
    label=_t("Log e-mail"),
    done=_t("E-mail logged."),
    form=LeadEmailForm,
    on=LEAD,
    subject="lead",
    icon="mail",
    granted=False,
    offered=_never,
)
def log_lead_email(
    *, actor: User, lead: Lead, at: datetime, direction: str = Direction.OUT, body: str = ""
) -> LeadContact:
    """Record an e-mail that was sent to a lead, or came from it, elsewhere."""
    require_past(at, _("An e-mail cannot be logged before it was sent."))
    return _contacted(actor, lead, Kind.EMAIL, at, body, direction)


@action(
    "sales.log_lead_meeting",
    label=_t("Log meeting"),
    done=_t("Meeting logged."),
    form=LeadMeetingForm,
    on=LEAD,
    subject="lead",
    icon="calendar",
    granted=False,
    offered=_never,
)
def log_lead_meeting(
    *, actor: User, lead: Lead, at: datetime, outcome: str = "", body: str = ""
) -> LeadContact:
    """Record a meeting with whoever a lead is about."""
    require_past(at, _("What took place cannot be in the future."))
    return _contacted(actor, lead, Kind.MEETING, at, body, outcome=outcome)


@action(
    "sales.add_lead_note",
    label=_t("Add note"),
    done=_t("Note added."),
    form=LeadNoteForm,
    on=LEAD,
    subject="lead",
    icon="sticky-note",
    granted=False,
    offered=_never,
)
def add_lead_note(*, actor: User, lead: Lead, body: str) -> LeadContact:
    """Write down something about a lead; it is touched, but nobody was in contact."""
    if not clean_lines(body):
        raise DomainError(_("Write something first."), field="body")
    made = _kept(actor, held(actor, lead), Kind.NOTE, now(), body)
    emit("sales.lead_noted", {"lead": made.lead_id, "contact": made.pk})
    return made


@action("sales.remove_lead_contact", label=_t("Delete what was done with a lead"), granted=False)
def remove_lead_contact(*, actor: User, contact: LeadContact) -> None:
    """Take an entry away that was wrong; it can be undone."""
    lead = held(actor, contact.lead)
    gone = LeadContact.objects.filter(pk=contact.pk, lead=lead).first()
    if gone is None:
        raise NotFound(_("There is no such entry, or you may not change it."))
    gone.delete()
    refresh_last_contact([lead.pk])


def _contacted(
    actor: User,
    lead: Lead,
    kind: Kind,
    at: datetime,
    body: str,
    direction: str = "",
    outcome: str = "",
) -> LeadContact:
    """An entry about a contact that took place."""
    if direction and direction not in Direction.values:
        raise DomainError(_("Choose one from the list."), field="direction")
    if outcome and outcome not in Outcome.values:
        raise DomainError(_("Choose one from the list."), field="outcome")
    made = _kept(actor, held(actor, lead), kind, at, body, direction, outcome)
    emit(
        "sales.lead_contacted",
        {"lead": made.lead_id, "contact": made.pk, "kind": kind, "at": at.isoformat()},
    )
    return made


def _kept(
    actor: User,
    lead: Lead,
    kind: Kind,
    at: datetime,
    body: str,
    direction: str = "",
    outcome: str = "",
) -> LeadContact:
    """Write an entry of a lead that is held; the lead counts as touched from now on."""
    text = clean_lines(body)
    if len(text) > LONGEST:
        raise DomainError(_("The text is too long."), field="body")
    made = LeadContact.objects.create(
        lead=lead, kind=kind, at=at, body=text, direction=direction, outcome=outcome, by=actor
    )
    lead.save(update_fields=["updated_at"])
    refresh_last_contact([lead.pk])
    return made
