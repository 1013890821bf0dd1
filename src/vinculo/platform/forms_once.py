"""Forms that are sent twice (a double click, a slow line, a queue on the phone) are saved once.

A form carries a token that was made when it was opened (`{% once %}`). The second form with the
same token and the same content is answered like the first: it leads to the first one's record.
With another content it is another form: whoever goes back and types something else means it.
"""

import re
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from vinculo.kernel.errors import DomainError
from vinculo.platform import once
from vinculo.platform.refusals import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]
FIELD = "_once"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
#: Differ between two submits of one form without making it another one.
NOT_COMPARED = (FIELD, "csrfmiddlewaretoken")
#: What leads on from a saved form: told again to the second submit.
TOLD_AGAIN = ("Location", "HX-Location", "HX-Redirect", "HX-Trigger", "HX-Refresh", "Content-Type")
LONGEST_ANSWER = 20_000
UNREADABLE = (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    MultiPartParserError,
    UnreadablePostError,
)


class OnceMiddleware:
    """Carries out a form with a token once; all others pass."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the first submit, also to the second one."""
        token = _token(request)
        if not token:
            return self.get_response(request)
        digest = once.digest_of(request.path.encode(), _content(request))
        holder, key = f"user:{request.user.pk}", f"form:{token}:{digest[:32]}"
        try:
            with once.carry_out(holder=holder, key=key, digest=digest) as attempt:
                if attempt.earlier is not None:
                    return _again(attempt.earlier)
                response = self.get_response(request)
                if _saved(response):
                    headers = {name: response[name] for name in TOLD_AGAIN if name in response}
                    attempt.keep(response.status_code, headers, response.content.decode())
                return response
        except DomainError as error:
            return refusal_response(request, error)


def _token(request: HttpRequest) -> str:
    if request.method != "POST" or request.path.startswith(("/api/", "/accounts/")):
        return ""
    if not request.user.is_authenticated:
        return ""
    try:
        token = request.POST.get(FIELD, "")
    except UNREADABLE:
        return ""  # the view says what is wrong with it
    return token if TOKEN.match(token) else ""


def _content(request: HttpRequest) -> bytes:
    """What was filled in, files by name and size."""
    typed = sorted(
        (name, values) for name, values in request.POST.lists() if name not in NOT_COMPARED
    )
    files = sorted(
        (name, str(one.name), one.size) for name, many in request.FILES.lists() for one in many
    )
    return repr((typed, files)).encode()


def _saved(response: HttpResponse) -> bool:
    """Whether the form did its work: not refused, and no page of its own to look at."""
    if response.status_code >= 400 or response.streaming:
        return False
    return len(response.content) <= LONGEST_ANSWER


def _again(answer: once.Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    return response
