"""What a layout would look like: the forms and the facts of the newest record, before it is saved."""

from copy import copy
from typing import Any

from vinculo.platform.access import combine, rights_of
from vinculo.platform.access_events import note_record
from vinculo.platform.models import Role, User
from vinculo.records.entity import Entity
from vinculo.records.shaping.arranging import panels_at
from vinculo.records.shaping.editor import PLACES
from vinculo.records.shaping.form import ShapedForm
from vinculo.records.shaping.shape import Shape
from vinculo.records.views.facts import sections_of


def eyes_of(user: User, role: Role | None) -> User:
    """The person with the sight of that role alone; themselves where there is none."""
    if role is None:
        return user
    seen = copy(user)
    seen._rights = combine(user.pk, rights_of(user).team_ids, [role])  # type: ignore[attr-defined]
    return seen


def preview_context(user: User, entity: Entity, role: Role | None, shape: Shape) -> dict[str, Any]:
    """The forms and the page as this layout makes them, with the fields that the role may see."""
    eyes = eyes_of(user, role)
    rows = entity.with_references(entity.visible(user))
    record = rows.order_by("-pk").first()
    context: dict[str, Any] = {"entity": entity, "record": record, "forms": []}
    if entity.creatable:
        form = ShapedForm(entity, eyes, initial={"owner": user.pk}, shape=shape)
        context["forms"].append(_apart(form, "new"))
    if record is not None:
        note_record(user, "peek", entity.key, record.pk)
        context["forms"].append(_apart(ShapedForm(entity, eyes, record=record, shape=shape), "old"))
        context["sections"] = sections_of(eyes, entity, record, False, shape)
        context["title"] = entity.title_of(record)
    context["panels"] = [panel for place in PLACES for panel in panels_at(entity, shape, place)]
    return context


def _apart(form: ShapedForm, name: str) -> tuple[str, ShapedForm]:
    """A form whose inputs are called like no other's on the page."""
    form.auto_id = f"preview_{name}_%s"
    return name, form
