"""Saved views through the API: the questions people keep, by the same actions as on the screen.

A view is no record type: it has no list of its own on the screens and no rights but those of the
records it asks for. So it has its own few calls, in the shape of all others.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import Role, Team, User
from vinculo.records import lists
from vinculo.records.api.bodies import json_body
from vinculo.records.api.errors import ApiError, Problem, invalid, invalid_field, json_response
from vinculo.records.api.reading import known_parameters, one_way, page_url, tag_of, told_once
from vinculo.records.api.values import BASE, LARGEST_ID, unknown
from vinculo.records.api.writing import CHANGE_SET, require_version
from vinculo.records.entity import Entity
from vinculo.records.registry import entities, find
from vinculo.records.registry import entity as entity_called
from vinculo.records.saved import actions
from vinculo.records.saved.models import SavedView
from vinculo.records.saved.shelf import LONGEST_QUERY, state_of
from vinculo.records.views.common import Request

PATH = "views"
#: What a body may say: what is asked, of which records, and who else has it.
WRITTEN = ("entity", "name", "query", "team", "role")
SHARED: dict[str, Any] = {"team": Team, "role": Role}


def list_views(request: Request) -> HttpResponse:
    """One page of the views that the caller has: their own, and those shared with them."""
    known_parameters(request, ("entity.is", "limit", "after", "before"))
    one_way(request)
    rows = _seen(request.user)
    if key := request.GET.get("entity.is", ""):
        rows = rows.filter(entity=_record_type(request.user, key, "entity.is").key)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    size = lists.page_size(request.GET.get("limit", ""))
    if cursor := after or before:
        place = lists.decode(cursor)
        if len(place) != 1:
            raise DomainError(lists.UNKNOWN_PAGE)
        rows = rows.filter(pk__lt=place[0]) if before else rows.filter(pk__gt=place[0])
    found = list(rows.order_by("-pk" if before else "pk")[: size + 1])
    more, page = len(found) > size, sorted(found[:size], key=lambda view: view.pk)
    onwards = lists.encode([page[-1].pk]) if page and (before or more) else ""
    back = lists.encode([page[0].pk]) if page and (after or (before and more)) else ""
    return json_response(
        {
            "data": [represent(request.user, view) for view in page],
            "next": page_url(request, PATH, "after", onwards),
            "previous": page_url(request, PATH, "before", back),
        }
    )


def read(request: Request, pk: int) -> HttpResponse:
    """One view; 304 when the caller has it already."""
    known_parameters(request, ())
    data, tag = _current(request.user, pk)
    return told_once(request, data, tag)


def create(request: Request) -> HttpResponse:
    """Keep what a list asks under a name: 201 with the view, and where it is."""
    known_parameters(request, ())
    body = _body(request, WRITTEN)
    lacking = [name for name in ("entity", "name") if name not in body]
    if lacking:
        message = gettext("This field is required.")
        raise invalid([Problem(name, message) for name in lacking])
    entity = _record_type(request.user, body["entity"], "entity")
    role, team = body.get("role"), body.get("team")
    with journal.change_set(actor=request.user, verb="records.save_view") as opened:
        view = _sharing(
            body,
            lambda: actions.save_view(
                actor=request.user,
                entity=entity,
                name=body["name"],
                query=body.get("query", ""),
                role=role,
                team=team,
            ),
        )
    return _saved(request.user, view.pk, 201, opened.id)


def update(request: Request, pk: int) -> HttpResponse:
    """Rename a view, let it ask something else, or share it; only what the body says."""
    view = _found(request.user, pk)
    known_parameters(request, ())
    body = _body(request, WRITTEN[1:])
    changed = {name for name, value in body.items() if getattr(view, name) != value}
    condition = request.headers.get("If-Match", "")
    if not changed and not condition:
        return _saved(request.user, pk, 200, None)
    with journal.change_set(
        actor=request.user, verb="records.update_view", label=view.name
    ) as opened:
        require_version(SavedView.objects.filter(pk=pk), condition)
        _sharing(body, lambda: _change(request.user, view, body, changed))
    return _saved(request.user, pk, 200, opened.id if changed else None)


def _change(user: User, view: SavedView, body: dict[str, Any], changed: set[str]) -> None:
    if "query" in changed:
        entity = entity_called(view.entity)
        actions.update_view(actor=user, view=view, entity=entity, query=body["query"])
    if "name" in changed:
        actions.rename_view(actor=user, view=view, name=body["name"])
    if changed & SHARED.keys():
        # Whom it is shared with is one thing: who names a team does not mean the role any more.
        actions.share_view(actor=user, view=view, role=body.get("role"), team=body.get("team"))


def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a view, for everybody it was shared with; the change-set in the header takes it back."""
    view = _found(request.user, pk)
    known_parameters(request, ())
    with journal.change_set(
        actor=request.user, verb="records.delete_view", label=view.name
    ) as opened:
        require_version(SavedView.objects.filter(pk=pk), request.headers.get("If-Match", ""))
        actions.delete_view(actor=request.user, view=view)
    response = HttpResponse(status=204)
    response[CHANGE_SET] = str(opened.id)
    return response


