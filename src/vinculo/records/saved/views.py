"""Pages of saved views: open, save, rename and share, order, delete; favourites."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.records.entity import Entity
from vinculo.records.saved import actions
from vinculo.records.saved.forms import ViewForm
from vinculo.records.saved.models import SavedView
from vinculo.records.saved.shelf import (
    LONGEST_QUERY,
    shelf_of,
    understood,
    view_url,
)
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    moved_to,
    refused_form,
    toast,
    told,
)
from vinculo.records.views.lists import list_page

#: Parameters of an address that say nothing about the list's state.
BESIDES = ("peek", "view")


def get_view(request: Request, entity: Entity, view_id: int, verb: str = "view") -> SavedView:
    """A view of this list that the reader may open (or change); 404 for any other."""
    found = (
        SavedView.objects.filter(entity=entity.key, pk=view_id)
        .visible_to(request.user, verb)
        .first()
    )
    if found is None:
        raise Http404(gettext("There is no such view, or it is not shared with you."))
    return found


@entity_view()
def show(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """The list in the state that a view keeps.

    An address with a state of its own besides (a link put together by hand) goes on to the list.
    """
    view = get_view(request, entity, view_id)
    usable, _dropped = understood(entity, request.user, view.query)
    said = [(name, value) for name, value in request.GET.items() if name not in BESIDES]
    pairs = [(n, v) for n, v in parse_qsl(usable, keep_blank_values=True) if n not in dict(said)]
    query = urlencode([("view", str(view.pk)), *pairs, *said])
    if said:
        return redirect(f"/{entity.path}?{query}")
    return list_page(request, entity, QueryDict(query))


@entity_view()
def new(request: Request, entity: Entity) -> HttpResponse:
    """Ask for a name and save the list's state under it."""
    data = request.POST if request.method == "POST" else None
    form = ViewForm(data, user=request.user)
    context: dict[str, Any] = {
        "entity": entity,
        "form": form,
        "heading": gettext("Save as a view"),
        "post_url": f"/{entity.path}/views/new",
        "query": (data or request.GET).get("query", "")[: LONGEST_QUERY + 1],
    }
    if data is None:
        return dialog_or_page(request, "records/views/form.html", context)
    if not form.is_valid():
        return dialog_or_page(request, "records/views/form.html", context, 422)
    role, team = form.chosen()
    try:
        with journal.change_set(actor=request.user, verb="records.save_view") as opened:
            view = actions.save_view(
                actor=request.user,
                entity=entity,
                name=form.cleaned_data["name"],
                query=context["query"],
                role=role,
                team=team,
            )
    except DomainError as error:
        return refused_form(request, "records/views/form.html", context, error)
    said = gettext("The view “%(name)s” was saved.") % {"name": view.name}
    return _to(request, view_url(entity, view), said, opened.id)


