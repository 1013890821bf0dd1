"""The document: what this caller may ask of each record type, and how."""

from typing import Any

from django.utils.translation import override

import vinculo
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import Action
from vinculo.platform.models import User
from vinculo.records.api import doing
from vinculo.records.api.batch.rows import MOST_ROWS
from vinculo.records.api.openapi import parameters, saved_views, shared
from vinculo.records.api.openapi.schemas import (
    form_content,
    input_schema,
    name_of,
    part_schema,
    record_schema,
    ref,
)
from vinculo.records.api.parts import columns_of
from vinculo.records.api.values import BASE, missing
from vinculo.records.entity import Entity
from vinculo.records.parts import Parts
from vinculo.records.registry import entities, rows_of_type

Operation = dict[str, Any]
ONCE = {"$ref": "#/components/parameters/once"}

ABOUT = """Everything a record type has here follows from its declaration, like the screens: the
same filters, the same rights, the same refusals. This document shows what *you* may do: hidden
fields and calls you have no right to are not in it.

Send a key as `Authorization: Bearer <key>`; you make keys on your own page in the settings. A
browser session works too; unsafe calls then need the `X-CSRFToken` header. Lists are read page by
page: follow `next` until it is null. All filters must hold; of those whose names begin with the same
`any1.` (to `any9.`) one is enough, and `company.city.is=Bonn` asks about a related record. `ETag` and `If-Match` keep two programs from overwriting each
other. Every refusal has the same shape, in the language of `Accept-Language`. Writing calls name
their change-set in the `Vinculo-Change-Set` header: the history shows it, and it can be undone. A
writing call with an `Idempotency-Key` may be sent again without doing its work twice. `RateLimit`
tells how many calls are left."""


def describe(user: User) -> dict[str, Any]:
    """The OpenAPI 3.1 document as `user` may use the API, in English whatever their language."""
    rights = rights_of(user)
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = dict(shared.SCHEMAS)
    tags = []
    with override("en"):
        for entity in sorted(entities(), key=lambda one: str(one.label_plural)):
            if rights.scope(entity.key) is Scope.NONE:
                continue
            tags.append({"name": entity.key, "description": str(entity.label_plural)})
            schemas |= _schemas(entity, user)
            paths |= _paths(entity, user)
        if tags:  # views are of records: without any there are none
            tags.append(saved_views.TAG)
            schemas |= saved_views.schemas(user)
            paths |= saved_views.paths(user)
        for action in doing.offered_alone():
            if action.allowed(user):
                paths[f"{BASE}/do/{action.name}"] = {"post": _act(action, user, None)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vinculo", "version": vinculo.__version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"session": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": shared.RESPONSES,
            "parameters": shared.PARAMETERS,
            "headers": shared.HEADERS,
            "securitySchemes": shared.SECURITY,
        },
    }


def _schemas(entity: Entity, user: User) -> dict[str, Any]:
    name, fields = name_of(entity), entity.fields_for(user)
    found = {name: record_schema(entity, fields), f"{name}Patch": input_schema(entity, fields, [])}
    if entity.creatable:
        required = [problem.field for problem in missing(entity, user, {}) if problem.field]
        found[f"{name}New"] = input_schema(entity, fields, required)
    return found


def _paths(entity: Entity, user: User) -> dict[str, Any]:
    rights = rights_of(user)
    base, one = f"{BASE}/{entity.path}", f"{BASE}/{entity.path}/{{id}}"
    many: dict[str, Operation] = {"get": _list(entity, user)}
    if entity.creatable and rights.scope(entity.key, "add") is not Scope.NONE:
        many["post"] = _create(entity)
    single: dict[str, Operation] = {"get": _read(entity, user)}
    if rights.scope(entity.key, "edit") is not Scope.NONE:
        single["patch"] = _update(entity)
    if rights.scope(entity.key, "delete") is not Scope.NONE:
        single["delete"] = _delete(entity)
    batch = {}
    if entity.creatable and any(
        rights.scope(entity.key, verb) is not Scope.NONE for verb in ("add", "edit")
    ):
        batch = {f"{base}/batch": {"post": _batch(entity)}}
    found = {
        base: many,
        **batch,
        one: {"parameters": [shared.ID_PARAMETER], **single},
        f"{one}/history": {"parameters": [shared.ID_PARAMETER], "get": _history(entity)},
    }
    for parts in entity.parts:
        if columns_of(parts, user):
            told = {"parameters": [shared.ID_PARAMETER], "get": _parts(entity, parts, user)}
            found[f"{one}/{parts.name}"] = told
    for action in entity.actions_for(user):
        found[f"{one}/do/{action.name}"] = {
            "parameters": [shared.ID_PARAMETER],
            "post": _act(action, user, entity),
        }
    return found


def _operation(entity: Entity, verb: str, summary: str, **parts: Any) -> Operation:
    return {
        "operationId": f"{entity.path}.{verb}",
        "tags": [entity.key],
        "summary": summary,
        **parts,
    }


def _plural(entity: Entity) -> str:
    return str(entity.label_plural).lower()


def _one(entity: Entity) -> str:
    return str(entity.label).lower()


def _list(entity: Entity, user: User) -> Operation:
    page = {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref(name_of(entity))},
            "next": {"type": ["string", "null"], "description": "Where the next page is."},
            "previous": {"type": ["string", "null"]},
            "count": ref("Count"),
        },
        "required": ["data", "next", "previous"],
    }
    return _operation(
        entity,
        "list",
        f"List {_plural(entity)}",
        parameters=parameters.of_list(entity, user),
        responses={"200": shared.json_answer("One page.", page), **shared.refusals(401, 403, 422)},
    )


