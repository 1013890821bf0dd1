"""How many requests the test server is answering right now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_changed = threading.Condition()
_underway = 0


class UnderwayMiddleware:
    """Counts a request from its first step to its last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, counted while it is made."""
        _count(1)
        try:
            return self.get_response(request)
        finally:
            _count(-1)


def _count(step: int) -> None:
    global _underway
    with _changed:
        _underway += step
        _changed.notify_all()


def wait_for_answers(seconds: float = 10.0, quiet: float = 0.2) -> None:
    """Wait until no request has been under way for a moment.

    Emptying the tables in the middle of one would be a deadlock; and what the browser had sent
    when it was closed may still begin.
    """
    until = time.monotonic() + seconds
    with _changed:
        while time.monotonic() < until:
            _changed.wait_for(lambda: not _underway, seconds)
            if not _changed.wait_for(lambda: bool(_underway), quiet):
                return
