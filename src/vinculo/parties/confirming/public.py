"""What a customer sees behind their link, and where their answer goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import DomainError, NotFound
from vinculo.parties.confirming import door
from vinculo.parties.confirming.answering import answer
from vinculo.parties.confirming.form import ConfirmForm
from vinculo.parties.confirming.links import note_opened
from vinculo.parties.confirming.models import ConfirmLink
from vinculo.platform.refusals import sentence

PAGE = "parties/confirming/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@door.public
def confirm(request: HttpRequest, link: ConfirmLink, token: str) -> HttpResponse:
    """Their own fields to look at; POST takes their answer, once."""
    form = ConfirmForm(link, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(actor=None, secret=token, corrected=form.corrected(), said=form.said())
        except NotFound:
            return door.gone(request)
        except DomainError as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, sentence(refusal)
            )
        else:
            return HttpResponseRedirect(f"/confirm/thanks?lang={get_language()}")
    context: dict[str, Any] = {
        "form": form,
        "party": link.party,
        "expires_at": link.expires_at,
        "languages": settings.LANGUAGES,
        "opened_url": "" if form.is_bound or link.opened_at else f"{request.path}/opened",
    }
    return door.shown(request, PAGE, context, 422 if form.errors else 200)


@require_POST
@door.public
def opened(request: HttpRequest, link: ConfirmLink, token: str) -> HttpResponse:
    """The page says that somebody looks at it: programs that only fetch links do not."""
    note_opened(actor=None, secret=token)
    return HttpResponse(status=204)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """After an answer: the same for everybody, and of nobody."""
    with override(door.chosen_language(request)):
        return door.shown(
            request, "parties/confirming/thanks.html", {"languages": settings.LANGUAGES}
        )
