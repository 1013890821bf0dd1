"""Who stands around a deal, as a part of its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import reaches, rights_of
from vinculo.records.entity import Panel
from vinculo.sales.around.models import Competitor, Share, Stakeholder
from vinculo.sales.deals.models import Deal

KEY = "sales.deal"


def around(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    """Stakeholders whom the reader may see, competitors, and how the credit is split."""
    user: Any = request.user
    rights = rights_of(user)
    hidden = rights.field_rule(KEY, "person") == "hidden"
    people = Stakeholder.objects.filter(deal=deal).visible_to(user).select_related("person")
    shares = list(Share.objects.filter(deal=deal).select_related("user").order_by("-percent", "pk"))
    return {
        "stakeholders": [] if hidden else list(people.order_by("pk")),
        "competitors": list(Competitor.objects.filter(deal=deal).order_by("name")),
        "shares": shares,
        "rest": 100 - sum(one.percent for one in shares),
        "owner": deal.owner if rights.field_rule(KEY, "owner") != "hidden" else None,
        "url": f"/deals/{deal.pk}",
        "editable": reaches(user, deal, "edit"),
        "may_people": not hidden,
    }


AROUND = Panel("around", _("Around the deal"), "sales/panel_around.html", around, order=20)
