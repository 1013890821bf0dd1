"""The pages that strangers open: no sign-in, a small body, few calls, and one answer for every link
that does not work."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext, override
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from vinculo.kernel.errors import NotFound
from vinculo.kernel.ids import token_digest
from vinculo.parties.confirming.links import GONE, find_link
from vinculo.platform import installation
from vinculo.platform.formats import Styles, written_as
from vinculo.platform.rates import buckets

View = Callable[..., HttpResponse]

#: Calls a minute of one link, at most: people fill in a form, they do not try.
OF_A_LINK = 12
#: More than every field of a page filled to its brim; bytes.
BIGGEST_BODY = 256 * 1024
#: Networks of this many bits are one caller: whoever has one IPv6 address has as many.
NETWORK = 64


@dataclass(frozen=True)
class Door:
    """A way in for whoever has a token in an address: how it is found, and how often it may be called.

    What `find` gives has a `language`; it raises NotFound for every token that does not work.
    """

    #: Of its buckets, so that the calls of one door are not counted at another.
    name: str
    find: Callable[[str], Any]
    #: Calls a minute of one token, at most.
    calls: Callable[[], int]
    #: Bytes that may be sent.
    biggest: int = BIGGEST_BODY
    #: Whether a form's token is asked for: not where other sites send forms here, which `view` allows.
    asks_token: bool = True
    #: Told of what was sent and came no further: (token, "too_big" or "too_often").
    refused: Callable[[str, str], None] = lambda token, why: None

    def opens(self, view: View) -> View:
        """A view `(request, found, token)` of whoever holds the token; nobody is signed in to it.

        The form's token is asked for only once the body is known to be small. Other inputs of the
        browser (session, notation, language of a colleague) do not count.
        """
        inner = csrf_protect(self._finding(view)) if self.asks_token else self._finding(view)

        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            request.user = AnonymousUser()
            with override(chosen_language(request)), written_as(Styles()):
                if not _is_small(request, self.biggest):
                    self._tell(request, token, "too_big")
                    return refused(request, 413, gettext("This is too much text. Write less."))
                of_caller = f"{self.name}:{caller(request)}"
                if buckets.take(of_caller, settings.VINCULO_CONFIRM_RATE).wait:
                    self._tell(request, token, "too_often")
                    return too_often(request)
                return inner(request, token)

        return guarded

    def _finding(self, view: View) -> View:
        @functools.wraps(view)
        def run(request: HttpRequest, token: str) -> HttpResponse:
            try:
                found = self.find(token)
            except NotFound:
                return gone(request)
            if buckets.take(f"{self.name}:{token_digest(token)[:24]}", self.calls()).wait:
                self._tell(request, token, "too_often")
                return too_often(request)
            with override(chosen_language(request, found)):
                return guarded_headers(view(request, found, token))

        return run

    def _tell(self, request: HttpRequest, token: str, why: str) -> None:
        if request.method == "POST":  # a GET never writes
            self.refused(token, why)


def _calls_of_a_link() -> int:
    return min(OF_A_LINK, settings.VINCULO_CONFIRM_RATE)


#: The way to a customer's own data.
public = Door("confirm", find_link, _calls_of_a_link).opens


def chosen_language(request: HttpRequest, link: Any = None) -> str:
    """The language the reader has chosen on the page, else the link's, else the one in force."""
    asked = request.GET.get("lang", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return str(link.language) if link is not None else get_language() or settings.LANGUAGE_CODE


def caller(request: HttpRequest) -> str:
    """Who calls, as far as the network tells: an IPv4 address, or an IPv6 network."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> (128 - NETWORK) << (128 - NETWORK)))
    return str(address)


def _is_small(request: HttpRequest, biggest: int) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return str(length).isdecimal() and int(length) <= biggest


def gone(request: HttpRequest) -> HttpResponse:
    """The one answer to every link that does not work, whatever the reason."""
    return refused(request, 410, gettext(GONE))


def too_often(request: HttpRequest) -> HttpResponse:
    """Whoever calls too often waits a minute."""
    response = refused(request, 429, gettext("Too many calls. Wait a minute and try again."))
    response["Retry-After"] = "60"
    return response


def refused(request: HttpRequest, status: int, text: str) -> HttpResponse:
    """A page that says why there is nothing to see."""
    context = {"text": text, "languages": settings.LANGUAGES}
    return shown(request, "parties/confirming/over.html", context, status)


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page for strangers: under the name of the company, kept and found by nobody."""
    named = {**context, "our_name": installation.company_name() or "Vinculo"}
    response = guarded_headers(render(request, template, named, status=status))
    response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    return response


def guarded_headers(response: HttpResponse) -> HttpResponse:
    """The answer with what keeps it out of caches, search engines and other sites' logs.

    The referrer goes to our own site alone: without one, browsers do not say either that a form
    comes from us, and its token would not be believed.
    """
    add_never_cache_headers(response)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
