"""One's own settings: profile, security and sessions, API keys."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.platform.access import rights_of
from vinculo.platform.administration import end_sessions
from vinculo.platform.forms import KeyForm, ProfileForm
from vinculo.platform.key_actions import create_api_key, revoke_api_key
from vinculo.platform.models import ApiKey, Role
from vinculo.platform.people_actions import save_profile
from vinculo.platform.views.common import done, found, saved, show, signed_in, submit


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Settings begin with the profile."""
    return HttpResponseRedirect("/settings/profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone and formats."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST":
        ok, _user = submit(form, lambda: save_profile(actor=user, **form.cleaned_data))
        if ok:
            return done(request, request.path, saved())
        user.refresh_from_db()
    return show(
        request, "platform/profile.html", "profile", {"form": form}, 422 if form.errors else 200
    )


@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, passkeys, and where one is signed in."""
    user = signed_in(request)
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    sessions = UserSession.objects.filter(user=user).order_by("-created_at")
    alive = [session for session in sessions if session.exists()]
    context = {
        "totp": Authenticator.Type.TOTP in kinds,
        "recovery": Authenticator.Type.RECOVERY_CODES in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "sessions": alive,
        "current": request.session.session_key,
    }
    return show(request, "platform/security.html", "security", context)


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one other computer."""
    mine = UserSession.objects.filter(user=signed_in(request), pk=session_id).first()
    found(mine).end()
    return done(request, "/settings/security", _("Signed out there."))


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here; sessions nobody kept a note of end too."""
    user = signed_in(request)
    end_sessions(user, keep=request.session.session_key or "")
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    update_session_auth_hash(request, user)
    end_sessions(user, keep=request.session.session_key or "")
    UserSession.objects.create_from_request(request)
    return done(request, "/settings/security", _("Signed out everywhere else."))


@login_required
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys one may see: one's own, for administrators everybody's."""
    visible = ApiKey.objects.visible_to(signed_in(request)).select_related("user", "role")
    return show(request, "platform/keys.html", "keys", {"keys": visible, "at": now()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret is shown on the page that answers, and never again."""
    user = signed_in(request)
    roles = Role.objects.all()
    if not rights_of(user).administrator:
        roles = roles.filter(assignments__user=user)
    form = KeyForm(request.POST or None, roles=roles)
    if request.method == "POST":
        ok, made = submit(form, lambda: create_api_key(actor=user, **form.cleaned_data))
        if ok:
            key, secret = made
            context = {"key": key, "secret": secret}
            return show(request, "platform/key_made.html", "keys", context)
    return show(
        request, "platform/key_new.html", "keys", {"form": form}, 422 if form.errors else 200
    )


@login_required
@require_POST
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key now."""
    user = signed_in(request)
    key = found(ApiKey.objects.visible_to(user).filter(pk=key_id).first())
    revoke_api_key(actor=user, key=key)
    return done(request, "/settings/keys", _("The key no longer works."))
