"""How the first people come in: a one-time link, and in a demo one click."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, NotAllowed, NotFound, _
from vinculo.kernel.ids import token, token_digest
from vinculo.platform import installation
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators, hold_rights
from vinculo.platform.mail import address_of
from vinculo.platform.models import FirstLink, Role, RoleAssignment, User

FIRST_LINK_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
_GONE = _("This link was used already, or is too old. Ask an administrator for a new one.")


def first_admin_link() -> str:
    """A fresh one-time link to become the first administrator; "" once there is one, or in a demo.

    Earlier links that nobody used end with it, so that only the newest line on the console works.
    """
    if installation.is_demo() or administrators():
        return ""
    with transaction.atomic():
        FirstLink.objects.filter(user__isnull=True, used_at__isnull=True).delete()
        return _new_link(None, FIRST_LINK_LASTS)


def invitation_link(user: User) -> str:
    """A fresh one-time link by which `user` chooses a password; earlier ones end with it."""
    FirstLink.objects.filter(user=user, used_at__isnull=True).delete()
    return _new_link(user, INVITATION_LASTS)


def another_link(user: User) -> str:
    """One more link for an invited person, for the mail; using one ends the others."""
    return _new_link(user, INVITATION_LASTS)


def _new_link(user: User | None, lasts: timedelta) -> str:
    secret = token(24)
    FirstLink.objects.create(user=user, digest=token_digest(secret), expires_at=now() + lasts)
    return address_of(f"/welcome/{secret}")


def find_link(secret: str) -> FirstLink:
    """The unused link with this secret; NotFound when it was used, is too old or never was."""
    link = (
        FirstLink.objects.select_related("user")
        .filter(digest=token_digest(secret), used_at__isnull=True, expires_at__gt=now())
        .first()
    )
    if link is None or (link.user is not None and not link.user.is_active):
        raise NotFound(_GONE)
    if link.user is None and administrators():
        raise NotFound(_GONE)
    return link


@action("platform.accept_link", label=gettext_lazy("Accept an invitation"), granted=False)
def accept_link(
    *,
    actor: User | None,
    secret: str,
    name: str,
    email: str,
    password: str,
    language: str,
    time_zone: str,
) -> User:
    """Use a one-time link: become the first administrator, or finish an invitation.

    An invited person keeps the address the invitation went to. Raises NotFound for a used link.
    """
    hold_rights()
    link = FirstLink.objects.select_for_update().get(pk=find_link(secret).pk)
    if link.used_at is not None:
        raise NotFound(_GONE)
    user = link.user or User(email=email.strip().lower())
    if link.user is None and User.objects.filter(email__iexact=email.strip()).exists():
        raise Conflict(_("There is already a user with this e-mail address."), "email")
    user.name, user.language, user.time_zone = name.strip(), language, time_zone
    user.set_password(password)
    user.save()
    if link.user is None:
        RoleAssignment.objects.create(user=user, role=_administrator_role())
    FirstLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now())
    link.used_at, link.user = now(), user
    link.save(update_fields=["used_at", "user"])
    return user


def _administrator_role() -> Role:
    found = Role.objects.filter(administrator=True).order_by("pk").first()
    return found or Role.objects.create(name="Administrator", administrator=True)


def demo_personas() -> list[User]:
    """The people a visitor of a demo may sign in as; nobody in a real installation."""
    if not installation.is_demo():
        return []
    found: Any = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    return list(found.prefetch_related("role_assignments__role", "memberships__team"))


def demo_persona(user_id: int) -> User:
    """One of them; NotAllowed where there is no demo, NotFound for anybody else."""
    if not installation.is_demo():
        raise NotAllowed(_("This is not a demo: sign in with your e-mail address and password."))
    for persona in demo_personas():
        if persona.pk == user_id:
            return persona
    raise NotFound(_("There is no such demo persona."))
