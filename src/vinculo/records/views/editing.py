"""Make, change and delete a record; change one fact in place."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.platform.refusals import sentence
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.forms import RecordForm, clashes, comparable
from vinculo.records.references import hidden_targets
from vinculo.records.shaping.form import FEW, ShapedForm, one_field_form
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    may,
    moved_to,
    refused_form,
    toast,
    told,
)
from vinculo.records.views.facts import drawn_fact, notes_of
from vinculo.records.views.rows import row_response
from vinculo.records.writing import create_record, delete_record, edit_record


@entity_view("add")
def new(request: Request, entity: Entity) -> HttpResponse:
    """The form of a new record; saving opens its page. `also` in the address names fields that are
    asked for beside the usual ones."""
    data = request.POST if request.method == "POST" else None
    begun = entity.beginning(request.user) if entity.beginning is not None else {}
    initial = {"owner": request.user.pk, **begun, **request.GET.dict()}
    also = request.GET.get("also", "").split(",")
    form = ShapedForm(entity, request.user, data=data, initial=initial, also=also)
    url = request.get_full_path() if "also" in request.GET else f"/{entity.path}/new"
    context = form_context(entity, form, None, url)
    if data is None:
        return dialog_or_page(request, "records/form.html", context)
    if not form.is_valid():
        return dialog_or_page(request, "records/form.html", context, 422)
    context["warnings"] = _warnings(request, entity, None, form)
    if context["warnings"]:
        return dialog_or_page(request, "records/form.html", context, 422)
    try:
        # The outer change-set is named by what is made in it, and its number is what undo asks for.
        with journal.change_set(actor=request.user, verb="records.create") as opened:
            record = create_record(actor=request.user, entity=entity, data=form.values())
            journal.relabel(entity.title_of(record))
            if entity.created_from is not None:
                entity.created_from(request.user, record, request.GET, form.cleaned_data)
    except DomainError as error:
        return refused_form(request, "records/form.html", context, error)
    if not request.htmx:
        return redirect(entity.url(record))
    message = gettext("“%(name)s” was created.") % {"name": entity.title_of(record)}
    done = toast(message, undo=opened.id, undo_leads_to=f"/{entity.path}")
    return told(moved_to(entity.url(record)), toast=done)


@entity_view()
def edit(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The form of an existing record."""
    record = get_record(request, entity, pk, "edit")
    data = request.POST if request.method == "POST" else None
    form = ShapedForm(entity, request.user, record=record, data=data)
    context = form_context(entity, form, record, f"{entity.url(record)}/edit")
    if data is None:
        return dialog_or_page(request, "records/form.html", context)
    if not form.is_valid():
        return dialog_or_page(request, "records/form.html", context, 422)
    found = clashes(form)
    if found:
        return _conflict(request, entity, record, form, found, f"{entity.url(record)}/edit")
    context["warnings"] = _warnings(request, entity, record, form)
    if context["warnings"]:
        return dialog_or_page(request, "records/form.html", context, 422)
    try:
        change_set = _save(request, entity, record, form.values())
    except DomainError as error:
        return refused_form(request, "records/form.html", context, error)
    if not request.htmx:
        return redirect(entity.url(record))
    done = toast(gettext("Saved."), undo=change_set)
    return told(HttpResponse(status=204), toast=done, records_changed={}, record_changed={})


def form_context(entity: Entity, form: ShapedForm, record: Any, url: str) -> dict[str, Any]:
    """What the page of a record's form needs."""
    return {
        "entity": entity,
        "form": form,
        "record": record,
        "title": entity.title_of(record) if record else "",
        "post_url": url,
        "wide": len(form.fields) > FEW,
        "warnings": [],
        "draft": f"edit:{entity.key}:{record.pk}" if record else f"new:{entity.key}",
    }


def _warnings(request: Request, entity: Entity, record: Any, form: RecordForm) -> list[str]:
    """Soft warnings, until the person has read them and saves anyway."""
    if entity.warnings is None or request.POST.get("_anyway"):
        return []
    return entity.warnings(request.user, record, form.values())


def _save(request: Request, entity: Entity, record: Any, values: dict[str, Any]) -> int | None:
    """Write what changed; the change-set's number, or None when nothing had."""
    if not values:
        return None
    with journal.change_set(
        actor=request.user, verb="records.edit", label=entity.title_of(record)
    ) as opened:
        edit_record(actor=request.user, entity=entity, record=record, data=values)
    return opened.id


def _refused(form: RecordForm, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, sentence(error))


