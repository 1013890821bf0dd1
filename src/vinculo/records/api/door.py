"""The way into the API: who is calling, how often, by which method; and every refusal in one shape."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from vinculo.kernel.clock import zone_called
from vinculo.kernel.errors import DomainError
from vinculo.platform.access import rights_of
from vinculo.platform.errors import DatabaseAway, TookTooLong
from vinculo.platform.key_actions import Holder, holder_of_key, usual_rate
from vinculo.platform.models import User
from vinculo.platform.modules.guarding import refuse_where_off
from vinculo.platform.outages import database_is_away
from vinculo.platform.patience import took_too_long
from vinculo.platform.rates import buckets
from vinculo.platform.turns import turns
from vinculo.records.api.errors import ApiError, error_response, not_found, of_domain
from vinculo.records.api.idempotency import carry_out_once
from vinculo.records.views.common import Request

Handler = Callable[..., HttpResponse]

LONGEST_KEY = 200
READING = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("vinculo.api")


def endpoint(methods: Mapping[str, Handler]) -> Callable[..., HttpResponse]:
    """A view that lets callers in and hands each method to its handler."""
    allowed = [*methods, "HEAD", "OPTIONS"] if "GET" in methods else [*methods, "OPTIONS"]

    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        with ExitStack() as around:
            try:
                if request.method == "OPTIONS":
                    response = HttpResponse(status=204)
                    response["Allow"] = ", ".join(allowed)
                    return _private(response)
                caller, holder = identify(request, around)
                rights_of(caller.user)  # which says what is on, too
                refuse_where_off(caller)
                method = "GET" if request.method == "HEAD" else request.method or ""
                if method not in methods:
                    raise _wrong_method(allowed)
                handler = methods[method]
                if holder.startswith("key:"):  # a session has its turn already
                    around.enter_context(turns.one(caller.user.pk))
                answered = carry_out_once(caller, holder, lambda: handler(caller, **arguments))
                return _private(answered, _limits_of(request))
            except Exception as error:  # every refusal and every fault leaves in the one shape
                told = error_response(_as_api_error(request, error))
                return _private(told, _limits_of(request))

    answer.is_api = True  # type: ignore[attr-defined]
    return csrf_exempt(answer)


def _limits_of(request: HttpRequest) -> Mapping[str, str]:
    """The headers that tell how often the caller may call, once that is known."""
    found: Mapping[str, str] = getattr(request, "rate_headers", {})
    return found


def _private(response: HttpResponse, headers: Mapping[str, str] | None = None) -> HttpResponse:
    for name, value in (headers or {}).items():
        response[name] = value
    response["Cache-Control"] = "private, no-store"
    if response.status_code in (204, 304):
        del response["Content-Type"]
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    return response


def _wrong_method(allowed: list[str]) -> ApiError:
    return ApiError(
        405,
        "method_not_allowed",
        gettext("This address does not take this method."),
        headers={"Allow": ", ".join(allowed)},
    )


def _as_api_error(request: HttpRequest, error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, DomainError):
        return of_domain(error)
    if took_too_long(error):
        log.warning("A statement took too long: %s", request.path)
        return of_domain(TookTooLong())
    if database_is_away(error):
        return of_domain(DatabaseAway())
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, SuspiciousOperation):
        return ApiError(400, "bad_request", gettext("The request cannot be read."))
    log.error("A call of the API failed: %s", request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return ApiError(
        500, "server_error", gettext("Something went wrong here. Nothing was changed. Try again.")
    )


# --- who is calling ----------------------------------------------------------------------------


def identify(request: HttpRequest, around: ExitStack) -> tuple[Request, str]:
    """The request with the user it acts for, and the name of the key or person who calls;
    ApiError 401, 403 or 429.

    A key acts in its user's zone, and in their language where the caller named none; a session
    must prove by its token that our own page sent an unsafe call.
    """
    header = request.headers.get("Authorization", "")
    if header:
        holder = _by_key(header)
        user, name = holder.user, f"key:{holder.key_id}"
        allowed = usual_rate() if holder.rate is None else holder.rate
        _as_reader(user, request, around)
    else:
        user = _by_session(request)
        name, allowed = f"user:{user.pk}", usual_rate()
    _count(request, name, allowed)
    request.user = user
    return request, name  # type: ignore[return-value]


def _count(request: HttpRequest, name: str, allowed: int) -> None:
    """Take the call out of the caller's bucket; ApiError 429 when that is empty.

    The headers are those of draft-ietf-httpapi-ratelimit-headers.
    """
    taken = buckets.take(name, allowed)
    if allowed > 0:
        request.rate_headers = {  # type: ignore[attr-defined]
            "RateLimit-Policy": f'"calls";q={allowed};w=60',
            "RateLimit": f'"calls";r={taken.left};t={taken.full_in}',
        }
    if taken.wait:
        raise ApiError(
            429,
            "rate_limited",
            gettext("Too many calls. Wait a moment and try again."),
            headers={"Retry-After": str(taken.wait)},
        )


def _by_key(header: str) -> Holder:
    scheme, _space, secret = header.partition(" ")
    secret = secret.strip()
    holder = None
    if scheme.lower() == "bearer" and 0 < len(secret) <= LONGEST_KEY and secret.isascii():
        holder = holder_of_key(secret)
    if holder is None:
        raise _nobody(gettext("This key is not valid, has expired or was revoked."))
    return holder


def _by_session(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated or not user.is_active:
        raise _nobody(gettext("Sign in, or send a key: Authorization: Bearer <key>."))
    if request.method not in READING:
        _SameSite(_nothing).process_view(request, _nothing, (), {})
    return user


def _nobody(message: str) -> ApiError:
    headers = {"WWW-Authenticate": 'Bearer realm="Vinculo"'}
    return ApiError(401, "unauthenticated", message, headers=headers)


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _SameSite(CsrfViewMiddleware):
    """Django's own check of the token, refusing in our shape."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise ApiError(
            403, "csrf", gettext("The call has no valid X-CSRFToken header. Reload the page.")
        )


def _as_reader(user: User, request: HttpRequest, around: ExitStack) -> None:
    if user.language and "Accept-Language" not in request.headers:
        around.enter_context(translation.override(user.language))
    zone = zone_called(user.time_zone)
    if zone is not None:
        around.enter_context(timezone.override(zone))
