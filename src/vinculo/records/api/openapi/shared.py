"""What all operations of the document share: errors, references, headers, how to sign in."""

from typing import Any

from vinculo.records.api.openapi.schemas import ID, ref

Part = dict[str, Any]

ID_PARAMETER: Part = {"name": "id", "in": "path", "required": True, "schema": ID}

SCHEMAS: Part = {
    "Error": {
        "type": "object",
        "description": "Why something was refused. Nothing was written.",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "description": "For programs: does not change."},
                    "message": {"type": "string", "description": "For people."},
                    "field": {"type": ["string", "null"]},
                    "fields": {"type": "array", "items": ref("Problem")},
                },
                "required": ["code", "message", "field", "fields"],
                "additionalProperties": False,
            }
        },
        "required": ["error"],
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "properties": {"field": {"type": ["string", "null"]}, "message": {"type": "string"}},
        "required": ["field", "message"],
        "additionalProperties": False,
    },
    "Reference": {
        "type": "object",
        "description": "Another record. All three are null when you may not see it.",
        "properties": {
            "id": {"type": ["integer", "null"]},
            "name": {"type": ["string", "null"]},
            "url": {"type": ["string", "null"]},
        },
        "required": ["id", "name", "url"],
        "additionalProperties": False,
    },
    "Count": {
        "type": "object",
        "properties": {"number": {"type": "integer"}, "exact": {"type": "boolean"}},
        "required": ["number", "exact"],
        "additionalProperties": False,
    },
    "HistoryEntry": {
        "type": "object",
        "properties": {
            "change_set": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "by": {"oneOf": [ref("Reference"), {"type": "null"}]},
            "verb": {"type": "string"},
            "label": {"type": "string"},
            "via": {"type": "string"},
            "created": {"type": "boolean"},
            "undoable": {"type": "boolean"},
            "changes": {"type": "array", "items": ref("FieldChange")},
            "parts": {"type": "array", "items": ref("PartChange")},
            "about": {"type": "array", "items": ref("RelatedRecord")},
        },
        "required": [
            "change_set",
            "at",
            "by",
            "verb",
            "label",
            "created",
            "changes",
            "parts",
            "about",
        ],
    },
    "RelatedRecord": {
        "type": "object",
        "description": "A related record that was changed, and a roll-up of this one followed.",
        "properties": {
            "kind": {"type": "string"},
            "name": {"type": "string"},
            "url": {"type": "string"},
        },
        "required": ["kind", "name", "url"],
    },
    "UntoldField": {
        "type": "object",
        "description": "A roll-up whose past is not told, or only since a moment.",
        "properties": {
            "field": {"type": "string"},
            "label": {"type": "string"},
            "since": {"type": ["string", "null"], "format": "date-time"},
        },
        "required": ["field", "label", "since"],
    },
    "FieldChange": {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "label": {"type": "string"},
            "old": {"description": "What it was, as the field's type."},
            "new": {"description": "What it became."},
        },
        "required": ["field", "label", "old", "new"],
    },
    "PartChange": {
        "type": "object",
        "description": "Something that belongs to the record: a contact point, a relation.",
        "properties": {
            "kind": {"type": "string"},
            "what": {"type": "string", "enum": ["added", "changed", "removed"]},
            "words": {"type": "string"},
        },
        "required": ["kind", "what", "words"],
    },
    "BatchAnswer": {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref("BatchRow")},
            "counts": {
                "type": "object",
                "properties": {
                    status: {"type": "integer"}
                    for status in ("created", "updated", "unchanged", "refused")
                },
                "required": ["created", "updated", "unchanged", "refused"],
                "additionalProperties": False,
            },
        },
        "required": ["data", "counts"],
        "additionalProperties": False,
    },
    "BatchRow": {
        "type": "object",
        "description": "What became of one row.",
        "properties": {
            "row": {"type": "integer", "description": "Its place in the call, from 0."},
            "status": {"type": "string", "enum": ["created", "updated", "unchanged", "refused"]},
            "id": {"type": ["integer", "null"]},
            "url": {"type": ["string", "null"]},
            "external_id": {"type": ["string", "null"]},
            "errors": {"type": "array", "items": ref("Problem")},
        },
        "required": ["row", "status", "id", "url", "external_id", "errors"],
        "additionalProperties": False,
    },
    "Done": {
        "type": "object",
        "properties": {
            "data": {
                "description": "What the action made, if it is a record.",
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {
                            "type": {"type": "string"},
                            "id": {"type": "integer"},
                            "name": {"type": "string"},
                            "url": {"type": "string"},
                        },
                        "required": ["type", "id", "name", "url"],
                    },
                    {"type": "null"},
                ],
            }
        },
        "required": ["data"],
        "additionalProperties": False,
    },
}

