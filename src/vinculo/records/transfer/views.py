"""The import wizard: file, mapping, dry run, progress, report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.refusals import sentence as said
from vinculo.platform.refusals import status_of
from vinculo.platform.work import cancel_work
from vinculo.records.entity import Entity
from vinculo.records.registry import entities, find
from vinculo.records.registry import entity as entity_called
from vinculo.records.transfer import imports
from vinculo.records.transfer.forms import OptionsForm, ReadingForm
from vinculo.records.transfer.headers import guess_mapping
from vinculo.records.transfer.models import Import
from vinculo.records.transfer.pages import outcome_page, steps
from vinculo.records.transfer.plan import SAMPLE_ROWS, Plan, first_plan, with_styles
from vinculo.records.transfer.reading import Table
from vinculo.records.transfer.writer import writer_of
from vinculo.records.views.common import Request

RECENT = 10


@login_required
def start(request: Request) -> HttpResponse:
    """First step: what the file holds, and the file."""
    importable = [one for one in entities() if imports.may_import(request.user, one)]
    importable.sort(key=lambda one: one.nav_order)
    if not importable:
        raise NotAllowed(_("You may not import anything. Ask an administrator for the right to."))
    chosen = _entity_asked(request, importable)
    error, status = "", 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise DomainError(_("Choose a file first."), field="file")
            made = imports.upload(
                actor=request.user, entity=chosen, name=file.name or "", blocks=file.chunks()
            )
            return redirect(f"/import/{made.pk}")
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


def _entity_asked(request: Request, importable: list[Entity]) -> Entity:
    key = request.POST.get("as") or request.GET.get("as") or importable[0].key
    found = find(key)
    return found if found in importable else importable[0]


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    """The step an import stands at; `?step=mapping` goes back to the decisions."""
    imported = _own(request, pk)
    state = imported.state
    if state in ("checking", "running"):
        return render(request, "records/import/progress.html", _page(imported, "check"))
    if state in ("done", "undone"):
        return render(request, "records/import/report.html", outcome_page(imported, "report"))
    if state == "checked" and request.GET.get("step") != "mapping":
        return render(request, "records/import/checked.html", outcome_page(imported, "check"))
    return _mapping_page(request, imported)


@login_required
@require_GET
def working(request: Request, pk: int) -> HttpResponse:
    """The progress while a job works on the import; tells htmx to reload when it has ended."""
    imported = _own(request, pk)
    response = render(request, "records/import/working.html", _page(imported, "check"))
    if imported.state not in ("checking", "running"):
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def reread(request: Request, pk: int) -> HttpResponse:
    """Read the file with another encoding, delimiter or sheet, and guess the mapping anew."""
    imported = _own(request, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    form = ReadingForm(request.POST, plan=plan, sheets=table.sheets)
    if not form.is_valid():
        return redirect(f"/import/{pk}?step=mapping")
    wanted = replace(plan, **{name: value for name, value in form.cleaned_data.items() if value})
    try:
        table = imports.open_import(imported, wanted)
        entity = entity_called(imported.entity)
        writer = writer_of(entity)
        sample = table.sample(SAMPLE_ROWS)
        plan, _guesses = first_plan(
            table, sample, writer.targets(request.user), writer, request.user
        )
        _keep_reading(request, imported, plan)
    except DomainError as refusal:
        return _mapping_page(request, imported, error=said(refusal), status=status_of(refusal))
    return redirect(f"/import/{pk}?step=mapping")


def _keep_reading(request: Request, imported: Import, plan: Plan) -> None:
    if imported.state in ("checking", "running", "done", "undone"):
        return
    with journal.change_set(actor=request.user, verb="records.upload", label=imported.name):
        Import.objects.filter(pk=imported.pk).update(
            settings=plan.as_json(), status=Import.Status.UPLOADED
        )


@login_required
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Second step done: keep the decisions and check what would happen."""
    imported = _own(request, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    writer = writer_of(entity_called(imported.entity))
    targets = writer.targets(request.user)
    form = OptionsForm(request.POST, plan=plan, keys=writer.keys(request.user), styled=True)
    if not form.is_valid():
        return _mapping_page(request, imported, posted=request.POST, status=422)
    plan = replace(plan, columns=_columns(request.POST, table), **form.cleaned_data)
    plan = with_styles(plan, targets, table.sample(SAMPLE_ROWS))
    try:
        imports.decide_plan(actor=request.user, imported=imported, plan=plan)
        imports.check(actor=request.user, imported=imported)
    except DomainError as refusal:
        return _mapping_page(
            request, imported, posted=request.POST, error=said(refusal), status=status_of(refusal)
        )
    return redirect(f"/import/{pk}")


def _columns(posted: QueryDict, table: Table) -> tuple[tuple[int, str], ...]:
    chosen = ((at, posted.get(f"column-{at}", "")) for at in range(len(table.headers)))
    return tuple((at, key) for at, key in chosen if key)


def _mapping_page(
    request: Request,
    imported: Import,
    *,
    posted: QueryDict | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    writer = writer_of(entity_called(imported.entity))
    targets = writer.targets(request.user)
    sample = table.sample(SAMPLE_ROWS)
    cells = [row.cells for row in sample if row.error is None]
    guesses = guess_mapping(table.headers, targets, cells)
    chosen = dict(_columns(posted, table)) if posted is not None else dict(plan.columns)
    columns = [
        {
            "at": at,
            "header": header,
            "samples": list(dict.fromkeys(row[at] for row in cells if row[at]))[:3],
            "chosen": chosen.get(at, ""),
            "sure": guesses[at].confidence >= 0.8,
            "reason": gettext(guesses[at].reason) if guesses[at].target == chosen.get(at) else "",
        }
        for at, header in enumerate(table.headers)
    ]
    options = OptionsForm(
        posted, plan=plan, keys=writer.keys(request.user), styled=bool(plan.styles)
    )
    context = {
        **_page(imported, "mapping"),
        "error": error,
        "columns": columns,
        "targets": targets,
        "options": options,
        "reading": ReadingForm(plan=plan, sheets=table.sheets),
        "quirks": table.quirks,
        "unreadable": sum(row.error is not None for row in sample),
    }
    return render(request, "records/import/mapping.html", context, status=status)


@login_required
@require_POST
def run(request: Request, pk: int) -> HttpResponse:
    """Third step done: import as a job."""
    imported = _own(request, pk)
    if imported.state != "checked":
        return redirect(f"/import/{pk}?step=mapping")
    imports.run(actor=request.user, imported=imported)
    return redirect(f"/import/{pk}")


@login_required
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Stop the job that works on the import; nothing of it stays."""
    imported = _own(request, pk)
    if imported.work_id:
        cancel_work(request.user, imported.work_id)
    return redirect(f"/import/{pk}")


@login_required
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Forget an import that was not carried out, and its file."""
    imported = _own(request, pk)
    imports.discard(actor=request.user, imported=imported)
    return redirect(f"/import/?as={imported.entity}")


@login_required
@require_GET
def refused(request: Request, pk: int) -> FileResponse:
    """The refused rows with their reasons, as a file to mend and bring again."""
    imported = _own(request, pk)
    if not imported.refused_path.exists():
        raise Http404
    name = f"{imported.name.rsplit('.', 1)[0]}-{gettext('refused')}.csv"
    response = FileResponse(
        imported.refused_path.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own(request: Request, pk: int) -> Import:
    found = Import.objects.visible_to(request.user).select_related("work", "changeset")
    imported = found.filter(pk=pk).first()
    if imported is None:
        raise Http404(gettext("There is no such import, or you may not see it."))
    return imported


def _page(imported: Import, step: str) -> dict[str, Any]:
    return {
        "imported": imported,
        "entity": entity_called(imported.entity),
        "state": imported.state,
        "work": imported.work,
        "steps": steps(step),
    }
