"""What a list's page needs so that its cells can be edited and its rows changed together."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext

from vinculo.platform.access import Reach, Scope, rights_of, visible_condition
from vinculo.platform.models import User
from vinculo.records.entity import Entity, Link
from vinculo.records.fields import Field
from vinculo.records.lists import ListState


def grid_context(state: ListState, records: list[Any], seen: datetime) -> dict[str, Any]:
    """Which rows may not be edited, what the bulk bar offers, and the list's state as links to its
    records carry it; `seen` is an instant before the rows were read."""
    entity, user = state.entity, state.user
    rights = rights_of(user)
    editable = [one for one in entity.fields_for(user) if one.editable]
    names = {one.name for one in editable}
    may_edit = rights.scope(entity.key, "edit") is not Scope.NONE and bool(editable)
    others = (rights.scope(entity.key, verb) is not Scope.NONE for verb in ("delete", "export"))
    return {
        "may_bulk": may_edit or any(others),
        "seen": seen.isoformat(),
        "locked": locked_rows(entity, user, records),
        "carried": carried(state),
        "may_bulk_edit": may_edit,
        "may_assign": may_edit and "owner" in names,
        "may_tag": may_edit and "tags" in names,
        "bulk_links": _offered(entity.bulk_links_on, entity, user),
        "list_links": _offered(entity.list_links_on, entity, user),
        "may_bulk_delete": rights.scope(entity.key, "delete") is not Scope.NONE,
    }


def _offered(links: list[Link], entity: Entity, user: User) -> list[Link]:
    rights = rights_of(user)
    return [one for one in links if rights.scope(entity.key, one.verb) is not Scope.NONE]


def carried(state: ListState) -> str:
    """The list's state as a record's address carries it, for *previous* and *next* there."""
    return f"?in={quote(state.query() or 'all', safe='')}"


def locked_rows(entity: Entity, user: User, records: list[Any]) -> set[int]:
    """The records among these that the user may see but not edit; no query where none can be."""
    rights = rights_of(user)
    scope = rights.scope(entity.key, "edit")
    shown = {record.pk for record in records}
    if scope is Scope.NONE:
        return shown
    if visible_condition(entity.model, user, "edit") is None:
        return set()
    reach: Reach = entity.model.reach  # type: ignore[attr-defined]
    as_far = scope >= rights.scope(entity.key, "view")
    if as_far and not (reach.like or reach.everyone or reach.shared):
        return set()  # what they see, they may edit
    mine = entity.visible(user, "edit").filter(pk__among=shown)
    return shown - set(mine.values_list("pk", flat=True))


def why_locked(entity: Entity, field: Field) -> str:
    """Why nobody, or not this reader, types into a column; "" where they may."""
    if field.editable:
        return ""
    if entity.all_fields[field.name].editable:
        return gettext("Your role may read this field but not change it.")
    return gettext("This is not typed: it follows from what is done with the record.")
