"""Pages of leads that are no list, record or form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from vinculo.kernel.ids import row_id
from vinculo.platform import journal
from vinculo.platform.views.common import found
from vinculo.records.entity import Entity
from vinculo.records.views.common import entity_view, get_record, toast, told
from vinculo.sales.leads.actions import tick_criterion
from vinculo.sales.leads.contacts.actions import remove_lead_contact
from vinculo.sales.leads.contacts.models import LeadContact


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


@require_POST
@entity_view()
def remove_contact(request: Any, entity: Entity, pk: int, row: int) -> HttpResponse:
    """Take away an entry of what was done with a lead."""
    lead = get_record(request, entity, pk, "edit")
    rows = LeadContact.objects.filter(lead=lead, pk=row).visible_to(request.user)
    one = found(rows.select_related("lead").first())
    with journal.change_set(
        actor=request.user, verb="sales.remove_lead_contact", label=str(lead)
    ) as opened:
        remove_lead_contact(actor=request.user, contact=one)
    if not request.htmx:
        return redirect(entity.url(lead))
    said = toast(gettext("Deleted."), undo=opened.id)
    return told(HttpResponse(status=204), toast=said, record_changed={})
