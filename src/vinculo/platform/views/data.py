"""Settings → Data: taking everything away."""

from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vinculo.platform.everything.export import export_file, finished_exports, start_export
from vinculo.platform.views.common import done, for_administrators, found, show, signed_in
from vinculo.platform.work import current_work


@require_safe
@for_administrators
def data(request: HttpRequest) -> HttpResponse:
    """What can be taken away, and what one has taken lately."""
    user = signed_in(request)
    context = {
        "exports": finished_exports(user),
        "working": [work for work in current_work(user) if work.kind == "everything"],
    }
    return show(request, "platform/data.html", "data", context)


@require_POST
@for_administrators
def export_everything(request: HttpRequest) -> HttpResponse:
    """Start the export."""
    start_export(actor=signed_in(request))
    return done(
        request, "/settings/data", _("The export is being written. You are told when it is ready.")
    )


@require_safe
@for_administrators
def download(request: HttpRequest, name: str) -> HttpResponse:
    """One's own finished export; whether one may have it is looked at again now."""
    work, file = found(export_file(signed_in(request), name))
    day = f"{work.ended_at:%Y-%m-%d}" if work.ended_at else "export"
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"vinculo-{day}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)
