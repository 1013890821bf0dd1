"""Request bodies, read strictly: JSON of bounded size and depth, every name once, no NaN."""

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext

from vinculo.records.api.errors import ApiError

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 4
#: What a list of records may be nested: the rows, a row, its values, a value that is a list.
DEEPEST = 6
TYPES = ("application/json", "application/merge-patch+json")


def json_body(
    request: HttpRequest, *, may_be_empty: bool = False, depth: int = MOST_DEPTH
) -> dict[str, Any]:
    """The object in the body; ApiError 400, 413 or 415 when it is not one we read."""
    raw = raw_body(request)
    if not raw.strip():
        if may_be_empty:
            return {}
        raise _unreadable()
    if request.content_type not in TYPES:
        raise ApiError(
            415,
            "unsupported_media_type",
            gettext("Send JSON, with the header Content-Type: application/json."),
        )
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_each_once,
            parse_constant=_refuse_constant,
            parse_float=Decimal,
        )
        found_depth = _depth(found)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(found, dict) or found_depth > depth:
        raise _unreadable()
    return found


def raw_body(request: HttpRequest) -> bytes:
    """The bytes of the body, at most 1 MB of them; ApiError 413 for more."""
    too_large = ApiError(413, "too_large", gettext("The body is larger than 1 MB."))
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise too_large
    try:
        raw = request.body
    except UnreadablePostError:
        raise _unreadable() from None
    if len(raw) > MOST_BYTES:
        raise too_large
    return raw


def _unreadable() -> ApiError:
    return ApiError(
        400,
        "bad_request",
        gettext("The body cannot be read. Send one JSON object in which every name stands once."),
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two readers of one body must never see two values: a proxy that checked the first one and
    # we that wrote the second.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate name")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(value: Any, level: int = 1) -> int:
    """How deep the value is nested; ValueError for text that is no Unicode (half a surrogate)."""
    if level > DEEPEST + 1:
        return level
    if isinstance(value, str):
        value.encode("utf-8")
        return level
    if isinstance(value, dict):
        for name in value:
            name.encode("utf-8")
        return max((_depth(item, level + 1) for item in value.values()), default=level)
    if isinstance(value, list):
        return max((_depth(item, level + 1) for item in value), default=level)
    return level
