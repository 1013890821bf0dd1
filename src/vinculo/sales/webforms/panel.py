"""How a lead came in, as a part of its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import rights_of
from vinculo.records.entity import Panel
from vinculo.sales.leads.models import Lead
from vinculo.sales.webforms.models import Submission

KEY = "sales.lead"
#: Each of these follows from what the panel tells.
TELLS = ("source", "channel", "campaign")


def came_in(request: HttpRequest, lead: Lead) -> dict[str, Any] | None:
    """The web form it came by, the consent, and what the address said; None where there is none."""
    user: Any = request.user
    if any(rights_of(user).field_rule(KEY, name) == "hidden" for name in TELLS):
        return None
    sent = Submission.objects.filter(lead=lead).visible_to(user).select_related("form").first()
    utm = sorted(lead.utm.items())
    return {"sent": sent, "utm": utm} if sent is not None or utm else None


CAME_IN = Panel("came_in", _("How it came in"), "sales/webforms/panel.html", came_in, "main", 20)
