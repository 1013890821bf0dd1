"""Pages of deals that are no list, record or form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from vinculo.platform.actions import actions
from vinculo.platform.views.common import found
from vinculo.records.entity import Entity
from vinculo.records.views.common import dialog_or_page, entity_view, get_record, told
from vinculo.sales.deals.actions import tick_item
from vinculo.sales.deals.line_forms import ChangeDealLineForm
from vinculo.sales.deals.models import DealLine


@require_POST
@entity_view()
def tick(request: Any, entity: Entity, pk: int) -> HttpResponse:
    """Tick an entry of the checklist, or take the tick away."""
    deal = get_record(request, entity, pk, "edit")
    tick_item(actor=request.user, deal=deal, item=request.POST.get("item", "")[:20])
    if not request.htmx:
        return redirect(entity.url(deal))
    return told(HttpResponse(status=204), record_changed={})


@require_safe
@entity_view()
def line(request: Any, entity: Entity, pk: int, row: int) -> HttpResponse:
    """The form of one line, as it is now."""
    deal = get_record(request, entity, pk, "edit")
    one = found(DealLine.objects.filter(deal=deal, pk=row).visible_to(request.user, "edit").first())
    found(one.told_to(request.user) or None)
    change = actions()["sales.change_deal_line"]
    context = {
        "entity": entity,
        "record": deal,
        "action": change,
        "form": ChangeDealLineForm(user=request.user, record=deal, line=one),
        "heading": change.label,
        "submit_label": change.label,
        "post_url": f"{entity.url(deal)}/do/{change.name}",
    }
    return dialog_or_page(request, "records/action.html", context)
