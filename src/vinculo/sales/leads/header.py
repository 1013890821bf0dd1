"""What a lead's header shows: how far it has come, and why it went no further."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.snippets import when
from vinculo.records.entity import Badge, Figure
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


def last_contact(user: User, lead: Lead) -> list[Figure]:
    """When anybody last spoke with them."""
    if rights_of(user).field_rule(KEY, "last_contact_at") == "hidden":
        return []
    said = when(lead.last_contact_at, gettext("Never"), short=True)
    return [Figure(_("Last contact"), said, order=10)]
