"""What was done with a lead stands on its customer's timeline once it is converted."""

from __future__ import annotations

from vinculo.interactions.actions.common import company_id_of
from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.models import Interaction, Status
from vinculo.parties.models import Party
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.handing import may_give
from vinculo.platform.models import User
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.models import Lead

KEY = "interactions.interaction"


def tell_customer(actor: User, lead: Lead, customer: Party) -> None:
    """Write what was done with a lead on the timeline of whom it became, as theirs who did it (as
    the actor's, where the actor may not give it to them)."""
    if rights_of(actor).scope(KEY, "add") is Scope.NONE:
        return
    done = LeadContact.objects.filter(lead=lead).select_related("by").order_by("at", "pk")
    made = Interaction.objects.bulk_create(
        _entry(one, customer, _whose(actor, one.by)) for one in done
    )
    refresh_interactions([one.pk for one in made])


def _entry(one: LeadContact, customer: Party, owner: User) -> Interaction:
    return Interaction(
        kind=one.kind,
        party_id=customer.pk,
        company_id=company_id_of(customer),
        at=one.at,
        status=Status.DONE,
        direction=one.direction,
        outcome=one.outcome,
        body=one.body,
        owner=owner,
        team_id=owner.main_team_id(),
    )


def _whose(actor: User, by: User | None) -> User:
    return by if by is not None and may_give(actor, KEY, by) else actor
