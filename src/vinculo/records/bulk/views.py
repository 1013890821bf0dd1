"""The bulk bar's dialogs: change a field of many records, delete them, take them away as a file."""

from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.kernel.ids import token
from vinculo.platform.access import require
from vinculo.records.bulk.change import WAYS, Change, freeze
from vinculo.records.bulk.models import BulkRun
from vinculo.records.bulk.runs import outcome, start_run
from vinculo.records.bulk.selection import Selection, parse_selection
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import RecordForm
from vinculo.records.lists import parse_list
from vinculo.records.registry import entity as entity_called
from vinculo.records.transfer.export import begin_export, csv_lines
from vinculo.records.transfer.refusals import sentence as said
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    refused_form,
    toast,
    told,
)


@entity_view("edit")
def edit(request: Request, entity: Entity) -> HttpResponse:
    """Choose a field and its new value for all selected records; POST writes it."""
    data = request.POST if request.method == "POST" else request.GET
    selection = parse_selection(data)
    ids = selection.rows(entity, request.user, "edit")
    offered = [one for one in entity.fields_for(request.user) if one.editable]
    chosen = next((one for one in offered if one.name == data.get("field")), None)
    how = data.get("how", "") if data.get("how", "") in WAYS else ""
    context: dict[str, Any] = {
        "entity": entity,
        "selection": _carried(selection, data),
        "n": len(ids),
        "offered": offered,
        "chosen": chosen,
        "tags": chosen is not None and chosen.kind is Kind.TAGS,
        "how": how or "add",
        "post_url": f"/{entity.path}/bulk/edit",
        "form": _form(request, entity, chosen, None),
    }
    if request.method != "POST" or chosen is None:
        return dialog_or_page(request, "records/bulk/edit.html", context)
    form = context["form"] = _form(request, entity, chosen, request.POST)
    if not form.is_valid():
        return dialog_or_page(request, "records/bulk/edit.html", context, 422)
    value = freeze(entity, chosen, form.cleaned_data[chosen.name])
    way = (how or "set") if chosen.kind is Kind.TAGS else "set"
    try:
        run = start_run(
            actor=request.user,
            entity=entity,
            ids=ids,
            change=Change("edit", chosen.name, way, value),
            seen_at=selection.seen_at or now(),
            token=data.get("token") or token(),
        )
    except DomainError as error:
        return refused_form(request, "records/bulk/edit.html", context, error)
    return answer(request, run)


def _form(
    request: Request, entity: Entity, chosen: Field | None, data: QueryDict | None
) -> RecordForm:
    """The chosen field's own input; empty until one is chosen."""
    form = RecordForm(entity, request.user, [chosen.name] if chosen else [], data=data)
    for one in form.fields.values():
        one.widget.attrs["autofocus"] = True
        tags = chosen is not None and chosen.kind is Kind.TAGS
        if not one.required and not one.help_text and not tags:
            one.help_text = gettext("Leave it empty to clear it on all of them.")
    return form


def _carried(selection: Selection, data: QueryDict) -> list[tuple[str, Any]]:
    """The selection as hidden inputs; the token makes the same form count once."""
    pairs: list[tuple[str, Any]] = [("token", data.get("token") or token())]
    pairs.append(("seen", (selection.seen_at or now()).isoformat()))
    if selection.everything:
        return [*pairs, ("all", "1"), ("query", selection.query)]
    return [*pairs, *(("ids", pk) for pk in selection.ids)]


@entity_view("delete")
def delete(request: Request, entity: Entity) -> HttpResponse:
    """Ask with the exact number, then delete; the toast takes it back."""
    data = request.POST if request.method == "POST" else request.GET
    selection = parse_selection(data)
    ids = selection.rows(entity, request.user, "delete")
    if request.method != "POST":
        context = {
            "entity": entity,
            "selection": _carried(selection, data),
            "n": len(ids),
            "post_url": f"/{entity.path}/bulk/delete",
        }
        return dialog_or_page(request, "records/bulk/delete.html", context)
    run = start_run(
        actor=request.user,
        entity=entity,
        ids=ids,
        change=Change("delete"),
        seen_at=selection.seen_at or now(),
        token=data.get("token") or token(),
    )
    return answer(request, run)


@entity_view("export")
def export(request: Request, entity: Entity) -> HttpResponse:
    """The selected rows as CSV, in the order and with the columns of the list they were ticked in."""
    if request.method != "POST":
        return redirect(f"/{entity.path}")
    selection = parse_selection(request.POST)
    require(request.user, entity.key, "export")
    ids = () if selection.everything else tuple(selection.rows(entity, request.user, "export"))
    query = QueryDict(selection.query or request.POST.get("query", ""))
    state = replace(parse_list(entity, request.user, query), only=ids)
    begin_export(state, "CSV")
    name = f"{slugify(str(entity.label_plural)) or entity.path}-{now():%Y-%m-%d}.csv"
    response = StreamingHttpResponse(csv_lines(state), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)


def answer(request: Request, run: BulkRun) -> HttpResponse:
    """What came of a run: a toast with *Undo*, the list of refusals, or word that it goes on."""
    url = f"/bulk/{run.pk}"
    if not request.htmx:
        return redirect(url)
    if run.status == BulkRun.Status.WAITING:
        started = gettext("This takes a moment. You can go on working; the top bar shows how far.")
        return told(
            HttpResponse(status=204),
            toast=toast(started, level="info", href=url) | {"action_label": gettext("Show")},
            jobs_changed={},
            selection_clear={},
        )
    done = toast(outcome(run), undo=run.changeset_id)
    if run.changed == 0:
        done["level"] = "warning"
    events = {"toast": done, "records_changed": {}, "selection_clear": {}}
    if not run.refused:
        return told(HttpResponse(status=204), **events)
    if run.changed == 0:
        del events["toast"]  # there is nothing to undo, and the dialog says the same
    response = render(
        request, "records/bulk/result.html", {**_result(run), "heading": outcome(run)}
    )
    return told(response, **events)


def _result(run: BulkRun) -> dict[str, Any]:
    entity = entity_called(run.entity)
    report = run.report or {}
    rows = [
        {"pk": pk, "title": title, "reason": said(reason, params), "url": f"/{entity.path}/{pk}"}
        for pk, title, reason, params in report.get("rows", [])
    ]
    return {
        "run": run,
        "entity": entity,
        "outcome": outcome(run),
        "rows": rows,
        "more": max(0, run.refused - len(rows)),
        "reasons": [
            {"text": said(reason, params), "n": n}
            for reason, params, n in report.get("reasons", [])
        ],
    }


@login_required
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """A bulk change of one's own: how far it is, what changed, what did not and why."""
    run = (
        BulkRun.objects.visible_to(request.user)
        .select_related("work", "changeset", "changeset__undone_by")
        .filter(pk=pk)
        .first()
    )
    if run is None:
        raise Http404(gettext("There is no such record, or you may not see it."))
    return render(request, "records/bulk/run.html", _result(run))
