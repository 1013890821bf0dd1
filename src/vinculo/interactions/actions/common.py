"""What every interaction has in common when it is recorded: who may, with whom, and what follows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from vinculo.interactions.derived import refresh_interactions, refresh_tasks
from vinculo.interactions.mentions import mentioned, newly_mentioned
from vinculo.interactions.models import Interaction, Kind, Priority, Status, Task
from vinculo.interactions.notices import tell_mentioned
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.text import clean, clean_lines
from vinculo.parties.models import Kind as PartyKind
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.events import emit
from vinculo.platform.models import User

# Clocks differ, and a form takes a minute to fill in.
TOLERANCE = timedelta(minutes=5)
LONGEST_BODY = 100_000

TOO_EARLY = {
    Kind.CALL: _("A follow-up cannot be due before the call."),
    Kind.EMAIL: _("A follow-up cannot be due before the e-mail."),
    Kind.MEETING: _("A follow-up cannot be due before the meeting."),
    Kind.VISIT: _("A follow-up cannot be due before the visit."),
}


@dataclass(frozen=True)
class Position:
    """Where somebody was, as their device said it; degrees."""

    latitude: Decimal
    longitude: Decimal


def reachable_party(actor: User, party: Party, person: Party | None = None) -> Party:
    """The customer an interaction is with: `person` of the company `party`, or `party` itself.

    Raises NotFound when the actor may not see it, DomainError when the person is not of the company.
    """
    wanted = {party.pk} | ({person.pk} if person else set())
    found = {row.pk: row for row in Party.objects.filter(pk__among=wanted).visible_to(actor)}
    if party.pk not in found:
        raise NotFound(_("There is no such customer, or you may not see it."))
    if person is None or person.pk == party.pk:
        return found[party.pk]
    if person.pk not in found or found[person.pk].company_id != party.pk:
        raise DomainError(_("This person does not work in the company."), field="person")
    return found[person.pk]


def company_id_of(party: Party) -> int | None:
    """The company on whose timeline something with `party` rolls up."""
    return party.pk if party.kind == PartyKind.COMPANY else party.company_id


def require_past(at: datetime, message: str) -> None:
    """Refuse to record what has not happened yet."""
    if at > now() + TOLERANCE:
        raise DomainError(message, field="at")


def require_future(at: datetime, message: str) -> None:
    """Refuse to plan for a time that has passed."""
    if at < now() - TOLERANCE:
        raise DomainError(message, field="at")


def position_of(latitude: Decimal | None, longitude: Decimal | None) -> Position | None:
    """Both or neither; refuses what is not on this planet."""
    if latitude is None or longitude is None:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise DomainError(_("The position cannot be right."), field="latitude")
    return Position(round(latitude, 6), round(longitude, 6))


def record(
    *,
    actor: User,
    kind: Kind,
    party: Party,
    at: datetime,
    status: Status = Status.DONE,
    subject: str = "",
    body: str = "",
    direction: str = "",
    outcome: str = "",
    minutes: int | None = None,
    place: str = "",
    position: Position | None = None,
) -> Interaction:
    """Write one interaction, tell those it mentions, and keep what is derived from it right."""
    text = clean_lines(body)
    if len(text) > LONGEST_BODY:
        raise DomainError(_("The text is too long. Attach it as a file."), field="body")
    people = mentioned(text, party)
    interaction = Interaction.objects.create(
        kind=kind,
        party=party,
        company_id=company_id_of(party),
        at=at,
        status=status,
        subject=clean(subject),
        body=text,
        direction=direction,
        outcome=outcome,
        minutes=minutes,
        place=clean(place),
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        checked_in_at=now() if position else None,
        mentions=[user.pk for user in people],
        owner=actor,
        team_id=actor.main_team_id(),
    )
    refresh_interactions([interaction.pk])
    journal.relabel(party.name)
    for user in people:
        if user.pk != actor.pk:
            tell_mentioned(user, actor, interaction)
    return interaction


def rewrite(*, actor: User, interaction: Interaction, body: str) -> None:
    """Give an interaction another text; only those newly mentioned are told."""
    interaction.body = clean_lines(body)
    if len(interaction.body) > LONGEST_BODY:
        raise DomainError(_("The text is too long. Attach it as a file."), field="body")
    people = mentioned(interaction.body, interaction.party)
    new = newly_mentioned(interaction, people, actor)
    interaction.mentions = [user.pk for user in people]
    for user in new:
        tell_mentioned(user, actor, interaction)


def promise_follow_up(
    *, actor: User, interaction: Interaction, on: date | None, title: str = ""
) -> Task | None:
    """The task that an interaction ended with; refuses a day before the interaction."""
    if on is None:
        return None
    kind = Kind(interaction.kind)
    if on < timezone.localdate(interaction.at):
        raise DomainError(TOO_EARLY[kind], field="follow_up_on")
    what = clean(title) or _default_title(interaction)
    task = Task.objects.create(
        title=what,
        party_id=interaction.party_id,
        company_id=interaction.company_id,
        interaction=interaction,
        due_on=on,
        priority=Priority.NORMAL,
        owner=actor,
        team_id=actor.main_team_id(),
    )
    refresh_tasks([task.pk])
    return task


def _default_title(interaction: Interaction) -> str:
    if interaction.subject:
        return gettext("Follow up: %(subject)s")[:190] % {"subject": interaction.subject[:150]}
    return gettext("Follow up with %(name)s") % {"name": interaction.party.name[:150]}


def announce(name: str, interaction: Interaction, follow_up: Task | None = None) -> None:
    """Tell the other rooms that an interaction took place, was planned or changed."""
    emit(
        name,
        {
            "interaction": interaction.pk,
            "party": interaction.party_id,
            "company": interaction.company_id,
            "at": interaction.at.isoformat(),
            "follow_up": follow_up.pk if follow_up else None,
        },
    )


def editable_interaction(actor: User, interaction: Interaction, verb: str = "edit") -> Interaction:
    """The interaction, locked, if the actor may do `verb` to it; NotFound otherwise."""
    found = (
        Interaction.objects.filter(pk=interaction.pk)
        .visible_to(actor, verb)
        .select_related("party")
        .select_for_update(of=("self",))
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such entry, or you may not change it."))
    return found
