"""What a lead's header shows: how far it has come, and why it went no further."""

from __future__ import annotations

from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.records.entity import Badge
from vinculo.sales.leads.models import Lead, Status

KEY = "sales.lead"
TONES = {
    Status.NEW: "is-info",
    Status.WORKING: "is-warn",
    Status.QUALIFIED: "is-ok",
    Status.DISQUALIFIED: "is-bad",
    Status.CONVERTED: "is-ok",
}


def badges(user: User, lead: Lead) -> list[Badge]:
    """How far it has come, with the reason where it is none."""
    rights = rights_of(user)
    if rights.field_rule(KEY, "status") == "hidden":
        return []
    shown = [Badge(Status(lead.status).label, f"with-dot {TONES[Status(lead.status)]}")]
    if lead.why and rights.field_rule(KEY, "why") != "hidden":
        shown.append(Badge(lead.get_why_display()))
    return shown
