"""Previous and next on a record's page: “7 of 212 in My open companies”."""

from typing import Any
from urllib.parse import quote

from django.http import QueryDict

from vinculo.kernel.errors import DomainError
from vinculo.kernel.ids import row_id
from vinculo.records import lists
from vinculo.records.entity import Entity
from vinculo.records.saved.models import SavedView
from vinculo.records.views.common import Request


def standing_context(request: Request, entity: Entity, pk: int) -> dict[str, Any]:
    """What the record's page says of the list one came from (`?in=` holds its state); nothing
    without one, and nothing when the record is no longer in it."""
    told = request.GET.get("in", "")
    if not told:
        return {"here": f"/{entity.path}/{pk}"}
    carried = f"?in={quote(told, safe='')}"
    here = {"here": f"/{entity.path}/{pk}{carried}"}
    query = "" if told == "all" else told
    try:
        state = lists.parse_list(entity, request.user, QueryDict(query))
        standing = lists.standing_of(state, pk)
    except DomainError:
        return here
    if standing is None:
        return {**here, "back_url": f"/{entity.path}?{state.query()}"}
    return {
        **here,
        "standing": standing,
        "list_name": _name(request, state),
        "back_url": f"/{entity.path}?{state.query()}",
        "previous_url": _url(entity, standing.previous, carried),
        "next_url": _url(entity, standing.next, carried),
    }


def _url(entity: Entity, pk: int | None, carried: str) -> str:
    return f"/{entity.path}/{pk}{carried}" if pk is not None else ""


def _name(request: Request, state: lists.ListState) -> str:
    """The saved view's name, or what the records are called."""
    number = row_id(state.view)
    if number is not None:
        view = SavedView.objects.visible_to(request.user).filter(pk=number).first()
        if view is not None:
            return str(view.name)
    return str(state.entity.label_plural)
