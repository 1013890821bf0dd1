"""A GET never writes: a guard that lets PostgreSQL itself say so; every test runs behind it.

While a safe request is answered, its transactions can only read, and a write raises psycopg's
ReadOnlySqlTransaction. Sessions are not touched by it: their middleware stands around this one
and writes after the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")
#: allauth's pages count tries and keep notes of sessions while showing something.
EXCEPT = ("/accounts/",)


class ReadOnlyMiddleware:
    """Safe requests run in transactions that cannot write."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; a write on the way to it fails."""
        if request.method not in SAFE or request.path.startswith(EXCEPT):
            return self.get_response(request)
        with reading_only():
            return self.get_response(request)


@contextmanager
def reading_only() -> Iterator[None]:
    """Nothing in this block can write through Django's connection."""
    if connection.in_atomic_block:
        # Inside somebody's transaction (a test's): only a savepoint can be read-only for a while.
        broken = connection.needs_rollback
        _say("SAVEPOINT reading_only; SET LOCAL transaction_read_only = on")
        try:
            yield
        finally:
            _say("ROLLBACK TO SAVEPOINT reading_only; RELEASE SAVEPOINT reading_only")
            connection.needs_rollback = broken
        return
    _say("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        if connection.connection is not None:
            _say("SET default_transaction_read_only = off")


def _say(statements: str) -> None:
    """Straight to the driver, in one go: the guard must not show among the queries that tests count."""
    connection.ensure_connection()
    connection.connection.execute(statements)