MEANINGS = {
    400: "The request cannot be read.",
    401: "No valid key and nobody signed in.",
    403: "You may not do this.",
    404: "There is no such record, or you may not see it.",
    409: "It clashes with something else.",
    412: "The record is not the one in If-Match any more.",
    413: "The body is larger than 1 MB.",
    415: "The body is not of a type this takes.",
    422: "The values do not fit; `fields` says which.",
    429: "Too many calls; wait as long as Retry-After says.",
    500: "A fault of ours. Nothing was changed.",
}


def _refusal(status: int) -> Part:
    told: Part = {
        "description": MEANINGS[status],
        "content": {"application/json": {"schema": ref("Error")}},
    }
    if status == 429:
        told["headers"] = {
            "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
            "RateLimit": {"$ref": "#/components/headers/rate"},
            "RateLimit-Policy": {"$ref": "#/components/headers/rate_policy"},
        }
    return told


RESPONSES: Part = {f"E{status}": _refusal(status) for status in MEANINGS}

HEADERS: Part = {
    "etag": {"description": "The record's state.", "schema": {"type": "string"}},
    "change_set": {
        "description": "The change-set of this call, absent when nothing had to be changed.",
        "schema": {"type": "integer"},
    },
    "rate": {
        "description": "About how many calls are left (r), and when there are all again (t seconds).",
        "schema": {"type": "string"},
    },
    "rate_policy": {
        "description": "How many calls (q) one may make in so many seconds (w).",
        "schema": {"type": "string"},
    },
    "location": {"description": "Where the new record is.", "schema": {"type": "string"}},
}

PARAMETERS: Part = {
    "if_match": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what you read: refused with 412 when it changed since.",
        "schema": {"type": "string"},
    },
    "if_none_match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what you have: answered with 304 when it is the same.",
        "schema": {"type": "string"},
    },
    "once": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same call with the same key is carried out once within a day; "
        "the second is answered like the first.",
        "schema": {"type": "string", "pattern": "^[!#-~]{1,200}$"},
    },
    "strict": {
        "name": "strict",
        "in": "query",
        "description": "1: refuse what would only be a warning.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    },
}

SECURITY: Part = {
    "key": {"type": "http", "scheme": "bearer"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "Unsafe calls also need the X-CSRFToken header.",
    },
}


def refusals(*statuses: int) -> Part:
    """The refusals of an operation; those that any call may meet come along."""
    return {
        str(status): {"$ref": f"#/components/responses/E{status}"}
        for status in (*statuses, 429, 500)
    }


def header(name: str) -> Part:
    """A header of the document."""
    return {"$ref": f"#/components/headers/{name}"}


def json_answer(description: str, schema: Part) -> Part:
    """An answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def json_body(schema: Part) -> Part:
    """A required body in JSON."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def one(description: str, name: str) -> Part:
    """One record and its entity tag."""
    schema = {"type": "object", "properties": {"data": ref(name)}, "required": ["data"]}
    return {**json_answer(description, schema), "headers": {"ETag": header("etag")}}


def saved(description: str, name: str, *, location: bool = False) -> Part:
    """A record as it was saved, with the warnings about it."""
    schema = {
        "type": "object",
        "properties": {
            "data": ref(name),
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["data", "warnings"],
    }
    headers = {"ETag": header("etag"), "Vinculo-Change-Set": header("change_set")}
    if location:
        headers["Location"] = header("location")
    return {**json_answer(description, schema), "headers": headers}


def acted() -> Part:
    """What an action answers."""
    return {
        **json_answer("Done.", ref("Done")),
        "headers": {"Vinculo-Change-Set": header("change_set")},
    }
