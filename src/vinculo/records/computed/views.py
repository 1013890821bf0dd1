"""How a computed value of a record came about."""

from django.http import HttpResponse

from vinculo.kernel.errors import NotFound, _
from vinculo.records.computed.explaining import explained
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, dialog_or_page, entity_view, get_record


@entity_view()
def how(request: Request, entity: Entity, pk: int, name: str) -> HttpResponse:
    """The formula with the values of its fields, or the records that were rolled up."""
    record = get_record(request, entity, pk)
    field = entity.field_for(request.user, name)
    told = explained(entity, record, field, request.user) if field is not None else None
    if field is None or told is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    context = {
        "entity": entity,
        "heading": entity.title_of(record),
        "field": field,
        "told": told,
        "url": entity.url(record),
    }
    return dialog_or_page(request, "records/how.html", context)
