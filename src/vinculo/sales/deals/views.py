"""Pages of deals that are no list, record or form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vinculo.records.entity import Entity
from vinculo.records.views.common import entity_view, get_record, told
from vinculo.sales.deals.actions import tick_item


@require_POST
@entity_view()
def tick(request: Any, entity: Entity, pk: int) -> HttpResponse:
    """Tick an entry of the checklist, or take the tick away."""
    deal = get_record(request, entity, pk, "edit")
    tick_item(actor=request.user, deal=deal, item=request.POST.get("item", "")[:20])
    if not request.htmx:
        return redirect(entity.url(deal))
    return told(HttpResponse(status=204), record_changed={})
