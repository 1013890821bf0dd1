"""Around every request: the reader's language and zone, and refusals in their words."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from vinculo.kernel.clock import zone_called
from vinculo.platform import journal
from vinculo.platform.errors import TookTooLong, TooMuchAtOnce
from vinculo.platform.formats import Styles, written_as
from vinculo.platform.patience import took_too_long
from vinculo.platform.turns import turns

logger = logging.getLogger("vinculo.web")
Handler = Callable[[HttpRequest], HttpResponse]


def styles_of(user: Any) -> Styles:
    """How this reader wants dates and numbers written."""
    return Styles(
        dates=getattr(user, "date_style", "locale"), numbers=getattr(user, "number_style", "locale")
    )


class ReaderMiddleware:
    """Activates the reader's language and time zone; writes of a request come via the screen."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = getattr(user, "language", "") or translation.get_language_from_request(request)
        zone = getattr(user, "time_zone", "")
        via = "api" if request.path.startswith("/api/") else "screen"
        with (
            translation.override(language),
            timezone.override(zone_called(zone)),
            written_as(styles_of(user)),
            journal.through(via),
        ):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """Turns a `DomainError` that no view caught into an answer that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        from vinculo.kernel.errors import DomainError
        from vinculo.platform.outages import away_response, database_is_away
        from vinculo.platform.refusals import refusal_response

        if isinstance(error, DomainError):
            return refusal_response(request, error)
        if database_is_away(error):
            return away_response(request)
        if took_too_long(error):
            match = request.resolver_match
            logger.warning("A statement took too long: %s", match.view_name if match else "?")
            return refusal_response(request, TookTooLong())
        return None


class TurnsMiddleware:
    """Leaves room for the others: see `platform.turns`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from vinculo.platform.refusals import refusal_response

        if not request.user.is_authenticated:
            return self.get_response(request)
        try:
            with turns.one(int(request.user.pk)):
                return self.get_response(request)
        except TooMuchAtOnce as error:
            return refusal_response(request, error)
