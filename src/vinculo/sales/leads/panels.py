"""The parts of a lead's page that are no plain facts: the checklist by which it is qualified."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import reaches, rights_of
from vinculo.records.entity import Panel
from vinculo.sales.leads.models import Lead, Status
from vinculo.sales.pipelines.known import known

KEY = "sales.lead"


def qualification(request: HttpRequest, lead: Lead) -> dict[str, Any] | None:
    """What is asked of a lead, and which of it is met; None where nothing is asked."""
    user: Any = request.user
    criteria = known().criteria
    if not criteria or rights_of(user).field_rule(KEY, "rating") == "hidden":
        return None
    met = set(lead.met)
    may = rights_of(user).field_rule(KEY, "rating") == "" and reaches(user, lead, "edit")
    return {
        "criteria": [{"id": one.pk, "name": one.name, "met": one.pk in met} for one in criteria],
        "rating": lead.rating,
        "editable": may and lead.status != Status.CONVERTED,
        "url": f"/leads/{lead.pk}/criterion",
    }


QUALIFICATION = Panel(
    "qualification", _("Qualification"), "sales/leads/panel_qualification.html", qualification,
    place="main", order=10,
)  # fmt: skip
