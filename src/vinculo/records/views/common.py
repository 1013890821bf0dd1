"""What all record pages share: which entity, which record, and answers htmx understands."""

import functools
import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform.access import Scope, reaches, rights_of
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.entity import Entity
from vinculo.records.merged import kept_instead_of
from vinculo.records.registry import entity as entity_called

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: Any


def entity_view(verb: str = "view") -> Callable[[View], View]:
    """Give a view its entity, for people who may do `verb` on some record of it."""

    def wrap(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def run(request: Request, *, key: str, **arguments: Any) -> HttpResponse:
            found = entity_called(key)
            if rights_of(request.user).scope(key, verb) is Scope.NONE:
                raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
            try:
                return view(request, found, **arguments)
            except Http404:
                leads_to = _merged_into(request, found, arguments.get("pk"))
                if leads_to is None:
                    raise
                return redirect(leads_to)

        return run

    return wrap


def _merged_into(request: HttpRequest, entity: Entity, pk: int | None) -> str | None:
    """The same page of the record that the one with the number `pk` was merged into, for a reader
    who may see it. Not for ever: a merge can be undone."""
    if pk is None or request.method not in ("GET", "HEAD"):
        return None
    kept = kept_instead_of(entity.key, pk)
    if kept is None or not entity.visible(request.user).filter(pk=kept).exists():  # type: ignore[arg-type]
        return None
    return request.get_full_path().replace(f"/{pk}", f"/{kept}", 1)


def get_record(request: Request, entity: Entity, pk: int, verb: str = "view") -> Any:
    """The record, through the one door: 404 for what the reader may not know of, 403 for what
    they may see but not change."""
    rows = entity.with_references(entity.visible(request.user, "view"))
    record = rows.filter(pk=pk).order_by().first()
    if record is None:
        raise Http404(gettext("There is no such record, or you may not see it."))
    if verb != "view" and not reaches(request.user, record, verb):
        raise NotAllowed(_("You may see this record but not change it."))
    return record


def may(request: Request, entity: Entity, record: Any, verb: str) -> bool:
    """Whether the reader, who sees this very record, may do `verb` on it."""
    return reaches(request.user, record, verb)


def may_add(request: Request, entity: Entity) -> bool:
    """Whether the reader may make a new record of this type."""
    scope = rights_of(request.user).scope(entity.key, "add")
    return entity.creatable and scope is not Scope.NONE


def toast(
    message: str,
    *,
    level: str = "success",
    undo: int | None = None,
    undo_leads_to: str = "",
    href: str = "",
) -> dict[str, Any]:
    """A toast for HX-Trigger; `undo` is the change-set that its button takes back, and
    `undo_leads_to` the page to be on then, where this one will be gone."""
    told: dict[str, Any] = {"message": message, "level": level}
    if undo is not None:
        told["undo_url"] = f"/changes/{undo}/undo"
        if undo_leads_to:
            told["undo_leads_to"] = undo_leads_to
    if href:
        told["href"] = href
    return told


def told(response: HttpResponse, **events: Any) -> HttpResponse:
    """Attach events to an answer (`records_changed` is sent as `records:changed`)."""
    named = {name.replace("_", ":"): value for name, value in events.items()}
    response["HX-Trigger"] = json.dumps(named)
    return response


def dialog_or_page(
    request: Request, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A dialog's content for htmx; the same form as a page of its own without it."""
    if request.htmx:
        return render(request, template, context, status=status)
    page = {**context, "dialog_template": template}
    return render(request, "web/dialog_page.html", page, status=status)


def refused_form(
    request: Request, template: str, context: dict[str, Any], error: DomainError
) -> HttpResponse:
    """The form again with the refusal on it; htmx swaps a form back in only with 422.

    What the reader may not do at all is no matter of the form: it goes on as a 403.
    """
    if isinstance(error, NotAllowed) and error.field is None:
        raise error
    form = context["form"]
    form.add_error(error.field if error.field in form.fields else None, sentence(error))
    status = 422 if request.htmx else status_of(error)
    return dialog_or_page(request, template, context, status)


def moved_to(url: str) -> HttpResponse:
    """Send an htmx page elsewhere without a reload, so that a toast survives the way."""
    response = HttpResponse(status=204)
    place = {"path": url, "target": "#main", "select": "#main", "swap": "outerHTML show:top"}
    response["HX-Location"] = json.dumps(place)
    return response
