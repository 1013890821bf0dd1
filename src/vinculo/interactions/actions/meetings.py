"""Meetings and visits: planned, held, checked in to, cancelled."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy

from vinculo.interactions.actions.calls import PARTIES
from vinculo.interactions.actions.common import (
    announce,
    editable_interaction,
    position_of,
    promise_follow_up,
    reachable_party,
    record,
    require_future,
    require_past,
    rewrite,
)
from vinculo.interactions.actions.offers import can_be_arrived_at, is_planned
from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.forms import (
    CheckInForm,
    HoldForm,
    LogMeetingForm,
    LogVisitForm,
    PlanMeetingForm,
    PlanVisitForm,
)
from vinculo.interactions.models import Interaction, Kind, Status
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.models import User

INTERACTION = "interactions.interaction"


@action(
    "interactions.plan_meeting",
    order=30,
    label=gettext_lazy("Plan meeting"),
    done=gettext_lazy("Meeting planned."),
    form=PlanMeetingForm,
    on=PARTIES,
    subject="party",
    icon="calendar-plus",
)
def plan_meeting(
    *,
    actor: User,
    party: Party,
    at: datetime,
    subject: str,
    person: Party | None = None,
    minutes: int | None = None,
    place: str = "",
    body: str = "",
) -> Interaction:
    """Put a meeting to come on the timeline and on My day."""
    require_future(at, _("This time has passed. Log the meeting instead."))
    meeting = record(
        actor=actor,
        kind=Kind.MEETING,
        party=reachable_party(actor, party, person),
        at=at,
        status=Status.PLANNED,
        subject=subject,
        minutes=minutes,
        place=place,
        body=body,
    )
    announce("interactions.meeting_planned", meeting)
    return meeting


@action(
    "interactions.log_meeting",
    order=35,
    label=gettext_lazy("Log meeting"),
    done=gettext_lazy("Meeting logged."),
    form=LogMeetingForm,
    on=PARTIES,
    subject="party",
    icon="calendar-check",
)
def log_meeting(
    *,
    actor: User,
    party: Party,
    at: datetime,
    subject: str,
    person: Party | None = None,
    minutes: int | None = None,
    place: str = "",
    body: str = "",
    follow_up_on: date | None = None,
    follow_up_title: str = "",
) -> Interaction:
    """Record a meeting that took place, and promise a follow-up."""
    require_past(at, _("A meeting cannot be logged before it took place. Plan it instead."))
    meeting = record(
        actor=actor,
        kind=Kind.MEETING,
        party=reachable_party(actor, party, person),
        at=at,
        subject=subject,
        minutes=minutes,
        place=place,
        body=body,
    )
    follow_up = promise_follow_up(
        actor=actor, interaction=meeting, on=follow_up_on, title=follow_up_title
    )
    announce("interactions.meeting_held", meeting, follow_up)
    return meeting


@action(
    "interactions.plan_visit",
    label=gettext_lazy("Plan visit"),
    done=gettext_lazy("Visit planned."),
    form=PlanVisitForm,
    on=PARTIES,
    subject="party",
    icon="map-pin-plus",
)
def plan_visit(
    *,
    actor: User,
    party: Party,
    at: datetime,
    person: Party | None = None,
    subject: str = "",
    minutes: int | None = None,
    place: str = "",
    body: str = "",
) -> Interaction:
    """Put a visit to come on the timeline and on My day."""
    require_future(at, _("This time has passed. Log the visit instead."))
    visit = record(
        actor=actor,
        kind=Kind.VISIT,
        party=reachable_party(actor, party, person),
        at=at,
        status=Status.PLANNED,
        subject=subject,
        minutes=minutes,
        place=place,
        body=body,
    )
    announce("interactions.visit_planned", visit)
    return visit


@action(
    "interactions.log_visit",
    label=gettext_lazy("Log visit"),
    done=gettext_lazy("Visit logged."),
    form=LogVisitForm,
    on=PARTIES,
    subject="party",
    icon="map-pin",
)
def log_visit(
    *,
    actor: User,
    party: Party,
    at: datetime,
    person: Party | None = None,
    subject: str = "",
    minutes: int | None = None,
    place: str = "",
    body: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    follow_up_on: date | None = None,
    follow_up_title: str = "",
) -> Interaction:
    """Record a visit that took place, with the position if the visitor wants it."""
    require_past(at, _("A visit cannot be logged before it took place. Plan it instead."))
    visit = record(
        actor=actor,
        kind=Kind.VISIT,
        party=reachable_party(actor, party, person),
        at=at,
        subject=subject,
        minutes=minutes,
        place=place,
        body=body,
        position=position_of(latitude, longitude),
    )
    follow_up = promise_follow_up(
        actor=actor, interaction=visit, on=follow_up_on, title=follow_up_title
    )
    announce("interactions.visit_logged", visit, follow_up)
    return visit


@action(
    "interactions.check_in",
    order=20,
    label=gettext_lazy("Check in"),
    done=gettext_lazy("Checked in."),
    form=CheckInForm,
    on=INTERACTION,
    subject="interaction",
    icon="map-pin-check",
    granted=False,
    offered=can_be_arrived_at,
)
def check_in(
    *,
    actor: User,
    interaction: Interaction,
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
) -> Interaction:
    """Say that one has arrived at a planned visit or meeting, with the position if wanted."""
    visit = editable_interaction(actor, interaction)
    if visit.status != Status.PLANNED or visit.kind not in (Kind.VISIT, Kind.MEETING):
        raise DomainError(_("Only a planned visit or meeting can be checked in to."))
    position = position_of(latitude, longitude)
    visit.checked_in_at = now()
    visit.latitude = position.latitude if position else None
    visit.longitude = position.longitude if position else None
    visit.save(update_fields=["checked_in_at", "latitude", "longitude", "updated_at"])
    journal.relabel(visit.party.name)
    announce("interactions.visit_checked_in", visit)
    return visit


@action(
    "interactions.hold_meeting",
    order=10,
    label=gettext_lazy("Mark as done"),
    done=gettext_lazy("Marked as done."),
    form=HoldForm,
    on=INTERACTION,
    subject="interaction",
    icon="calendar-check",
    granted=False,
    offered=is_planned,
)
def hold_meeting(
    *,
    actor: User,
    interaction: Interaction,
    at: datetime | None = None,
    minutes: int | None = None,
    outcome: str = "",
    body: str = "",
    follow_up_on: date | None = None,
    follow_up_title: str = "",
) -> Interaction:
    """A planned meeting, visit or call took place: what came of it, and what was promised."""
    held = editable_interaction(actor, interaction)
    if held.status != Status.PLANNED:
        raise DomainError(_("This is not planned any more."))
    held.at = at or min(held.at, now())
    require_past(held.at, _("It cannot be done before it took place."))
    held.status = Status.DONE
    held.minutes = minutes if minutes is not None else held.minutes
    held.outcome = outcome
    if body:
        rewrite(actor=actor, interaction=held, body=body)
    held.save()
    refresh_interactions([held.pk])
    follow_up = promise_follow_up(
        actor=actor, interaction=held, on=follow_up_on, title=follow_up_title
    )
    journal.relabel(held.party.name)
    announce(f"interactions.{held.kind}_held", held, follow_up)
    return held


@action(
    "interactions.cancel",
    label=gettext_lazy("Cancel it"),
    done=gettext_lazy("Cancelled."),
    on=INTERACTION,
    subject="interaction",
    icon="calendar-x",
    granted=False,
    offered=is_planned,
)
def cancel(*, actor: User, interaction: Interaction) -> Interaction:
    """A planned meeting, visit or call will not take place; it stays on the timeline as cancelled."""
    planned = editable_interaction(actor, interaction)
    if planned.status != Status.PLANNED:
        raise DomainError(_("Only what is planned can be cancelled."))
    planned.status = Status.CANCELLED
    planned.save(update_fields=["status", "updated_at"])
    journal.relabel(planned.party.name)
    announce(f"interactions.{planned.kind}_cancelled", planned)
    return planned
