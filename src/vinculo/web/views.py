"""The shell's own pages: home and what is shown when something went wrong."""

import sys

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.defaults import server_error as usual_server_error

from vinculo.platform.access import Scope, rights_of
from vinculo.platform.errors import DatabaseAway
from vinculo.platform.modules.known import route_is_on
from vinculo.platform.outages import away_response, database_is_away
from vinculo.records.api.errors import error_response, of_domain
from vinculo.records.registry import entities


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Home is the day's work; without it, the first list there is."""
    rights = rights_of(request.user)  # type: ignore[arg-type]
    if route_is_on("my-day"):
        return redirect("/my-day")
    listed = sorted((one for one in entities() if one.nav), key=lambda one: one.nav_order)
    seen = (one.nav_url for one in listed if rights.scope(one.key) is not Scope.NONE)
    return redirect(next(seen, "/settings/"))


def not_here(request: HttpRequest) -> HttpResponse:
    """An address that a library would answer and we do not."""
    raise Http404


@login_required
def to_security(request: HttpRequest) -> HttpResponse:
    """On to the page of sign-in and security."""
    return redirect("/settings/security")


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught, also in the layers around them: a database that is away, else a fault."""
    if database_is_away(sys.exc_info()[1]):
        if request.path.startswith("/api/"):
            return error_response(of_domain(DatabaseAway()))
        return away_response(request)
    return usual_server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or stale: say so and how to go on; `reason` is for the log."""
    return render(request, "web/csrf.html", status=403)
