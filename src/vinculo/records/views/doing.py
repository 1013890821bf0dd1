"""An action on a record: its form in a dialog, its refusal on the field, its result as a toast."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.platform.actions import Action, get_action
from vinculo.records.entity import Entity
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    refused_form,
    toast,
    told,
)


@entity_view()
def act(request: Request, entity: Entity, pk: int, name: str) -> HttpResponse:
    """GET asks (the action's form, or a plain question), POST does it."""
    record = get_record(request, entity, pk)
    action = get_action(name)
    if action is None or entity.key not in action.on:
        raise Http404
    if not action.allowed(request.user):
        raise Http404
    form = bound_form(action, request, record)
    context = {
        "entity": entity,
        "record": record,
        "action": action,
        "form": form,
        "heading": action.label,
        "submit_label": action.label,
        "post_url": f"{entity.url(record)}/do/{name}",
        "confirm": action.confirm,
        "multipart": form is not None and form.is_multipart(),
        "draft": f"{name}:{entity.key}:{record.pk}",
    }
    if request.method != "POST":
        return dialog_or_page(request, "records/action.html", context)
    if form is not None and not form.is_valid():
        return dialog_or_page(request, "records/action.html", context, 422)
    try:
        change_set = perform(action, request, record, dict(form.cleaned_data) if form else {})
    except DomainError as error:
        if form is None:
            raise
        return refused_form(request, "records/action.html", context, error)
    if not request.htmx:
        return redirect(entity.url(record))
    said = str(action.done) or gettext("%(action)s: done.") % {"action": action.label}
    done = toast(said, undo=change_set)
    return told(
        HttpResponse(status=204),
        toast=done,
        record_changed={},
        timeline_changed={},
        records_changed={},
    )


def bound_form(action: Action, request: Request, record: Any) -> Any:
    """The action's form: its class may take `user` and `record` to narrow its choices."""
    if action.form is None:
        return None
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    return action.form(data, files, user=request.user, record=record)


def perform(action: Action, request: Request, record: Any, values: dict[str, Any]) -> int:
    """Call the action with the form's values; the number of its change-set."""
    if action.subject:
        values[action.subject] = record
    with journal.change_set(actor=request.user, verb=action.name, label=str(record)) as opened:
        action.function(actor=request.user, **values)
    return opened.id
