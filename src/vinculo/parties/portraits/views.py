"""The picture of a company or person, for whoever sees the record."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from vinculo.parties.portraits.keeping import MEDIA_TYPE, picture_of
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, entity_view

NOTHING_RUNS = "sandbox; default-src 'none'"
#: A new picture has a new address.
KEPT = "private, max-age=604800, immutable"


@entity_view()
@require_safe
def picture(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The picture as it was drawn here; nobody's upload is ever sent on as it came."""
    party = entity.visible(request.user).filter(pk=pk).only("portrait", "kind").first()
    content = picture_of(party) if party is not None else b""
    if not content:
        raise Http404(gettext("There is no picture."))
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = KEPT
    return response
