"""Create, change and delete a record through the API: the same functions as on the screen."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.records.api.bodies import json_body
from vinculo.records.api.errors import ApiError, Problem, invalid, json_response, not_found
from vinculo.records.api.reading import (
    current,
    known_parameters,
    same_version,
)
from vinculo.records.api.values import LARGEST_ID, api_url, missing, read_values
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, get_record
from vinculo.records.writing import delete_record, draft_record, edit_record, save_draft

#: The header in which a writing call tells its change-set: the number that undo takes.
CHANGE_SET = "Vinculo-Change-Set"


def create(request: Request, entity: Entity) -> HttpResponse:
    """A new record: 201 with the record, where it is, and what was odd about it."""
    require(request.user, entity.key, "add")
    known_parameters(request, ("strict",))
    values = read_values(entity, request.user, json_body(request))
    lacking = missing(entity, request.user, values)
    if lacking:
        raise invalid(lacking)
    warnings = _warnings(request, entity, None, values)
    draft = draft_record(actor=request.user, entity=entity, data=values)
    with journal.change_set(actor=request.user, verb="records.create", label=draft.title) as opened:
        record = save_draft(draft)
    return _saved(request, entity, record.pk, 201, warnings, opened.id)


def update(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Change the fields in the body and nothing else; 412 when the record is not the one that
    `If-Match` names any more."""
    record = _reachable(request, entity, pk, "edit")
    known_parameters(request, ("strict",))
    values = read_values(entity, request.user, json_body(request))
    changed = {
        name: value for name, value in values.items() if differs(entity, record, name, value)
    }
    warnings = _warnings(request, entity, record, changed) if changed else []
    condition = request.headers.get("If-Match", "")
    if not changed and not condition:
        return _saved(request, entity, pk, 200, warnings, None)
    with journal.change_set(
        actor=request.user, verb="records.edit", label=entity.title_of(record)
    ) as opened:
        require_version(entity.queryset().filter(pk=pk), condition)
        if changed:
            edit_record(actor=request.user, entity=entity, record=record, data=changed)
    return _saved(request, entity, pk, 200, warnings, opened.id if changed else None)


def delete(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Delete a record with all that belongs to it; the change-set in the header takes it back."""
    record = _reachable(request, entity, pk, "delete")
    known_parameters(request, ())
    with journal.change_set(
        actor=request.user, verb="records.delete", label=entity.title_of(record)
    ) as opened:
        require_version(entity.queryset().filter(pk=pk), request.headers.get("If-Match", ""))
        delete_record(actor=request.user, entity=entity, record=record)
    response = HttpResponse(status=204)
    response[CHANGE_SET] = str(opened.id)
    return response


def _reachable(request: Request, entity: Entity, pk: int, verb: str) -> Any:
    if pk > LARGEST_ID:
        raise not_found()
    require(request.user, entity.key, "view")
    return get_record(request, entity, pk, verb)


def require_version(rows: Any, condition: str) -> None:
    """412 unless the one row is in the state that `If-Match` names; under the row's lock, so that
    between the look and the write nobody comes in."""
    if not condition:
        return
    record = rows.select_for_update(of=("self",)).first()
    if record is None:
        raise not_found()
    if not same_version(condition, record, journal.version_of(record)):
        message = gettext("Somebody has changed this record in the meantime. Read it again.")
        raise ApiError(412, "changed", message)


def differs(entity: Entity, record: Any, name: str, value: Any) -> bool:
    """Whether a value is another one than the record holds: what is the same is not written."""
    field = entity.all_fields[name]
    held = field.value(record)
    if field.is_reference:
        return (held.pk if held is not None else None) != (value.pk if value is not None else None)
    if value in (None, "", []) and held in (None, "", []):
        return False
    return bool(held != value)


def _warnings(
    request: Request, entity: Entity, record: Any, values: Mapping[str, Any]
) -> list[str]:
    """Soft warnings: told with the answer, or with `strict=1` a refusal."""
    if entity.warnings is None:
        return []
    found = [str(text) for text in entity.warnings(request.user, record, dict(values))]
    if found and request.GET.get("strict", "") not in ("", "0"):
        problems = [Problem(None, text) for text in found]
        raise ApiError(422, "warning", found[0], problems=problems)
    return found


def _saved(
    request: Request,
    entity: Entity,
    pk: int,
    status: int,
    warnings: list[str],
    change_set: int | None,
) -> HttpResponse:
    data, tag = current(request, entity, pk, entity.fields_for(request.user))
    response = json_response({"data": data, "warnings": warnings}, status)
    response["ETag"] = tag
    if status == 201:
        response["Location"] = api_url(entity, pk)
    if change_set is not None:
        response[CHANGE_SET] = str(change_set)
    return response
