"""Files go out as downloads only: nothing a user uploaded is ever shown by our own address."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from vinculo.interactions.media import served_as
from vinculo.interactions.models import File
from vinculo.kernel.errors import NotFound, _
from vinculo.platform import blobs
from vinculo.platform.access_events import note_record
from vinculo.records.views.common import Request

NOTHING_RUNS = "sandbox; default-src 'none'"


@login_required
@require_safe
def download(request: Request, token: str) -> HttpResponseBase:
    """The file with this token, if the reader may see it."""
    file = File.objects.filter(token=token).visible_to(request.user).first()
    if file is None:
        raise NotFound(_("There is no such file, or you may not see it."))
    note_record(request.user, "download", "interactions.file", file.pk)
    response = FileResponse(
        blobs.opened(file.token),
        as_attachment=True,
        filename=file.name,
        content_type=served_as(file.media_type),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
