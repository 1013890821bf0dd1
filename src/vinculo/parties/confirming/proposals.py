"""What customers want corrected: beside what the record says, and taken over or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, _
from vinculo.parties.confirming.answering import confirm, write_told
from vinculo.parties.confirming.asking import offered
from vinculo.parties.confirming.models import Proposal, ProposalState
from vinculo.parties.confirming.values import present, thawed, told
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.access import reaches
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.fields import Field
from vinculo.records.registry import entity

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Difference:
    """One field of a proposal, as a reader may know it."""

    field: Field
    state: str
    #: In words: what it was when the customer answered, what it is now, and what they say.
    old: str
    now: str
    new: str
    #: What it is now, as it is compared when somebody decides.
    seen: str
    #: Somebody has changed it since, to something else than the customer says.
    conflict: bool
    #: The reader may decide on it.
    mine: bool


def differences(user: User, proposal: Proposal) -> list[Difference]:
    """The fields of a proposal that the reader sees, in the order of the customer's page."""
    party: Party = proposal.party
    declared = entity(f"parties.{party.kind}")
    may = reaches(user, party, "edit")
    found = []
    names = [name for name in offered(party.kind) if name in proposal.values]
    for field in declared.fields_for(user, names):
        one = proposal.values[field.name]
        held = present(field, party)
        found.append(
            Difference(
                field,
                one["state"],
                told(field, one["old"]),
                told(field, held),
                told(field, one["new"]),
                repr(held),
                one["state"] == "open" and held not in (one["old"], one["new"]),
                bool(may and field.editable and one["state"] == "open"),
            )
        )
    return found


@action("parties.decide_proposal", label=_t("Confirmed by the customer"), granted=False)
def decide(
    *, actor: User, proposal: Proposal, accept: Sequence[str], seen: Mapping[str, str]
) -> Proposal:
    """Take over the fields `accept` of what a customer corrected, and decline the others that the
    actor may decide on; those they may not wait for a colleague.

    `seen` is field → what the actor saw there (`Difference.seen`). Raises Conflict when it is
    something else by now, NotAllowed for fields or records that the actor may not change, and what
    the record refuses; then nothing is written.
    """
    held = _held(actor, proposal)
    mine = {one.field.name: one for one in differences(actor, held) if one.mine}
    if not mine:
        raise NotAllowed(_("There is nothing here that you may decide on."))
    if set(accept) - set(mine):
        raise NotAllowed(_("You may see this record but not change it."))
    for name in accept:
        if seen.get(name) != mine[name].seen:
            raise Conflict(_("Somebody has changed this meanwhile. Look at it again."))
    _take_over(actor, held, [mine[name].field for name in accept])
    for name in mine:
        held.values[name]["state"] = "accepted" if name in accept else "declined"
    for name in set(held.values) - set(offered(held.party.kind)):
        held.values[name]["state"] = "declined"  # a field that is no more
    _settle(actor, held)
    journal.relabel(held.party.name)
    return held


def _take_over(actor: User, proposal: Proposal, fields: Sequence[Field]) -> None:
    values = {field.name: thawed(field, proposal.values[field.name]["new"]) for field in fields}
    if values:
        write_told(actor, proposal.party, values, proposal.at)


def _settle(actor: User, proposal: Proposal) -> None:
    """Note the decision; once nothing is open, what became of the whole, and that a record which
    says all that its customer said is confirmed."""
    states = {one["state"] for one in proposal.values.values()}
    if "open" not in states:
        proposal.state = (
            ProposalState.PARTLY
            if len(states) > 1
            else ProposalState.ACCEPTED
            if "accepted" in states
            else ProposalState.DECLINED
        )
    proposal.decided_by, proposal.decided_at = actor, now()
    proposal.save(update_fields=["values", "state", "decided_by", "decided_at"])
    if proposal.state == ProposalState.ACCEPTED:
        confirm(proposal.party, proposal.at)


def _held(actor: User, proposal: Proposal) -> Proposal:
    """The proposal and its record, held; NotFound for one that the actor does not reach or that is
    decided already."""
    rows = Proposal.objects.select_for_update(of=("self",)).visible_to(actor)
    held = rows.filter(pk=proposal.pk).first()
    if held is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    if held.state != ProposalState.OPEN:
        raise Conflict(_("A colleague has decided on this already."))
    held.party = Party.objects.select_for_update(of=("self",)).defer("search").get(pk=held.party_id)
    return held


@action("parties.accept_proposals", label=_t("Accept proposed changes"), granted=False)
def accept_all(*, actor: User, ids: Sequence[int]) -> tuple[int, int]:
    """Take over all that these proposals say, each as a whole; returns how many were, and how many
    were left: what somebody changed since, what is refused, and what the actor may not decide on.
    """
    if len(ids) > MOST_AT_ONCE:
        raise DomainError(
            _("At most %(most)s proposals are accepted at once."), most=str(MOST_AT_ONCE)
        )
    rows = Proposal.objects.filter(pk__among=list(ids), state=ProposalState.OPEN)
    names, left = [], 0
    for proposal in rows.visible_to(actor).select_related("party").order_by("pk"):
        if _accepted(actor, proposal):
            names.append(proposal.party.name)
        else:
            left += 1
    journal.relabel(" · ".join(names))
    return len(names), left


def _accepted(actor: User, proposal: Proposal) -> bool:
    found = differences(actor, proposal)
    whole = len(found) == len(proposal.values) and all(one.mine for one in found)
    if not whole or any(one.conflict for one in found):
        return False
    try:
        with transaction.atomic():
            seen = {one.field.name: one.seen for one in found}
            decide(actor=actor, proposal=proposal, accept=list(seen), seen=seen)
    except DomainError:
        return False
    return True
