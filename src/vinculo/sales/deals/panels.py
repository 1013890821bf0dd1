"""The parts of a deal's page that are no plain facts: its way, its checklist, its customer's timeline;
and the deals on a customer's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.interactions.panel import timeline_panel
from vinculo.kernel.clock import now
from vinculo.parties.models import Kind, Party
from vinculo.platform.access import Scope, reaches, rights_of
from vinculo.products.entities import currency_of
from vinculo.records.entity import Panel
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal, StageVisit
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends

KEY = "sales.deal"
MOST_DEALS = 20


def way(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """The stages a deal stood in, the latest first, and for how long."""
    user: Any = request.user
    if rights_of(user).field_rule(KEY, "stage") == "hidden":
        return None
    stages = known().stages
    visits = StageVisit.objects.filter(deal=deal).visible_to(user).order_by("-entered_at", "-pk")
    return {
        "visits": [
            {
                "stage": stages[visit.stage_id].name if visit.stage_id in stages else "",
                "visit": visit,
                "days": ((visit.left_at or now()) - visit.entered_at).days,
            }
            for visit in visits[:50]
        ]
    }


def checklist(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """What is to be done in the stage a deal stands in; None where there is nothing."""
    user: Any = request.user
    stage = known().stages.get(deal.stage_id)
    if stage is None or not stage.checklist:
        return None
    if rights_of(user).field_rule(KEY, "stage") == "hidden":
        return None
    done = set(deal.checked)
    return {
        "stage": stage,
        "items": [{**item, "done": item["id"] in done} for item in stage.checklist],
        "editable": reaches(user, deal, "edit"),
        "url": f"/deals/{deal.pk}/checklist",
    }


def customer_timeline(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """The timeline of the deal's customer, for who may see the customer."""
    user: Any = request.user
    hidden = rights_of(user).field_rule(KEY, "company" if deal.company_id else "person")
    party = Party.objects.filter(pk=deal.party_id or 0).visible_to(user).first()
    return timeline_panel(request, party) if party is not None and hidden != "hidden" else None


def deals_of(request: HttpRequest, party: Party) -> dict[str, Any] | None:
    """The deals with a customer, open ones first; None for who sees no deals."""
    user: Any = request.user
    if rights_of(user).scope(KEY) is Scope.NONE:
        return None
    column = "company" if party.kind == Kind.COMPANY else "person"
    declared = entity(KEY)
    seen = {one.name for one in declared.fields_for(user)}
    if column not in seen or "name" not in seen:
        return None
    rows = declared.visible(user).filter(**{column: party.pk}).order_by("-pk")
    if "status" in seen:
        rows = rows.order_by(Case(When(status=Ends.OPEN, then=0), default=1), "-pk")
    columns = ("pk", "name", "status", "stage_id", "amount", "currency", "close_on", "closed_on")
    found = list(rows.only(*columns)[: MOST_DEALS + 1])
    stages = known().stages
    return {
        "deals": [
            {
                "deal": deal,
                "stage": stages[deal.stage_id].name
                if "stage" in seen and deal.stage_id in stages
                else "",
                "amount": deal.amount if "amount" in seen else None,
                "currency": currency_of(deal),
                "over": "status" in seen and deal.status != Ends.OPEN,
                "day": _day(deal, seen),
            }
            for deal in found[:MOST_DEALS]
        ],
        "more": len(found) > MOST_DEALS,
        "all_url": f"/deals?{column}.is={party.pk}",
        "new_url": f"/deals/new?{column}={party.pk}"
        if rights_of(user).scope(KEY, "add") is not Scope.NONE
        else "",
    }


def _day(deal: Deal, seen: set[str]) -> date | None:
    """When it was closed, else when it is to be, as far as the reader may know."""
    closed = deal.closed_on if "closed_on" in seen else None
    return closed or (deal.close_on if "close_on" in seen else None)


WAY = Panel("way", pgettext_lazy("of a deal", "Way"), "sales/panel_way.html", way, order=30)
CHECKLIST = Panel("checklist", _("Checklist"), "sales/panel_checklist.html", checklist, order=10)
TIMELINE = Panel(
    "timeline", _("Timeline"), "interactions/panel.html", customer_timeline, place="main",
    order=10, module="activity",
)  # fmt: skip
DEALS = Panel("deals", _("Deals"), "sales/panel_deals.html", deals_of, order=15)