# --- which views -------------------------------------------------------------------------------


def _seen(user: User) -> QuerySet[SavedView]:
    """The views the caller has, of records of which they may see any."""
    rights = rights_of(user)
    keys = [one.key for one in entities() if rights.scope(one.key) is not Scope.NONE]
    rows: QuerySet[SavedView] = (
        SavedView.objects.filter(entity__in=keys)
        .visible_to(user)
        .select_related("owner", "team", "role")
    )
    return rows


def _found(user: User, pk: int) -> SavedView:
    view = _seen(user).filter(pk=pk).first() if pk <= LARGEST_ID else None
    if view is None:
        message = gettext("There is no such view, or it is not shared with you.")
        raise ApiError(404, "not_found", message)
    return view


def _current(user: User, pk: int) -> tuple[dict[str, Any], str]:
    view = _found(user, pk)
    data = represent(user, view)
    return data, tag_of(view, journal.version_of(view), data)


def represent(user: User, view: SavedView) -> dict[str, Any]:
    """A view as JSON; of what it asks, what this reader may know."""
    entity = entity_called(view.entity)
    query, partly = state_of(entity, user, view)
    return {
        "id": view.pk,
        "url": f"{BASE}/{PATH}/{view.pk}",
        "entity": view.entity,
        "name": view.name,
        "query": query,
        "partly": partly,
        "records": f"{BASE}/{entity.path}?view={view.pk}",
        "owner": _named(view.owner),
        "team": _named(view.team),
        "role": _named(view.role),
        "created_at": view.created_at.isoformat(),
        "updated_at": view.updated_at.isoformat(),
    }


def _named(one: Any) -> dict[str, Any] | None:
    return None if one is None else {"id": one.pk, "name": str(one), "url": None}


def _saved(user: User, pk: int, status: int, change_set: int | None) -> HttpResponse:
    data, tag = _current(user, pk)
    response = json_response({"data": data}, status)
    response["ETag"] = tag
    if status == 201:
        response["Location"] = data["url"]
    if change_set is not None:
        response[CHANGE_SET] = str(change_set)
    return response


# --- what a body says --------------------------------------------------------------------------


def _body(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """The body's values, of the right type; ApiError naming every one that is wrong."""
    given = json_body(request)
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in given.items():
        if name not in known:
            fixed = gettext("The field “%(name)s” cannot be changed.") % {"name": name[:60]}
            problems.append(Problem(name[:60], fixed if name in WRITTEN else unknown(name)))
        elif name in SHARED:
            found[name] = _whom(name, value, problems)
        elif not isinstance(value, str) or "\x00" in value:
            problems.append(Problem(name, gettext("Send text here.")))
        else:
            found[name] = value[: LONGEST_QUERY + 1]
    if found.get("team") is not None and found.get("role") is not None:
        message = gettext("Share a view with a team or with a role, not with both.")
        problems += [Problem("team", message), Problem("role", message)]
    if problems:
        raise invalid(problems[:20])
    return found


def _whom(name: str, value: Any, problems: list[Problem]) -> Any:
    """The team or role of an id; None for nobody, and where the id is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        problems.append(Problem(name, gettext("Send the id of a record here.")))
        return None
    one = SHARED[name].objects.filter(pk=value).first()
    if one is None:
        message = gettext("There is no such record, or you may not see it.")
        problems.append(Problem(name, message))
    return one


def _sharing(body: dict[str, Any], step: Any) -> Any:
    """Do a step; a refusal to share is told at the input it came from."""
    try:
        return step()
    except DomainError as error:
        if error.field == "shared":
            error.field = "team" if body.get("team") is not None else "role"
        raise


def _record_type(user: User, key: str, at: str) -> Entity:
    """The record type of this key; 422 in the same words for none and for one without rights."""
    entity = find(key)
    if entity is None or rights_of(user).scope(entity.key) is Scope.NONE:
        message = gettext("There is no record type called “%(name)s” for you.")
        raise invalid_field(at, message % {"name": key[:60]})
    return entity
