"""What the document says of saved views."""

from typing import Any

from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import User
from vinculo.records.api.openapi import shared
from vinculo.records.api.openapi.parameters import PAGES, query_parameter
from vinculo.records.api.openapi.schemas import ID, ref
from vinculo.records.api.saved_views import PATH
from vinculo.records.api.values import BASE
from vinculo.records.registry import entities
from vinculo.records.saved.shelf import LONGEST_QUERY

TAG = {"name": PATH, "description": "Saved views"}
ONCE = {"$ref": "#/components/parameters/once"}
_SOMEBODY = {"oneOf": [ref("Reference"), {"type": "null"}]}
_TEXT = {"type": "string"}
_WHOM = {
    "team": {"type": ["integer", "null"], "minimum": 1, "description": "Shared with this team."},
    "role": {"type": ["integer", "null"], "minimum": 1, "description": "Or with this role."},
}
_QUERY = {
    "type": "string",
    "maxLength": LONGEST_QUERY,
    "description": "What the list asks, as its address says it: `state.in=lead&sort=-name`.",
}


def schemas(user: User) -> dict[str, Any]:
    """A view as it is told, and what makes or changes one."""
    written = {"name": {"type": "string", "maxLength": 80}, "query": _QUERY, **_WHOM}
    told = {
        "id": ID,
        "url": {"type": "string", "description": "Where the API has the view."},
        "entity": {"type": "string", "description": "The record type it asks about."},
        "name": _TEXT,
        "query": {"type": "string", "description": _QUERY["description"]},
        "partly": {
            "type": "boolean",
            "description": "It asks for what is hidden from you; that is left out of `query`.",
        },
        "records": {"type": "string", "description": "Where its records are listed."},
        "owner": ref("Reference"),
        "team": _SOMEBODY,
        "role": _SOMEBODY,
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"},
    }
    return {
        "SavedView": {
            "type": "object",
            "title": "Saved view",
            "description": "What a list asks, kept under a name: private, or shared with a team or a role.",
            "properties": told,
            "required": list(told),
            "additionalProperties": False,
        },
        "SavedViewNew": {
            "type": "object",
            "title": "Saved view",
            "properties": {"entity": _record_types(user), **written},
            "required": ["entity", "name"],
            "additionalProperties": False,
        },
        "SavedViewPatch": {
            "type": "object",
            "title": "Saved view",
            "properties": written,
            "additionalProperties": False,
        },
    }


def _record_types(user: User) -> dict[str, Any]:
    rights = rights_of(user)
    keys = [one.key for one in entities() if rights.scope(one.key) is not Scope.NONE]
    return {"type": "string", "enum": keys}


def paths(user: User) -> dict[str, Any]:
    """The calls of saved views."""
    return {
        f"{BASE}/{PATH}": {"get": _list(user), "post": _create()},
        f"{BASE}/{PATH}/{{id}}": {
            "parameters": [shared.ID_PARAMETER],
            "get": _read(),
            "patch": _update(),
            "delete": _delete(),
        },
    }


def _operation(verb: str, summary: str, **parts: Any) -> dict[str, Any]:
    return {"operationId": f"{PATH}.{verb}", "tags": [PATH], "summary": summary, **parts}


def _list(user: User) -> dict[str, Any]:
    page = {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref("SavedView")},
            "next": {"type": ["string", "null"], "description": "Where the next page is."},
            "previous": {"type": ["string", "null"]},
        },
        "required": ["data", "next", "previous"],
    }
    about = query_parameter("entity.is", _record_types(user), "Only views of these records.")
    return _operation(
        "list",
        "List saved views: your own and those shared with you",
        parameters=[about, *PAGES],
        responses={"200": shared.json_answer("One page.", page), **shared.refusals(401, 403, 422)},
    )


def _create() -> dict[str, Any]:
    answer = shared.one("Saved.", "SavedView")
    headers = {**answer["headers"], **_written(), "Location": shared.header("location")}
    return _operation(
        "create",
        "Save a view",
        parameters=[ONCE],
        requestBody=shared.json_body(ref("SavedViewNew")),
        responses={
            "201": {**answer, "headers": headers},
            **shared.refusals(400, 401, 403, 409, 413, 415, 422),
        },
    )


def _written() -> dict[str, Any]:
    return {"Vinculo-Change-Set": shared.header("change_set")}


def _read() -> dict[str, Any]:
    return _operation(
        "read",
        "Read a saved view",
        parameters=[{"$ref": "#/components/parameters/if_none_match"}],
        responses={
            "200": shared.one("The view.", "SavedView"),
            "304": {"description": "You have it already."},
            **shared.refusals(401, 403, 404, 422),
        },
    )


def _update() -> dict[str, Any]:
    answer = shared.one("Changed.", "SavedView")
    return _operation(
        "update",
        "Rename a view, let it ask something else, or share it",
        description="Only what is in the body is changed. With `team` and `role` null it is "
        "shared with nobody any more.",
        parameters=[{"$ref": "#/components/parameters/if_match"}, ONCE],
        requestBody=shared.json_body(ref("SavedViewPatch")),
        responses={
            "200": {**answer, "headers": {**answer["headers"], **_written()}},
            **shared.refusals(400, 401, 403, 404, 409, 412, 413, 415, 422),
        },
    )


def _delete() -> dict[str, Any]:
    return _operation(
        "delete",
        "Delete a view, for everybody it was shared with",
        parameters=[{"$ref": "#/components/parameters/if_match"}, ONCE],
        responses={
            "204": {"description": "Deleted.", "headers": _written()},
            **shared.refusals(401, 403, 404, 409, 412, 422),
        },
    )
