"""Ways in beside the sign-in page: one-time links, demo personas, and the language before it."""

from urllib.parse import urlsplit

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vinculo.kernel.errors import NotFound
from vinculo.platform.firststeps import accept_link, demo_persona, find_link
from vinculo.platform.forms import WelcomeForm
from vinculo.platform.models import User
from vinculo.platform.people_actions import save_profile
from vinculo.platform.refusals import sentence
from vinculo.platform.views.common import signed_in, submit

LANGUAGE_LASTS = 365 * 24 * 3600  # seconds


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind a one-time link: name, password, language; then signed in."""
    try:
        link = find_link(secret)
    except NotFound as refusal:
        return _gone(request, sentence(refusal))
    invited: User | None = link.user
    initial = {"language": translation.get_language()}
    if invited is not None:
        initial.update(name=invited.name, email=invited.email)
        initial["language"] = invited.language or initial["language"]
    form = WelcomeForm(request.POST or None, initial=initial)
    if invited is not None:
        form.fields["email"].disabled = True
    if request.method == "POST":
        ok, user = submit(form, lambda: accept_link(actor=None, secret=secret, **form.cleaned_data))
        if ok:
            return _sign_in(request, user)
    context = {"form": form, "invited": invited}
    return render(request, "account/welcome.html", context, status=422 if form.errors else 200)


def _gone(request: HttpRequest, text: str) -> HttpResponse:
    context = {
        "error_code": "410",
        "error_title": _("This link does not work"),
        "error_text": text,
    }
    return render(request, "web/error.html", context, status=410)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    return perform_login(request, Login(user=user, redirect_url="/"))


@require_POST
def enter_demo(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign in as a demo persona; refused outside a demo."""
    persona = demo_persona(user_id)
    if request.user.is_authenticated:
        logout(request)
    return _sign_in(request, persona)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that asked: pages do not repeat their address, which may hold what was
    typed into a filter."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of this browser; of the reader too, where somebody has signed in."""
    code = request.POST.get("language", "")
    target = request.POST.get("next") or _came_from(request)
    if not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    response = HttpResponseRedirect(target)
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            user = signed_in(request)
            save_profile(
                actor=user,
                name=user.name,
                language=code,
                time_zone=user.time_zone,
                date_style=user.date_style,
                number_style=user.number_style,
            )
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=LANGUAGE_LASTS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
