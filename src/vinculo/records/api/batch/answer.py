"""`POST /companies/batch`: read, write under one change-set, and tell what became of each row."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.records.api.batch.rows import Row, read_rows
from vinculo.records.api.batch.writing import (
    CREATED,
    REFUSED,
    UNCHANGED,
    UPDATED,
    write_rows,
)
from vinculo.records.api.bodies import DEEPEST, json_body
from vinculo.records.api.errors import ApiError, Problem, json_response
from vinculo.records.api.reading import known_parameters
from vinculo.records.api.values import api_url
from vinculo.records.api.writing import CHANGE_SET
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request


class _Nothing(Exception):
    """No row changed anything: the change-set goes too."""


def upsert(request: Request, entity: Entity) -> HttpResponse:
    """Make or change up to 200 records as one step that can be undone; each row has its own
    result. With `all_or_nothing` one refused row refuses all (422)."""
    _require_some(request, entity)
    known_parameters(request, ())
    body = json_body(request, depth=DEEPEST)
    rows = read_rows(entity, request.user, body)
    whole = bool(body.get("all_or_nothing", False))
    if whole:
        _refuse_whole(rows)
    change_set: int | None = None
    try:
        with journal.change_set(
            actor=request.user, verb="records.upsert", label=_label(entity, len(rows))
        ) as opened:
            write_rows(entity, request.user, rows)
            if whole:
                _refuse_whole(rows)
            if not _wrote(rows):
                raise _Nothing
            change_set = opened.id
    except _Nothing:
        pass
    response = json_response(
        {"data": [_told(entity, row) for row in rows], "counts": _counts(rows)}
    )
    if change_set is not None:
        response[CHANGE_SET] = str(change_set)
    return response


def _require_some(request: Request, entity: Entity) -> None:
    rights = rights_of(request.user)
    if all(rights.scope(entity.key, verb) is Scope.NONE for verb in ("add", "edit")):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))


def _label(entity: Entity, number: int) -> str:
    said = ngettext("%(kind)s: %(number)d row", "%(kind)s: %(number)d rows", number)
    return said % {"kind": entity.label_plural, "number": number}


def _wrote(rows: list[Row]) -> bool:
    """Whether anything is in the database that was not there before (an id counts, too)."""
    if any(row.status in (CREATED, UPDATED) and not row.refused for row in rows):
        return True
    return journal.wrote_anything()


def _refuse_whole(rows: list[Row]) -> None:
    bad = [row for row in rows if row.refused]
    if not bad:
        return
    problems = [
        Problem(f"rows.{row.number}" + (f".{one.field}" if one.field else ""), one.message)
        for row in bad
        for one in row.problems
    ]
    message = gettext("Nothing was written: %(count)s of %(all)s rows were refused.")
    told = message % {"count": len(bad), "all": len(rows)}
    raise ApiError(422, "invalid", told, problems=problems[:MOST_TOLD])


MOST_TOLD = 100


def _told(entity: Entity, row: Row) -> dict[str, Any]:
    pk = row.record.pk if row.record is not None and not row.refused else None
    return {
        "row": row.number,
        "status": REFUSED if row.refused else row.status,
        "id": pk,
        "url": api_url(entity, pk) if pk is not None else None,
        "external_id": row.name[1] if row.name is not None else None,
        "errors": [{"field": one.field, "message": one.message} for one in row.problems],
    }


def _counts(rows: list[Row]) -> dict[str, int]:
    counted = Counter(REFUSED if row.refused else row.status for row in rows)
    return {status: counted[status] for status in (CREATED, UPDATED, UNCHANGED, REFUSED)}
