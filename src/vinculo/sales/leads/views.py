"""Pages of leads that are no list, record or form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vinculo.kernel.ids import row_id
from vinculo.records.entity import Entity
from vinculo.records.views.common import entity_view, get_record, told
from vinculo.sales.leads.actions import tick_criterion


@require_POST
@entity_view()
def tick(request: Any, entity: Entity, pk: int) -> HttpResponse:
    """Tick what a lead meets, or take the tick away."""
    lead = get_record(request, entity, pk, "edit")
    criterion = row_id(request.POST.get("criterion", "")) or 0
    tick_criterion(actor=request.user, lead=lead, criterion=criterion)
    if not request.htmx:
        return redirect(entity.url(lead))
    return told(HttpResponse(status=204), record_changed={})
