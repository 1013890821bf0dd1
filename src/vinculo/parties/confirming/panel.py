"""The part of a record's page that says what the customer was asked, and what they answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.parties.confirming.consent import latest
from vinculo.parties.confirming.models import ConfirmLink, ConsentSaid, Proposal, ProposalState
from vinculo.parties.confirming.proposals import differences
from vinculo.parties.contacts import points_of
from vinculo.parties.models import ContactKind, Party
from vinculo.platform.access import reaches
from vinculo.records.entity import Panel
from vinculo.records.registry import entity

MOST = 5


def confirming(request: Any, party: Party) -> dict[str, Any] | None:
    """Links that work, corrections that wait, what was said of consent; None where nobody asked."""
    user = request.user
    # One question for most records: nobody has asked these anything.
    links = list(
        ConfirmLink.objects.filter(party=party.pk).select_related("made_by").order_by("-made_at")
    )
    if not links:
        return None
    at = now()
    waiting = Proposal.objects.filter(party=party.pk, state=ProposalState.OPEN).order_by("-at")
    field = entity(f"parties.{party.kind}").field_for(user, "confirmed_at")
    editable = reaches(user, party, "edit")
    shown: dict[str, Any] = {
        "links": [
            link
            for link in links
            if not link.answered_at and not link.revoked_at and link.expires_at > at
        ][:MOST],
        "proposals": [one for one in _of(party, waiting[:MOST]) if differences(user, one)],
        "confirmed_at": party.confirmed_at if field is not None else None,
        "consents": [_told(one) for one in latest(user, party, points_of(party))],
    }
    if not any(shown.values()):
        return None
    page = f"/{'companies' if party.kind == 'company' else 'people'}/{party.pk}"
    return {**shown, "ask_url": f"{page}/confirm" if editable else ""}


def _of(party: Party, proposals: Any) -> list[Proposal]:
    found = list(proposals)
    for one in found:
        one.party = party
    return found


def _told(said: ConsentSaid) -> dict[str, Any]:
    return {"label": ContactKind(said.channel).label, "allowed": said.allowed, "at": said.at}


CONFIRMING = Panel(
    "confirming",
    _("Confirmed data"),
    "parties/confirming/panel.html",
    confirming,
    order=17,
    module="confirming",
)
