"""Around every request: the reader's language and zone, and refusals in their words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from vinculo.kernel.clock import zone_called
from vinculo.platform import journal

Handler = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Activates the reader's language and time zone; writes of a request come via the screen."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = getattr(user, "language", "") or translation.get_language_from_request(request)
        zone = getattr(user, "time_zone", "")
        via = "api" if request.path.startswith("/api/") else "screen"
        with translation.override(language), journal.through(via):
            request.LANGUAGE_CODE = language
            with timezone.override(zone_called(zone)):
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
        from vinculo.platform.refusals import refusal_response

        if isinstance(error, DomainError):
            return refusal_response(request, error)
        return None
