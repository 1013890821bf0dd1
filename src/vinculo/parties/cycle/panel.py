"""The panel of a record's page: where the customer stood, since when, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.parties.cycle.kinds import SALES, kind_called
from vinculo.parties.cycle.models import DatedState
from vinculo.parties.cycle.telling import held, reason
from vinculo.parties.header import TONES
from vinculo.parties.models import Party
from vinculo.platform.access import reaches, rights_of
from vinculo.platform.models import User
from vinculo.records.entity import Panel
from vinculo.records.registry import entity

SHOWN, MOST = 4, 60


def states(request: Any, party: Party) -> dict[str, Any] | None:
    """The newest state first, each with its dates and its reason, as the reader may hear it."""
    user: User = request.user
    key = f"parties.{party.kind}"
    field = entity(key).field_for(user, "state")
    if field is None:
        return None
    rows = list(
        DatedState.objects.filter(party=party.pk, kind=SALES)
        .select_related("by")
        .order_by("-began")[:MOST]
    )
    hidden = rights_of(user).field_rule(key, "created_at") == "hidden"
    if not rows:
        rows = [DatedState(party=party, state=party.state, began=party.created_at, why="start")]
    at, label = now(), kind_called(SALES).label_of
    told = [
        {
            "state": label(row.state),
            "tone": TONES.get(row.state, ""),  # type: ignore[call-overload]
            "began": None if hidden and row.why == "start" else row.began,
            "until": row.until,
            "reason": reason(row, user, key),
            "held": held(row, at),
        }
        for row in rows
    ]
    editable = field.editable and reaches(user, party, "edit")
    url = f"/{'companies' if party.kind == 'company' else 'people'}/{party.pk}"
    return {
        "latest": told[:SHOWN],
        "earlier": told[SHOWN:],
        "set_url": f"{url}/do/parties.set_state" if editable else "",
        "release_url": f"{url}/do/parties.release_state" if editable and told[0]["held"] else "",
    }


STATES = Panel("states", _("Sales cycle"), "parties/cycle/panel.html", states, order=15,
               module="cycle")  # fmt: skip
