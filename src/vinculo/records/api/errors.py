"""The one shape in which the API says no, in the caller's language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from vinculo.platform.errors import DatabaseAway, TookTooLong, TooMuchAtOnce
from vinculo.platform.outages import RETRY_AFTER
from vinculo.platform.refusals import sentence

JSON = "application/json"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one input; `field` is None when it concerns the whole."""

    field: str | None
    message: str


class ApiError(Exception):
    """A refusal with its status, its code for programs and its sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        problems: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def invalid(problems: Iterable[Problem]) -> ApiError:
    """422: the values do not fit; says everything that is wrong at once, the first as the message."""
    found = list(problems)
    return ApiError(422, "invalid", found[0].message, problems=found)


def invalid_field(field: str | None, message: str) -> ApiError:
    """422 for one input."""
    return invalid([Problem(field, message)])


def not_found() -> ApiError:
    """404, in the same words for what is not there and for what the caller may not know of."""
    return ApiError(404, "not_found", gettext("There is no such record, or you may not see it."))


def of_domain(error: DomainError) -> ApiError:
    """A refusal of the business as the API says it."""
    message = sentence(error)
    problems = [Problem(error.field, message)] if error.field else []
    if isinstance(error, TooMuchAtOnce):
        return ApiError(429, "too_much", message, headers={"Retry-After": "5"})
    if isinstance(error, DatabaseAway):
        return ApiError(503, "database_away", message, headers={"Retry-After": RETRY_AFTER})
    if isinstance(error, TookTooLong):
        return ApiError(503, "took_too_long", message)
    if isinstance(error, NotFound):
        return ApiError(404, "not_found", message, problems=problems)
    if isinstance(error, NotAllowed):
        return ApiError(403, "not_allowed", message, problems=problems)
    if isinstance(error, Conflict):
        return ApiError(409, "conflict", message, problems=problems)
    return ApiError(422, "invalid", message, problems=problems or [Problem(None, message)])


def error_response(error: ApiError) -> HttpResponse:
    """`{"error": {"code", "message", "field", "fields": [{"field", "message"}]}}`."""
    fields = [{"field": item.field, "message": item.message} for item in error.problems]
    told = {
        "code": error.code,
        "message": error.message,
        "field": next((item.field for item in error.problems if item.field), None),
        "fields": fields,
    }
    response = json_response({"error": told}, error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


def json_response(payload: Any, status: int = 200) -> HttpResponse:
    """A JSON answer; letters of every script as they are."""
    return HttpResponse(to_json(payload), status=status, content_type=JSON)


def to_json(payload: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
