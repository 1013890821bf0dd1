"""Notes; and correcting or removing what was recorded."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from vinculo.interactions.actions.calls import PARTIES
from vinculo.interactions.actions.common import (
    announce,
    editable_interaction,
    reachable_party,
    record,
    require_past,
    rewrite,
)
from vinculo.interactions.actions.meetings import INTERACTION
from vinculo.interactions.actions.offers import only_on_timelines
from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.forms import AddNoteForm, EditInteractionForm
from vinculo.interactions.models import Interaction, Kind, Status, Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, _
from vinculo.kernel.text import clean
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.access import recheck
from vinculo.platform.actions import action
from vinculo.platform.models import User


@action(
    "interactions.add_note",
    order=40,
    label=gettext_lazy("Add note"),
    done=gettext_lazy("Note added."),
    form=AddNoteForm,
    on=PARTIES,
    subject="party",
    icon="sticky-note",
)
def add_note(*, actor: User, party: Party, body: str) -> Interaction:
    """Write down something about a customer; markdown, and @ tells a colleague."""
    if not body.strip():
        raise DomainError(_("Write something first."), field="body")
    note = record(
        actor=actor, kind=Kind.NOTE, party=reachable_party(actor, party), at=now(), body=body
    )
    announce("interactions.note_added", note)
    return note


@action(
    "interactions.edit_interaction",
    label=gettext_lazy("Edit"),
    done=gettext_lazy("Saved."),
    form=EditInteractionForm,
    on=INTERACTION,
    subject="interaction",
    icon="pencil",
    granted=False,
    offered=only_on_timelines,
)
def edit_interaction(
    *,
    actor: User,
    interaction: Interaction,
    at: datetime | None = None,
    subject: str | None = None,
    body: str | None = None,
    minutes: int | None = None,
    direction: str | None = None,
    outcome: str | None = None,
    place: str | None = None,
    version: int | None = None,
) -> Interaction:
    """Correct what was recorded; None leaves a field as it is (minutes: as given).

    Raises Conflict when somebody changed it after `version` (see `journal.version_of`).
    """
    changed = editable_interaction(actor, interaction)
    refuse_later_changes(changed, version)
    changed.at = at or changed.at
    if changed.status == Status.DONE:
        require_past(changed.at, _("What took place cannot be in the future."))
    changed.subject = changed.subject if subject is None else clean(subject)
    changed.direction = changed.direction if direction is None else direction
    changed.outcome = changed.outcome if outcome is None else outcome
    changed.place = changed.place if place is None else clean(place)
    if changed.kind not in (Kind.NOTE, Kind.EMAIL):
        changed.minutes = minutes
    if body is not None:
        if changed.kind == Kind.NOTE and not body.strip():
            raise DomainError(_("Write something first."), field="body")
        rewrite(actor=actor, interaction=changed, body=body)
    changed.save()
    refresh_interactions([changed.pk])
    recheck(changed, actor)
    journal.relabel(changed.party.name)
    announce("interactions.interaction_changed", changed)
    return changed


def refuse_later_changes(row: Interaction | Task, version: int | None) -> None:
    """Refuse to write over what somebody changed after `version`, saying who it was."""
    if not version:
        return
    later = journal.changed_since(row, version)
    if later:
        change = next(iter(later.values()))[1]
        raise Conflict(
            _("%(who)s has changed this since you opened it. Close and look at it again."),
            who=str(change.changeset.actor or "?"),
        )


@action(
    "interactions.remove_interaction",
    label=gettext_lazy("Delete"),
    done=gettext_lazy("Deleted."),
    on=INTERACTION,
    subject="interaction",
    icon="trash-2",
    granted=False,
    offered=only_on_timelines,
)
def remove_interaction(*, actor: User, interaction: Interaction) -> None:
    """Take an entry off the timeline; the follow-up it promised stays, and it can be undone."""
    gone = editable_interaction(actor, interaction, "delete")
    pk, name = gone.pk, gone.party.name
    announce("interactions.interaction_removed", gone)
    gone.delete()
    refresh_interactions([pk])
    journal.relabel(name)
