"""What strangers see of a web form, on our own page or in a frame of a site that may show it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.parties.confirming import door
from vinculo.platform.refusals import sentence
from vinculo.sales.webforms.asking import TRAP, UTM, StrangersForm, utm_word
from vinculo.sales.webforms.counting import note
from vinculo.sales.webforms.models import WebForm, What
from vinculo.sales.webforms.taking import take_submission

LONGEST_TOKEN = 40
#: A form of a busy site is called by many at once.
CALLS = 600
BIGGEST_BODY = 64 * 1024


def find_form(token: str) -> WebForm:
    """The form of this address; NotFound for every one that does not work, whatever the reason."""
    rows = WebForm.objects.filter(is_active=True, token=token).select_related("owner")
    said = token.isascii() and token.isprintable() and len(token) <= LONGEST_TOKEN
    form = rows.first() if said else None
    if form is None:
        raise NotFound(_("There is no such form any more."))
    return form


def _calls() -> int:
    return CALLS if settings.VINCULO_CONFIRM_RATE else 0


DOOR = door.Door(
    "webform", find_form, _calls, biggest=BIGGEST_BODY, asks_token=False, refused=note
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@DOOR.opens
def fill_in(request: HttpRequest, form: WebForm, token: str) -> HttpResponse:
    """The form; POST takes it, from our own page or from a site that may send it."""
    language = get_language() or form.language
    if request.method != "POST":
        found = StrangersForm(form, language)
        found.initial = {name: utm_word(request.GET.get(name)) for name in UTM}
        return _page(request, form, found)
    if not _may_send(request, form):
        note(token, What.SITE)
        text = gettext("This site may not send the form.")
        return _framed(door.refused(request, 403, text), form)
    sent = StrangersForm(form, language, request.POST)
    if request.POST.get(TRAP):
        note(token, What.ROBOT)
        return _thanks(form, language)  # nobody is told what gave them away
    if sent.is_valid():
        try:
            made = take_submission(
                actor=None, form=form, values=sent.values(), utm=sent.utm(),
                consent=form.said("consent", language), address=door.caller(request),
                language=language,
            )  # fmt: skip
        except DomainError as refusal:
            field = refusal.field if refusal.field in sent.fields else None
            sent.add_error(field, sentence(refusal))
        else:
            note(token, What.STORED if made is not None else What.AGAIN)
            return _thanks(form, language)
    note(token, What.INVALID)
    return _page(request, form, sent, 422)


@require_POST
@DOOR.opens
def seen(request: HttpRequest, form: WebForm, token: str) -> HttpResponse:
    """The page says that somebody looks at it: a GET counts nothing."""
    if _may_send(request, form):
        note(token, What.SEEN)
    return HttpResponse(status=204)


@require_safe
@DOOR.opens
def thanks(request: HttpRequest, form: WebForm, token: str) -> HttpResponse:
    """After a form was sent in: the same for everybody."""
    language = get_language() or form.language
    context = {"text": form.said("thanks", language), "languages": ()}
    return _framed(door.shown(request, "sales/webforms/thanks.html", context), form)


def _page(
    request: HttpRequest, form: WebForm, filled: StrangersForm, status: int = 200
) -> HttpResponse:
    language = get_language() or form.language
    context: dict[str, Any] = {
        "form": filled,
        "trap": TRAP,
        "title": form.said("title", language) or gettext("Contact us"),
        "address": f"/f/{form.token}",
        "seen_url": "" if filled.is_bound else f"/f/{form.token}/seen",
        "languages": settings.LANGUAGES,
    }
    return _framed(door.shown(request, "sales/webforms/page.html", context, status), form)


def _thanks(form: WebForm, language: str) -> HttpResponse:
    url = form.redirect_url or f"/f/{form.token}/thanks?lang={language}"
    return _framed(HttpResponseRedirect(url), form)


def _framed(response: HttpResponse, form: WebForm) -> HttpResponse:
    """Let the form's sites, and no other, show the page in a frame; and let it be sent on."""
    policy: Any = response
    replaced = {"frame-ancestors": form.sites or ["'none'"]}
    if form.redirect_url:
        # Browsers hold where a form leads to against this, too.
        replaced["form-action"] = ["'self'", origin_of(form.redirect_url)]
    policy._csp_replace = replaced
    if form.sites:
        policy.xframe_options_exempt = True  # what it cannot say, the policy says
    return response


def _may_send(request: HttpRequest, form: WebForm) -> bool:
    """A browser says where a form comes from; what says nothing is no browser's form."""
    origin = request.headers.get("Origin", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return bool(origin) and origin in (ours, *form.sites)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
