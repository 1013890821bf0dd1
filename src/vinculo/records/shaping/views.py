"""Settings → Layouts: which there are, the editor, what a layout would look like."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import Conflict, DomainError
from vinculo.kernel.ids import row_id
from vinculo.platform.models import RecordLayout, Role
from vinculo.platform.refusals import sentence, status_of
from vinculo.platform.types import place_of
from vinculo.platform.views.common import done, for_administrators, found, saved, show, signed_in
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.shaping.actions import move_layout, reset_layout, save_layout
from vinculo.records.shaping.editor import editor_context
from vinculo.records.shaping.previewing import preview_context
from vinculo.records.shaping.shape import Shape, declared_shape, shape_from
from vinculo.records.shaping.spelling import check_shape, shape_told

ACTIVE = "layouts"
BASE = "/settings/layouts"
#: Begin with the layout that the record type has of itself.
DECLARED = "declared"


@require_safe
@for_administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every record type with its layouts: everybody's, then those of roles in their order."""
    user = signed_in(request)
    rows = RecordLayout.objects.visible_to(user).select_related("role")
    roles = list(Role.objects.visible_to(user))
    types = []
    for one in _types():
        mine = [layout for layout in rows if layout.entity == one.key]
        taken = {layout.role_id for layout in mine}
        types.append(
            {
                "entity": one,
                "everybody": next((layout for layout in mine if layout.role_id is None), None),
                "layouts": [layout for layout in mine if layout.role_id is not None],
                "roles": [role for role in roles if role.pk not in taken],
            }
        )
    return show(request, "records/shaping/list.html", ACTIVE, {"types": types})


def _types() -> list[Entity]:
    return sorted(entities(), key=lambda one: (place_of(one.key), one.nav_order, one.key))


def _type(path: str) -> Entity:
    named: Entity = found(next((one for one in entities() if one.path == path), None))
    return named


def _role(request: HttpRequest) -> Role | None:
    """The role in the address; None for everybody's layout."""
    if "role" not in request.GET:
        return None
    number = row_id(request.GET["role"]) or 0
    role: Role = found(Role.objects.visible_to(signed_in(request)).filter(pk=number).first())
    return role


def _layouts(request: HttpRequest, entity: Entity) -> Any:
    rows = RecordLayout.objects.visible_to(signed_in(request)).filter(entity=entity.key)
    return rows.select_related("role")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def edit(request: HttpRequest, path: str) -> HttpResponse:
    """Arrange the form and page of a record type, for everybody or for the role in the address."""
    entity, role, actor = _type(path), _role(request), signed_in(request)
    layouts = list(_layouts(request, entity))
    held = next((one for one in layouts if one.role_id == (role.pk if role else None)), None)
    shape, seen, refused = _begun_with(request, entity, held, layouts), _stamp(held), ""
    status = 200
    if request.method == "POST":
        try:
            shape = shape_told(entity, request.POST)
            save_layout(actor=actor, entity=entity, role=role, shape=shape, seen=_seen(request))
            return done(request, f"{BASE}#{entity.path}", saved())
        except DomainError as error:
            if status_of(error) == 403:
                raise
            refused, status = sentence(error), status_of(error)
            if not isinstance(error, Conflict):
                seen, status = _seen(request), 422
    context = {
        "entity": entity,
        "role": role,
        "layout": held,
        "seen": seen,
        "refused": refused,
        "conflict": status == 409,
        "others": [one for one in layouts if held is None or one.pk != held.pk],
        "url": _url(entity, role),
        "query": f"?{urlencode({'role': role.pk})}" if role is not None else "",
        **editor_context(entity, shape),
    }
    return show(request, "records/shaping/editor.html", ACTIVE, context, status)


def _seen(request: HttpRequest) -> int:
    """The stamp that the editor began with."""
    return row_id(request.POST.get("seen", "")) or 0


def _stamp(held: RecordLayout | None) -> int:
    return held.stamp if held is not None else 0


def _begun_with(
    request: HttpRequest, entity: Entity, held: RecordLayout | None, layouts: list[RecordLayout]
) -> Shape:
    """What the editor shows first: what `from` in the address says, else the layout that is there,
    else what people of the role see now."""
    wanted = request.GET.get("from", "")
    if wanted == DECLARED:
        return declared_shape(entity)
    other = next((one for one in layouts if str(one.pk) == wanted), None)
    everybody = next((one for one in layouts if one.role_id is None), None)
    kept = other or held or everybody
    return shape_from(kept.shape) if kept is not None else declared_shape(entity)


def _url(entity: Entity, role: Role | None) -> str:
    query = f"?{urlencode({'role': role.pk})}" if role is not None else ""
    return f"{BASE}/{entity.path}{query}"


@require_POST
@for_administrators
def preview(request: HttpRequest, path: str) -> HttpResponse:
    """The forms and the page as the editor's layout would make them; nothing is saved."""
    entity, role = _type(path), _role(request)
    try:
        shape = shape_told(entity, request.POST)
        check_shape(entity, shape)
        context = preview_context(signed_in(request), entity, role, shape)
    except DomainError as error:
        context = {"refused": sentence(error)}
    return render(request, "records/shaping/preview.html", context)


@require_POST
@for_administrators
def reset(request: HttpRequest, path: str) -> HttpResponse:
    """Take a layout away: its record type looks as before."""
    entity, role = _type(path), _role(request)
    held = found(_layouts(request, entity).filter(role=role).first())
    reset_layout(actor=signed_in(request), entity=entity, layout=held)
    return done(request, f"{BASE}#{entity.path}", gettext("The layout was reset."))


@require_POST
@for_administrators
def move(request: HttpRequest, path: str, way: str) -> HttpResponse:
    """Let a role's layout go before or after its neighbour."""
    entity, role = _type(path), _role(request)
    held = found(_layouts(request, entity).filter(role=role).first())
    move_layout(actor=signed_in(request), entity=entity, layout=held, up=way == "up")
    return done(request, f"{BASE}#{entity.path}", gettext("Moved."))
