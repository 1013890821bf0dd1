"""Addresses of a module that is off answer 404; an administrator is told where it is switched on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from vinculo.kernel.errors import NotFound, _
from vinculo.platform import versions
from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.modules.declared import modules_of_route
from vinculo.platform.modules.known import route_is_on
from vinculo.platform.refusals import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]


class ModulesMiddleware:
    """Asks before every page whether its module is on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse, where it is off. The API asks by itself, once it knows who calls."""
        match = request.resolver_match
        if match is None or not modules_of_route(match.route) or getattr(view, "is_api", False):
            return None
        if isinstance(request.user, User):
            rights_of(request.user)  # which the page asks for anyway; it says what is on
        else:
            versions.ask()
        try:
            refuse_where_off(request)
        except NotFound as refusal:
            return refusal_response(request, refusal)
        return None


def refuse_where_off(request: HttpRequest) -> None:
    """NotFound where the address belongs to a module that is off."""
    match = request.resolver_match
    if match is None or route_is_on(match.route):
        return
    user: Any = request.user
    if user.is_authenticated and rights_of(user).administrator:
        raise NotFound(_("This part is switched off. Switch it on under Settings → Modules."))
    raise NotFound(_("This is no longer there, or you may not see it."))
