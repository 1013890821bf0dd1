"""The shell's own pages: home and what is shown when something went wrong."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Home is the day's work."""
    return redirect("/my-day")


def not_here(request: HttpRequest) -> HttpResponse:
    """An address that a library would answer and we do not."""
    raise Http404


@login_required
def to_security(request: HttpRequest) -> HttpResponse:
    """On to the page of sign-in and security."""
    return redirect("/settings/security")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or stale: say so and how to go on; `reason` is for the log."""
    return render(request, "web/csrf.html", status=403)
