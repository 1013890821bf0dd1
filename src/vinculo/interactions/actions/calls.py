"""Calls and e-mails: what was said, and what was promised."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy

from vinculo.interactions.actions.common import (
    announce,
    promise_follow_up,
    reachable_party,
    record,
    require_future,
    require_past,
)
from vinculo.interactions.forms import LogCallForm, LogEmailForm, PlanCallForm
from vinculo.interactions.models import Direction, Interaction, Kind, Status
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import Party
from vinculo.platform.actions import action
from vinculo.platform.models import User

PARTIES = ("parties.company", "parties.person")


@action(
    "interactions.log_call",
    order=10,
    label=gettext_lazy("Log call"),
    done=gettext_lazy("Call logged."),
    form=LogCallForm,
    on=PARTIES,
    subject="party",
    icon="phone",
)
def log_call(
    *,
    actor: User,
    party: Party,
    at: datetime,
    person: Party | None = None,
    direction: str = Direction.OUT,
    outcome: str = "",
    minutes: int | None = None,
    subject: str = "",
    body: str = "",
    follow_up_on: date | None = None,
    follow_up_title: str = "",
) -> Interaction:
    """Record a call that took place, and promise a follow-up."""
    require_past(at, _("A call cannot be logged before it took place. Plan it instead."))
    with_whom = reachable_party(actor, party, person)
    call = record(
        actor=actor,
        kind=Kind.CALL,
        party=with_whom,
        at=at,
        direction=direction,
        outcome=outcome,
        minutes=minutes,
        subject=subject,
        body=body,
    )
    follow_up = promise_follow_up(
        actor=actor, interaction=call, on=follow_up_on, title=follow_up_title
    )
    announce("interactions.call_logged", call, follow_up)
    return call


@action(
    "interactions.plan_call",
    label=gettext_lazy("Plan call"),
    done=gettext_lazy("Call planned."),
    form=PlanCallForm,
    on=PARTIES,
    subject="party",
    icon="phone-outgoing",
)
def plan_call(
    *, actor: User, party: Party, at: datetime, person: Party | None = None, subject: str = ""
) -> Interaction:
    """Put a call to come on the timeline and on My day."""
    require_future(at, _("This time has passed. Log the call instead."))
    call = record(
        actor=actor,
        kind=Kind.CALL,
        party=reachable_party(actor, party, person),
        at=at,
        status=Status.PLANNED,
        direction=Direction.OUT,
        subject=subject,
    )
    announce("interactions.call_planned", call)
    return call


@action(
    "interactions.log_email",
    label=gettext_lazy("Log e-mail"),
    done=gettext_lazy("E-mail logged."),
    form=LogEmailForm,
    on=PARTIES,
    subject="party",
    icon="mail",
)
def log_email(
    *,
    actor: User,
    party: Party,
    at: datetime,
    subject: str,
    person: Party | None = None,
    direction: str = Direction.OUT,
    body: str = "",
    follow_up_on: date | None = None,
    follow_up_title: str = "",
) -> Interaction:
    """Record an e-mail that was sent or received elsewhere."""
    require_past(at, _("An e-mail cannot be logged before it was sent."))
    if not subject.strip():
        raise DomainError(_("An e-mail needs a subject."), field="subject")
    email = record(
        actor=actor,
        kind=Kind.EMAIL,
        party=reachable_party(actor, party, person),
        at=at,
        direction=direction,
        subject=subject,
        body=body,
    )
    follow_up = promise_follow_up(
        actor=actor, interaction=email, on=follow_up_on, title=follow_up_title
    )
    announce("interactions.email_logged", email, follow_up)
    return email
