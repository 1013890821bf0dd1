"""View as: an administrator looks at Vinculo through a colleague's eyes, without being them.

Lists, fields and counts are the colleague's; nothing can be written; what is the colleague's alone
(notifications, drafts, sessions, keys) is not shown; it ends by itself after half an hour. That it
began and ended stands in the journal, and every record opened meanwhile is noted as the
administrator's (`access_events`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform.access import eyes_only, rights_of
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only, is_administrator
from vinculo.platform.models import User
from vinculo.platform.readonly import SAFE, reading_only
from vinculo.platform.refusals import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]

LASTS = timedelta(minutes=30)
SESSION = "viewing_as"
END = "/viewing-as/end"
#: Pages that are about the colleague's own account.
OWN_PAGES = ("/settings/security", "/settings/keys", "/accounts/")
#: Reached as oneself: ending it, and leaving altogether.
AS_ONESELF = (END, "/accounts/logout/")


@action("platform.view_as", label=gettext_lazy("Look through a colleague's eyes"), granted=False)
def view_as(*, actor: User, user: User) -> datetime:
    """Note that `actor` begins to look as `user`; returns until when. Refuses people who may not
    sign in, oneself, and administrators, who see no less."""
    administrators_only(actor)
    if getattr(actor, "viewed_by", None) is not None:
        raise NotAllowed(_("You already look through somebody's eyes. End that first."))
    if user.pk == actor.pk or is_administrator(user):
        raise DomainError(_("%(name)s sees everything, as you do."), name=user.name)
    if not user.is_active:
        raise DomainError(_("%(name)s may not sign in. Let them first."), name=user.name)
    return now() + LASTS


@action("platform.end_view_as", label=gettext_lazy("Back to one's own eyes"), granted=False)
def end_view_as(*, actor: User, user: User) -> None:
    """Note that `actor` looks as `user` no more."""
    administrators_only(actor)


def begin(request: HttpRequest, user: User, until: datetime) -> None:
    """From the next request on, this session looks as `user`."""
    request.session[SESSION] = {"user": user.pk, "until": until.isoformat()}


def end(request: HttpRequest) -> User | None:
    """This session looks with its own eyes again; returns as whom it looked."""
    kept = request.session.pop(SESSION, None)
    return User.objects.filter(pk=kept["user"]).first() if kept else None


def as_themselves(user: User) -> User:
    """The reader with the rights they have when nobody looks through their eyes."""
    looked_at = getattr(user, "viewed_by", None) is not None
    return User.objects.get(pk=user.pk) if looked_at else user


class ViewingAsMiddleware:
    """Puts the colleague in the administrator's place, for reading only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.session.get(SESSION) if request.user.is_authenticated else None
        if not kept or request.path in AS_ONESELF:
            return self.get_response(request)
        looked_at = _seen_as(request, kept)
        if looked_at is None:
            return _over(request)
        behind = request.user
        looked_at.viewed_by = behind  # type: ignore[attr-defined]
        looked_at._rights = eyes_only(rights_of(looked_at))  # type: ignore[attr-defined]
        request.user = looked_at
        refusal = _refusal(request)
        if refusal is not None:
            return refusal_response(request, refusal)
        guard: AbstractContextManager[None] = reading_only()
        with guard:
            return self.get_response(request)


def _seen_as(request: HttpRequest, kept: dict[str, str]) -> User | None:
    """The colleague, while it lasts and both may still do it."""
    behind = request.user
    if not isinstance(behind, User) or datetime.fromisoformat(kept["until"]) <= now():
        return None
    if not rights_of(behind).administrator:
        return None
    found: User | None = User.objects.filter(pk=kept["user"], is_active=True).first()
    return None if found is None or is_administrator(found) else found


def _refusal(request: HttpRequest) -> DomainError | None:
    if request.method not in SAFE:
        return NotAllowed(_("You look through somebody else's eyes: nothing can be changed."))
    if request.path.startswith(OWN_PAGES):
        return NotAllowed(_("Sessions, keys and sign-in of a colleague are theirs alone."))
    return None


def _over(request: HttpRequest) -> HttpResponse:
    """Whatever was asked for is not done: it was meant with other eyes."""
    end(request)
    messages.info(request, gettext("You see with your own eyes again: the half hour is over."))
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = "/"
        return response
    return HttpResponseRedirect("/")
