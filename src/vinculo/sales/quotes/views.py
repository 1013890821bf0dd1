"""Pages of quotes that are no list, record or form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vinculo.platform.actions import actions
from vinculo.platform.views.common import found
from vinculo.records.entity import Entity
from vinculo.records.views.common import dialog_or_page, entity_view, get_record
from vinculo.sales.quotes.forms import ChangeLineForm
from vinculo.sales.quotes.models import QuoteLine
from vinculo.sales.quotes.rules import must_be_draft


@require_safe
@entity_view()
def line(request: Any, entity: Entity, pk: int, row: int) -> HttpResponse:
    """The form of one line, as it is now."""
    quote = get_record(request, entity, pk, "edit")
    must_be_draft(quote)
    one = found(
        QuoteLine.objects.filter(quote=quote, pk=row).visible_to(request.user, "edit").first()
    )
    found(one.told_to(request.user) or None)
    change = actions()["sales.change_line"]
    context = {
        "entity": entity,
        "record": quote,
        "action": change,
        "form": ChangeLineForm(user=request.user, record=quote, line=one),
        "heading": change.label,
        "submit_label": change.label,
        "post_url": f"{entity.url(quote)}/do/{change.name}",
    }
    return dialog_or_page(request, "records/action.html", context)
