"""Shows one sensitive value to somebody who may read it and asked for it; noted as an access."""

from django.http import HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from vinculo.kernel.cipher import Unreadable
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform.access_events import note_record
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, entity_view, get_record


@require_POST
@entity_view()
def reveal(request: Request, entity: Entity, pk: int, name: str) -> HttpResponse:
    """The value itself. Posted, so that no link and no crawler asks for it."""
    record = get_record(request, entity, pk)
    field = entity.field_for(request.user, name)
    if field is None or not field.sensitive:
        raise NotFound(_("There is no such record, or you may not see it."))
    note_record(request.user, "reveal", entity.key, pk)
    value = field.value(record)
    try:
        shown = value.reveal() if value else ""
    except Unreadable as error:
        raise DomainError(
            _("This cannot be read: the key it was encrypted with is not here.")
        ) from error
    return HttpResponse(format_html("<span>{}</span>", shown))
