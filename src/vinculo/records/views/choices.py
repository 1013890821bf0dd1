"""Suggestions while somebody types into a reference: only records they may see."""

from django.http import HttpResponse
from django.shortcuts import render

from vinculo.records.entity import Entity
from vinculo.records.search import best_matches
from vinculo.records.views.common import Request, entity_view


@entity_view()
def choices(request: Request, entity: Entity) -> HttpResponse:
    """Up to ten records that fit what was typed; without text, the first by name."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if text:
        records = best_matches(entity, request.user, text, 10)
    else:
        order = entity.all_fields[entity.title].sort or entity.title
        records = list(entity.visible(request.user).order_by(order)[:10])
    context = {"entity": entity, "records": records, "q": text}
    return render(request, "records/choices.html", context)
