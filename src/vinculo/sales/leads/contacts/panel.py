"""What was done with a lead, as a part of its page: the newest first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.models import Kind
from vinculo.platform.access import reaches
from vinculo.records.entity import Panel
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.models import Lead, Status

MOST = 100
ICONS = {Kind.CALL: "phone", Kind.EMAIL: "mail", Kind.MEETING: "calendar",
         Kind.VISIT: "map-pin", Kind.NOTE: "sticky-note"}  # fmt: skip
#: What can be added, with the key that opens its form: the same as on a customer's timeline.
VERBS = (
    ("sales.add_lead_note", _("Add note"), "sticky-note", "n"),
    ("sales.log_lead_call", _("Log call"), "phone", "l"),
    ("sales.log_lead_email", _("Log e-mail"), "mail", "m"),
    ("sales.log_lead_meeting", _("Log meeting"), "calendar", "a"),
)


def contacts(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The latest entries, and what the reader may add."""
    user: Any = request.user
    rows = LeadContact.objects.filter(lead=lead).visible_to(user).select_related("by")
    latest = list(rows.order_by("-at", "-pk")[: MOST + 1])
    return {
        "entries": [(one, ICONS[Kind(one.kind)]) for one in latest[:MOST]],
        "more": len(latest) > MOST,
        "most": MOST,
        "url": f"/leads/{lead.pk}",
        "verbs": VERBS,
        "editable": lead.status != Status.CONVERTED and reaches(user, lead, "edit"),
    }


CONTACTS = Panel(
    "contacts", _("What was done"), "sales/leads/panel_contacts.html", contacts,
    place="main", order=20,
)  # fmt: skip
