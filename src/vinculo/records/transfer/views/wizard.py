"""The import wizard: file, mapping, dry run, progress, report."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform.refusals import sentence as said
from vinculo.platform.refusals import status_of
from vinculo.platform.work import cancel_work
from vinculo.records.transfer import imports
from vinculo.records.transfer.held import Held, find_held
from vinculo.records.transfer.held import importable as importable_by
from vinculo.records.transfer.models import Import
from vinculo.records.transfer.pages import outcome_page, own_import, page, steps
from vinculo.records.transfer.sources import open_bytes
from vinculo.records.transfer.views.deciding import mapping_page
from vinculo.records.views.common import Request

RECENT = 10


@login_required
def start(request: Request) -> HttpResponse:
    """First step: what the file holds, and the file."""
    importable = importable_by(request.user)
    if not importable:
        raise NotAllowed(_("You may not import anything. Ask an administrator for the right to."))
    chosen = _entity_asked(request, importable)
    error, status = "", 200
    if request.method == "POST":
        files = request.FILES.getlist("file")
        try:
            if not files:
                raise DomainError(_("Choose a file first."), field="file")
            made = imports.upload_together(
                actor=request.user,
                entity=chosen,
                files=[(file.name or "", file.chunks()) for file in files],
            )
            return redirect(f"/import/{made[0].pk}")
        except DomainError as refusal:
            error, status = said(refusal), status_of(refusal)
    recent = Import.objects.visible_to(request.user).select_related("work", "changeset")
    context = {
        "entities": importable,
        "entity": chosen,
        "error": error,
        "recent": recent.order_by("-id")[:RECENT],
        "steps": steps("file"),
    }
    return render(request, "records/import/start.html", context, status=status)


def _entity_asked(request: Request, importable: list[Held]) -> Held:
    key = request.POST.get("as") or request.GET.get("as") or importable[0].key
    found = find_held(key)
    return found if found in importable else importable[0]


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    """The step an import stands at; `?step=mapping` goes back to the decisions."""
    imported = own_import(request.user, pk)
    state = imported.state
    if state in ("checking", "running"):
        return render(request, "records/import/progress.html", page(imported, "check"))
    if state in ("done", "undone"):
        return render(request, "records/import/report.html", outcome_page(imported, "report"))
    if state == "checked" and request.GET.get("step") != "mapping":
        return render(request, "records/import/checked.html", outcome_page(imported, "check"))
    return mapping_page(request, imported)


@login_required
@require_GET
def working(request: Request, pk: int) -> HttpResponse:
    """The progress while a job works on the import; tells htmx to reload when it has ended."""
    imported = own_import(request.user, pk)
    response = render(request, "records/import/working.html", page(imported, "check"))
    if imported.state not in ("checking", "running"):
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def run(request: Request, pk: int) -> HttpResponse:
    """Third step done: import as a job."""
    imported = own_import(request.user, pk)
    if imported.state != "checked":
        return redirect(f"/import/{pk}?step=mapping")
    imports.run(actor=request.user, imported=imported)
    return redirect(f"/import/{pk}")


@login_required
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Stop the job that works on the import; nothing of it stays."""
    imported = own_import(request.user, pk)
    if imported.work_id:
        cancel_work(request.user, imported.work_id)
    return redirect(f"/import/{pk}")


@login_required
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Forget an import that was not carried out, and its file."""
    imported = own_import(request.user, pk)
    imports.discard(actor=request.user, imported=imported)
    return redirect(f"/import/?as={imported.entity}")


@login_required
@require_GET
def refused(request: Request, pk: int) -> FileResponse:
    """The refused rows with their reasons, as a file to mend and bring again."""
    imported = own_import(request.user, pk)
    if not imported.refused_path.exists():
        raise Http404
    name = f"{imported.name.rsplit('.', 1)[0]}-{gettext('refused')}.csv"
    response = FileResponse(
        open_bytes(imported.refused_path),
        as_attachment=True,
        filename=name,
        content_type="text/csv",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
