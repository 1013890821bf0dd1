"""Around every request: its number in every log line, how long it took, what it asked the database.

Nothing of what people wrote goes into a log: a page is named by its route (`companies/<int:pk>`),
never by its address, a query by its SQL without values, a person by their number.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from vinculo.config.watching.counters import count_request

logger = logging.getLogger("vinculo.request")
Handler = Callable[[HttpRequest], HttpResponse]

SHOWN = 3  # the slowest queries of a slow page
LONGEST = 600  # letters of a query
#: A proxy's own number for the request; anything else could be text of somebody.
GIVEN_ID = re.compile(r"[0-9a-f-]{16,36}")
VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


class WatchMiddleware:
    """Counts, times and logs each request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the request's number on it."""
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        queries = _Queries(keep_slowest=bool(settings.SLOW_PAGE_MS))
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=number):
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - began, queries)
        response["X-Request-ID"] = number
        return response


def _note(request: HttpRequest, status: int, seconds: float, queries: _Queries) -> None:
    route, view = name_of(request)
    count_request(route, status, seconds)
    facts = {
        "method": request.method if request.method in METHODS else "OTHER",
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "sql": queries.amount,
        "sql_ms": round(queries.seconds * 1000, 1),
        "user_id": _known_user(request),
    }
    logger.info("request", extra=facts)
    slow = settings.SLOW_PAGE_MS
    if slow and seconds * 1000 >= slow:
        logger.warning("slow page", extra={**facts, "view": view, "queries": queries.slowest()})


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def name_of(request: HttpRequest) -> tuple[str, str]:
    """The request's route as it is written in the code, and its view; never its address."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "(none)", ""
    key = match.captured_kwargs.get("key") or match.extra_kwargs.get("key") or ""
    return f"/{match.route}", f"{match._func_path}{f' ({key})' if key else ''}"


def _known_user(request: HttpRequest) -> int | None:
    """The person's number, if somebody asked for the person at all: this must not cost a query."""
    user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)


class _Queries:
    """Counts and times the queries of one request, and remembers the slowest."""

    def __init__(self, *, keep_slowest: bool) -> None:
        self.amount, self.seconds = 0, 0.0
        self._slowest: list[tuple[float, str]] | None = [] if keep_slowest else None

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            self.amount += 1
            self.seconds += took
            if self._slowest is not None:
                self._remember(took, sql)

    def _remember(self, took: float, sql: Any) -> None:
        kept = self._slowest or []
        if len(kept) < SHOWN or took > kept[-1][0]:
            self._slowest = sorted([*kept, (took, str(sql))], reverse=True)[:SHOWN]

    def slowest(self) -> list[dict[str, Any]]:
        """The slowest queries with their milliseconds, without any value."""
        return [
            {"ms": round(took * 1000, 1), "sql": without_values(sql)}
            for took, sql in self._slowest or []
        ]


def without_values(sql: str) -> str:
    """A query on one line, its texts and numbers replaced by `?`."""
    return VALUES.sub("?", " ".join(sql.split()))[:LONGEST]
