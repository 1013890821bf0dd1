"""Settings → Fields: what administrators add to a record type, its order, and what was deleted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.platform.models import CustomField, CustomKind
from vinculo.platform.refusals import sentence
from vinculo.platform.types import place_of
from vinculo.platform.undo import KEPT_FOR
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.records.computed.formulas.tree import FormulaError
from vinculo.records.computed.plans import plan_of, users_of, ways_to
from vinculo.records.computed.trying import editor_context
from vinculo.records.custom.actions import (
    add_custom_field,
    change_custom_field,
    delete_custom_field,
    move_custom_field,
    restore_custom_field,
)
from vinculo.records.custom.forms import CustomFieldForm
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

ACTIVE = "fields"
BASE = "/settings/fields"


@require_safe
@for_administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every record type with its own fields, and those that were deleted and can come back."""
    fields: dict[str, list[CustomField]] = {}
    gone: dict[str, list[CustomField]] = {}
    for one in CustomField.objects.visible_to(signed_in(request)):
        if one.deleted_at is None:
            fields.setdefault(one.entity, []).append(one)
        elif one.deleted_at > now() - KEPT_FOR:
            gone.setdefault(one.entity, []).append(one)
    why = troubled(fields)
    types = [
        {
            "entity": one,
            "fields": [(field, why.get(field.pk, "")) for field in fields.get(one.key, [])],
            "gone": gone.get(one.key, []),
        }
        for one in _types()
    ]
    return show(request, "records/custom/list.html", ACTIVE, {"types": types})


def troubled(fields: dict[str, list[CustomField]]) -> dict[int, str]:
    """Why computed fields give nothing any more, by their number."""
    computed = (one for some in fields.values() for one in some if one.computed)
    plans = ((one.pk, plan_of(one)) for one in computed)
    return {pk: sentence(plan.trouble) for pk, plan in plans if plan.trouble is not None}


def _types() -> list[Entity]:
    able = (one for one in entities() if one.takes_custom_fields)
    return sorted(able, key=lambda one: (place_of(one.key), one.nav_order, one.key))


def _type(path: str) -> Entity:
    named: Entity = found(next((one for one in _types() if one.path == path), None))
    return named


def _field(request: HttpRequest, pk: int) -> CustomField:
    rows = CustomField.objects.visible_to(signed_in(request))
    one: CustomField = found(rows.filter(pk=pk).first())
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new(request: HttpRequest, path: str) -> HttpResponse:
    """First what sort of value it holds, then what it is called."""
    entity = _type(path)
    kind = request.GET.get("kind", "")
    if kind not in CustomKind.values:
        context: dict[str, Any] = {"entity": entity, "kinds": CustomKind.choices}
        # a record type at which none points has nothing to add up
        if not ways_to(entity.key):
            context["kinds"] = [one for one in CustomKind.choices if one[0] != CustomKind.ROLLUP]
        return show(request, "records/custom/kinds.html", ACTIVE, context)
    way = (request.GET.get("of", ""), request.GET.get("by", ""))
    if kind == CustomKind.ROLLUP and way not in [
        (one.key, by.name) for one, by in ways_to(entity.key)
    ]:
        context = {"entity": entity, "ways": ways_to(entity.key)}
        return show(request, "records/custom/ways.html", ACTIVE, context)
    form = CustomFieldForm(request.POST or None, entity=entity, kind=kind, way=way)
    if request.method == "POST":
        actor = signed_in(request)
        ok, _made = submit(
            form,
            lambda: placed(
                form, lambda: add_custom_field(actor=actor, entity=entity, wish=form.wish())
            ),
        )
        if ok:
            return done(request, f"{BASE}#{entity.path}", gettext("Field added."))
    return _form_page(request, form, entity, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a field but its kind."""
    one = _field(request, pk)
    entity: Entity = found(next((known for known in _types() if known.key == one.entity), None))
    form = CustomFieldForm(request.POST or None, entity=entity, kind=one.kind, custom_field=one)
    if request.method == "POST":
        actor = signed_in(request)
        ok, _changed = submit(
            form,
            lambda: placed(
                form,
                lambda: change_custom_field(actor=actor, custom_field=one, wish=form.wish()),
            ),
        )
        if ok:
            return done(request, f"{BASE}#{entity.path}", saved())
    return _form_page(request, form, entity, one)


def placed(form: CustomFieldForm, call: Callable[[], CustomField]) -> CustomField:
    """Run the verb; where a formula is refused, the form remembers the place."""
    try:
        return call()
    except FormulaError as error:
        form.misplaced = error if error.field == "formula" else None
        raise


def _form_page(
    request: HttpRequest, form: CustomFieldForm, entity: Entity, one: CustomField | None
) -> HttpResponse:
    context = {
        "form": form,
        "entity": entity,
        "custom_field": one,
        "kind_label": CustomKind(form.kind).label,
        **editor_context(form),
        "heading": one.label if one is not None else gettext("New field"),
    }
    return show(request, "records/custom/form.html", ACTIVE, context, 422 if form.errors else 200)


@require_POST
@for_administrators
def move(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """One place up or down."""
    one = _field(request, pk)
    move_custom_field(actor=signed_in(request), custom_field=one, up=way == "up")
    return done(request, BASE, gettext("Moved."))


@require_POST
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it from all pages; its values wait for 30 days."""
    one = _field(request, pk)
    lost = [other.label for other in users_of(one.entity, one.name)]
    delete_custom_field(actor=signed_in(request), custom_field=one)
    message = gettext("“%(name)s” was deleted. Its values are kept for 30 days.")
    message %= {"name": one.label}
    if lost:
        message += " " + gettext("Now empty, because they use it: %(names)s.") % {
            "names": ", ".join(lost)
        }
    return done(request, BASE, message)


@require_POST
@for_administrators
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back with its values."""
    one = _field(request, pk)
    try:
        restore_custom_field(actor=signed_in(request), custom_field=one)
    except DomainError as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(BASE)
    return done(request, BASE, gettext("“%(name)s” is back.") % {"name": one.label})
