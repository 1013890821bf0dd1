"""The rows that a record is made of, as programs read them: the lines of a quote."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import HttpResponse

from vinculo.platform.access_events import note_record
from vinculo.platform.models import User
from vinculo.records.api.errors import json_response
from vinculo.records.api.reading import find_record, known_parameters
from vinculo.records.api.values import HIDDEN, api_url, plain
from vinculo.records.entity import Entity
from vinculo.records.parts import Parts
from vinculo.records.registry import find
from vinculo.records.views.common import Request

#: At most so many rows are told, in their order.
MOST = 500


def read_parts(request: Request, entity: Entity, pk: int, parts: Parts) -> HttpResponse:
    """The rows of a record in their order, with what the caller may be told of each; none where that
    is nothing."""
    known_parameters(request, ())
    record = find_record(request, entity, pk)
    note_record(request.user, "api", entity.key, pk)
    every: Any = parts.model._default_manager
    rows = every.visible_to(request.user).filter(**{parts.link: record.pk})
    told = columns_of(parts, request.user)
    found = list(rows.order_by(*parts.order)[:MOST]) if told else []
    links = {name: _linked(found, name, key, request.user) for name, key in parts.leads_to.items()}
    return json_response({"data": [_told(row, told, links) for row in found]})


def columns_of(parts: Parts, user: User) -> tuple[str, ...]:
    """The columns that a user may be told of such a row, as it says itself."""
    told: tuple[str, ...] = parts.model().told_to(user)  # type: ignore[attr-defined]
    return told


def _told(
    row: models.Model, columns: Iterable[str], links: dict[str, dict[int, Any]]
) -> dict[str, Any]:
    told = {"id": row.pk, **{name: plain(getattr(row, name)) for name in columns}}
    for name, found in links.items():
        target = getattr(row, f"{name}_id")
        told[name] = None if target is None else found.get(target, HIDDEN)
    return told


def _linked(rows: list[Any], name: str, key: str, user: User) -> dict[int, dict[str, Any]]:
    """The records that the rows lead to, of those the caller may see: one question."""
    target, wanted = find(key), {getattr(row, f"{name}_id") for row in rows} - {None}
    if target is None or not wanted:
        return {}
    records = target.visible(user).filter(pk__among=wanted)
    return {
        one.pk: {"id": one.pk, "name": str(one), "url": api_url(target, one.pk)} for one in records
    }