@entity_view()
def edit(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """Rename a view and choose whom it is shared with."""
    view = get_view(request, entity, view_id, "edit")
    data = request.POST if request.method == "POST" else None
    form = ViewForm(data, user=request.user, view=view)
    context: dict[str, Any] = {
        "entity": entity,
        "form": form,
        "heading": gettext("Name and sharing"),
        "post_url": f"{view_url(entity, view)}/edit",
    }
    if data is None:
        return dialog_or_page(request, "records/views/form.html", context)
    if not form.is_valid():
        return dialog_or_page(request, "records/views/form.html", context, 422)
    role, team = form.chosen() if "shared" in form.fields else (view.role, view.team)
    try:
        with journal.change_set(
            actor=request.user, verb="records.rename_view", label=view.name
        ) as opened:
            actions.rename_view(actor=request.user, view=view, name=form.cleaned_data["name"])
            if (role, team) != (view.role, view.team):
                actions.share_view(actor=request.user, view=view, role=role, team=team)
    except DomainError as error:
        return refused_form(request, "records/views/form.html", context, error)
    return _to(request, view_url(entity, view), gettext("Saved."), opened.id)


@entity_view()
@require_POST
def save(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """Let a view keep what the list shows now."""
    view = get_view(request, entity, view_id, "edit")
    with journal.change_set(
        actor=request.user, verb="records.update_view", label=view.name
    ) as opened:
        actions.update_view(
            actor=request.user,
            view=view,
            entity=entity,
            query=request.POST.get("query", "")[: LONGEST_QUERY + 1],
        )
    said = gettext("The view “%(name)s” was saved.") % {"name": view.name}
    return _to(request, view_url(entity, view), said, opened.id)


@entity_view()
def delete(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """Ask, then delete a view; the toast takes it back."""
    view = get_view(request, entity, view_id, "edit")
    if request.method != "POST":
        context = {
            "heading": gettext("Delete the view “%(name)s”?") % {"name": view.name},
            "view": view,
            "post_url": f"{view_url(entity, view)}/delete",
            "submit_label": gettext("Delete"),
        }
        return dialog_or_page(request, "records/views/delete.html", context)
    with journal.change_set(
        actor=request.user, verb="records.delete_view", label=view.name
    ) as opened:
        actions.delete_view(actor=request.user, view=view)
    said = gettext("The view “%(name)s” was deleted.") % {"name": view.name}
    return _to(request, f"/{entity.path}", said, opened.id)


@entity_view()
@require_POST
def order(request: Request, entity: Entity) -> HttpResponse:
    """Put the tabs into another order."""
    wanted = [part for part in request.POST.get("order", "")[:4000].split(",") if part.isdecimal()]
    with journal.change_set(actor=request.user, verb="records.order_views") as opened:
        actions.order_views(
            actor=request.user, entity=entity, order=[int(part[:18]) for part in wanted]
        )
    if request.POST.get("quiet"):
        return told(HttpResponse(status=204), toast=toast(gettext("Moved."), undo=opened.id))
    return _to(request, _back(request, entity), gettext("Moved."), opened.id)


@entity_view()
@require_POST
def first(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """Have the navigation lead to this view, or to the whole list again."""
    view = get_view(request, entity, view_id)
    chosen = shelf_of(request.user).opens_first(entity.key)
    already = chosen is not None and chosen.pk == view.pk
    with journal.change_set(actor=request.user, verb="records.open_view_first") as opened:
        actions.open_view_first(actor=request.user, entity=entity, view=None if already else view)
    said = (
        gettext("The navigation leads to the whole list again.")
        if already
        else gettext("The navigation now leads to “%(name)s”.") % {"name": view.name}
    )
    return _to(request, view_url(entity, view), said, opened.id)


@entity_view()
@require_POST
def favourite_view(request: Request, entity: Entity, view_id: int) -> HttpResponse:
    """Keep a view among the favourites, or take it out."""
    view = get_view(request, entity, view_id)
    kept = shelf_of(request.user).keeps(entity.key, view=view.pk)
    return _favour(request, entity, kept, view=view)


@entity_view()
@require_POST
def favourite_record(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Keep a record among the favourites, or take it out."""
    record = get_record(request, entity, pk)
    kept = shelf_of(request.user).keeps(entity.key, row=record.pk)
    return _favour(request, entity, kept, record=record)


def _favour(
    request: Request,
    entity: Entity,
    kept: bool,
    *,
    view: SavedView | None = None,
    record: Any = None,
) -> HttpResponse:
    verb = "records.drop_favourite" if kept else "records.keep_favourite"
    do = actions.drop_favourite if kept else actions.keep_favourite
    name = view.name if view is not None else entity.title_of(record)
    with journal.change_set(actor=request.user, verb=verb, label=name) as opened:
        do(actor=request.user, entity=entity, view=view, record=record)
    url = view_url(entity, view) if view is not None else entity.url(record)
    if not request.htmx:
        return redirect(url)
    said = gettext("Removed from the favourites.") if kept else gettext("Added to the favourites.")
    context = {"favourite": not kept, "favourite_url": f"{url}/favourite"}
    response = render(request, "records/views/star.html", context)
    return told(response, toast=toast(said, undo=opened.id), favourites_changed={})


@login_required
def navigation(request: Request) -> HttpResponse:
    """The navigation anew, after a favourite or the first view of a list was changed."""
    # What is marked in it is the page around, not this part of it.
    request.path = request.htmx.current_url_abs_path or "/"
    return render(request, "web/components/nav.html")


def _to(request: Request, url: str, said: str, change_set: int) -> HttpResponse:
    if not request.htmx:
        return redirect(url)
    return told(moved_to(url), toast=toast(said, undo=change_set), favourites_changed={})


def _back(request: Request, entity: Entity) -> str:
    view_id = request.POST.get("view", "")
    return f"/{entity.path}/views/{view_id}" if view_id.isdecimal() else f"/{entity.path}"