def _conflict(
    request: Request, entity: Entity, record: Any, form: RecordForm, found: Any, url: str
) -> HttpResponse:
    """Mine / theirs / original for the fields that clash; the rest of the form comes along."""
    names = {clash.field.name for clash in found}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in names and name not in ("csrfmiddlewaretoken", "_was", "_settled")
        for value in values
    ]
    last = journal.last_changes(record)
    unseen = hidden_targets([record], [clash.field for clash in found], request.user)
    context = {
        "entity": entity,
        "record": record,
        "title": entity.title_of(record),
        "clashes": [
            {
                "field": clash.field,
                "original": clash.original,
                "mine": request.POST.get(clash.field.name, ""),
                "mine_shown": cell(clash.field, _holder(record, clash.field.name, clash.mine)),
                "theirs_raw": comparable(clash.theirs),
                "theirs_shown": cell(clash.field, record, unseen),
                "change": last.get(clash.field.journal_column),
            }
            for clash in found
        ],
        "carried": carried,
        "wide": True,
        "was": form.was_after(names),
        "post_url": url,
    }
    # htmx swaps a form back in only with 422; a program is told what it really is.
    return dialog_or_page(request, "records/conflict.html", context, 422 if request.htmx else 409)


def _holder(record: Any, name: str, value: Any) -> Any:
    """A stand-in with one attribute, so that a value that is not saved is shown like one that is: an
    amount in the record's currency."""
    from types import SimpleNamespace

    return SimpleNamespace(**{"currency": getattr(record, "currency", ""), name: value})


@entity_view()
def field(request: Request, entity: Entity, pk: int, name: str) -> HttpResponse:
    """One fact in place: GET is its input, POST saves and answers with the fact anew; with `cell`
    in the address it is a cell of a list, and the answer its whole row."""
    record = get_record(request, entity, pk, "edit")
    found = entity.field_for(request.user, name)
    if found is None or not found.editable:
        return HttpResponse(status=404)
    if request.method != "POST" and name in (fixed := entity.fixed(record)):
        raise DomainError(fixed[name], field=name)
    in_list = "cell" in request.GET
    template = "records/cell_form.html" if in_list else "records/field_form.html"
    url = f"{entity.url(record)}/field/{name}"
    if in_list:
        url += f"?{request.GET.urlencode()}"
    data = request.POST if request.method == "POST" else None
    form = one_field_form(entity, request.user, name, record, data)
    context: dict[str, Any] = {"entity": entity, "form": form, "post_url": url, "record": record}
    if data is None:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    clashing = clashes(form)
    if clashing:
        context["clash"] = clashing[0]
        unseen = hidden_targets([record], [found], request.user)
        context["theirs_shown"] = cell(found, record, unseen)
        return render(request, template, context, status=422)
    context["warnings"] = _warnings(request, entity, record, form)
    if context["warnings"]:
        return render(request, template, context, status=422)
    try:
        change_set = _save(request, entity, record, form.values())
    except DomainError as error:
        _refused(form, error)
        return render(request, template, context, status=422)
    done = toast(gettext("%(field)s saved.") % {"field": found.label}, undo=change_set)
    if in_list:
        return _row(request, entity, pk, done if change_set is not None else None)
    fresh = get_record(request, entity, pk)
    hidden = hidden_targets([fresh], [found], request.user)
    value = cell(found, fresh, hidden)
    response = HttpResponse(
        drawn_fact(
            entity,
            fresh,
            found,
            may(request, entity, fresh, "edit"),
            value,
            notes_of(request.user, entity, fresh).get(found.name, ""),
        )
    )
    if change_set is None:
        return response
    return told(response, toast=done, record_changed={})


def _row(request: Request, entity: Entity, pk: int, done: dict[str, Any] | None) -> HttpResponse:
    """The row around a cell: what follows from the value changes with it."""
    response = row_response(request, entity, pk)
    response["HX-Retarget"], response["HX-Reswap"] = "closest tr", "outerHTML"
    return told(response, toast=done) if done is not None else response


@entity_view()
def delete(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Ask, then delete; the toast takes it back."""
    record = get_record(request, entity, pk, "delete")
    title = entity.title_of(record)
    if request.method != "POST":
        context = {"entity": entity, "record": record, "title": title}
        context["post_url"] = f"{entity.url(record)}/delete"
        return dialog_or_page(request, "records/delete.html", context)
    change_set = delete_record(actor=request.user, entity=entity, record=record)
    message = gettext("“%(name)s” was deleted.") % {"name": title}
    if not request.htmx:
        return redirect(f"/{entity.path}")
    return told(moved_to(f"/{entity.path}"), toast=toast(message, undo=change_set))