def _create(entity: Entity) -> Operation:
    return _operation(
        entity,
        "create",
        f"Create: {_one(entity)}",
        parameters=[{"$ref": "#/components/parameters/strict"}, ONCE],
        requestBody=shared.json_body(ref(f"{name_of(entity)}New")),
        responses={
            "201": shared.saved("Created.", name_of(entity), location=True),
            **shared.refusals(400, 401, 403, 409, 413, 415, 422),
        },
    )


def _batch(entity: Entity) -> Operation:
    row = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "minimum": 1, "description": "Which record is changed."},
            "external_id": {
                "type": ["string", "integer"],
                "description": "What your system calls it: a record that is known by it is "
                "changed, otherwise one is made and known by it from then on.",
            },
            "source": {"type": "string", "description": "Your system, if not that of the call."},
            "values": ref(f"{name_of(entity)}Patch"),
        },
        "required": ["values"],
        "additionalProperties": False,
    }
    whole = {
        "type": "object",
        "properties": {
            "source": {
                "type": "string",
                "maxLength": 40,
                "description": "Which system the external ids are from.",
            },
            "rows": {"type": "array", "items": row, "minItems": 1, "maxItems": MOST_ROWS},
            "all_or_nothing": {
                "type": "boolean",
                "description": "One refused row refuses all; otherwise each is by itself.",
            },
        },
        "required": ["rows"],
        "additionalProperties": False,
    }
    answer = shared.json_answer("What became of each row.", ref("BatchAnswer"))
    return _operation(
        entity,
        "batch",
        f"Create or change many: {_plural(entity)}",
        description="Up to 200 rows as one change-set. Warnings are not asked for.",
        parameters=[ONCE],
        requestBody=shared.json_body(whole),
        responses={
            "200": {**answer, "headers": {"Vinculo-Change-Set": shared.header("change_set")}},
            **shared.refusals(400, 401, 403, 409, 413, 415, 422),
        },
    )


def _read(entity: Entity, user: User) -> Operation:
    return _operation(
        entity,
        "read",
        f"Read: {_one(entity)}",
        parameters=[
            parameters.fields_of(entity.fields_for(user)),
            {"$ref": "#/components/parameters/if_none_match"},
        ],
        responses={
            "200": shared.one("The record.", name_of(entity)),
            "302": {"description": "It was merged into the record that `Location` names."},
            "304": {"description": "You have it already."},
            **shared.refusals(401, 403, 404, 422),
        },
    )


def _update(entity: Entity) -> Operation:
    return _operation(
        entity,
        "update",
        f"Change: {_one(entity)}",
        description="Only the fields in the body are changed.",
        parameters=[
            {"$ref": "#/components/parameters/if_match"},
            {"$ref": "#/components/parameters/strict"},
            ONCE,
        ],
        requestBody=shared.json_body(ref(f"{name_of(entity)}Patch")),
        responses={
            "200": shared.saved("Changed.", name_of(entity)),
            **shared.refusals(400, 401, 403, 404, 409, 412, 413, 415, 422),
        },
    )


def _delete(entity: Entity) -> Operation:
    return _operation(
        entity,
        "delete",
        f"Delete: {_one(entity)}",
        parameters=[{"$ref": "#/components/parameters/if_match"}, ONCE],
        responses={
            "204": {
                "description": "Deleted.",
                "headers": {"Vinculo-Change-Set": shared.header("change_set")},
            },
            **shared.refusals(401, 403, 404, 409, 412, 422),
        },
    )


def _history(entity: Entity) -> Operation:
    listed = {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref("HistoryEntry")},
            "untold": {"type": "array", "items": ref("UntoldField")},
        },
        "required": ["data", "untold"],
    }
    return _operation(
        entity,
        "history",
        f"Who changed what: {_one(entity)}",
        responses={
            "200": shared.json_answer("The newest change first, at most 200.", listed),
            **shared.refusals(401, 403, 404, 422),
        },
    )


def _parts(entity: Entity, parts: Parts, user: User) -> Operation:
    listed = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": part_schema(parts, user)}},
        "required": ["data"],
    }
    return _operation(
        entity,
        parts.name,
        f"{parts.label}: {_one(entity)}",
        responses={
            "200": shared.json_answer("In their order.", listed),
            **shared.refusals(401, 403, 404, 422),
        },
    )


def _act(action: Action, user: User, entity: Entity | None) -> Operation:
    form = doing.blank_form(action, user, _example(entity))
    known = doing.first_values(action, form) if form is not None else {}
    return {
        "operationId": f"{entity.path}.{action.name}" if entity else action.name,
        "tags": [entity.key if entity else action.name.partition(".")[0]],
        "summary": str(action.label),
        "description": action.summary,
        "parameters": [ONCE],
        "requestBody": {
            "required": any(f.required and n not in known for n, f in form.fields.items())
            if form
            else False,
            "content": form_content(form, known),
        },
        "responses": {
            "200": shared.acted(),
            **shared.refusals(400, 401, 403, 404, 409, 413, 415, 422),
        },
    }


def _example(entity: Entity | None) -> Any:
    """A record that is not saved, where the declaration says what one is at least: some forms ask
    a company for more than a person."""
    if entity is None or not rows_of_type(entity):
        return None
    values: Any = rows_of_type(entity).children
    return entity.model(**dict(values))
