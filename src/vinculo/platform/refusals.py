"""How a refusal reaches a person or a program."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from vinculo.platform.errors import TookTooLong, TooMuchAtOnce


def sentence(error: DomainError) -> str:
    """The refusal in the reader's language."""
    return error.interpolate(gettext(error.message))


def status_of(error: DomainError) -> int:
    """404 for what you may not know exists, 403 for what you may not do, 409, else 422."""
    if isinstance(error, TookTooLong | TooMuchAtOnce):
        return error.status
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, NotAllowed):
        return 403
    return 409 if isinstance(error, Conflict) else 422


def refusal_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A page in the shell, or a toast when htmx asked, or JSON when a program did."""
    message, status = sentence(error), status_of(error)
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"message": message, "field": error.field}}, status=status)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=status)
        response["HX-Trigger"] = json.dumps({"toast": {"message": message, "level": "danger"}})
        response["HX-Reswap"] = "none"
        return response
    context = {"message": message, "why_url": why(request) if status == 403 else ""}
    return render(request, "web/refusal.html", context, status=status)


def why(request: HttpRequest) -> str:
    """Where it is said why somebody may not: beside the record, else on the page of their rights."""
    from vinculo.platform.access import Scope, rights_of
    from vinculo.platform.models import User

    match, user = request.resolver_match, request.user
    if match is None or not isinstance(user, User) or not {"key", "pk"} <= set(match.kwargs):
        return "/settings/rights"
    if rights_of(user).scope(match.kwargs["key"]) is not Scope.NONE:
        return f"/{request.path.split('/')[1]}/{match.kwargs['pk']}/who"
    return "/settings/rights"
