"""Taking away who stands around a deal."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from vinculo.platform import journal
from vinculo.platform.views.common import found
from vinculo.records.entity import Entity
from vinculo.records.views.common import entity_view, get_record, toast, told
from vinculo.sales.around.actions import remove_around
from vinculo.sales.around.models import Competitor, Stakeholder

KINDS: dict[str, Any] = {"stakeholder": Stakeholder, "competitor": Competitor}


@require_POST
@entity_view()
def remove(request: Any, entity: Entity, pk: int, kind: str, row: int) -> HttpResponse:
    """Take a stakeholder or a competitor away."""
    deal = get_record(request, entity, pk, "edit")
    rows = KINDS[kind].objects.filter(deal=deal, pk=row).visible_to(request.user)
    one = found(rows.select_related("deal").first())
    with journal.change_set(
        actor=request.user, verb="sales.remove_around", label=str(deal)
    ) as opened:
        remove_around(actor=request.user, row=one)
    if not request.htmx:
        return redirect(entity.url(deal))
    said = toast(gettext("Taken away."), undo=opened.id)
    return told(HttpResponse(status=204), toast=said, record_changed={})
