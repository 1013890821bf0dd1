"""API keys: made with a role and an end, shown once, revoked at any time."""

from datetime import timedelta

from django.db import connections
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.kernel.ids import token, token_digest
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import ApiKey, Role, User

START = "vin_"
LONGEST = 366  # days
#: `last_used_at` is right to within so many seconds: not every call of a program is a write.
USED_WITHIN = 3600


@action("platform.create_api_key", label=gettext_lazy("Create an API key"), granted=False)
def create_api_key(*, actor: User, name: str, role: Role, days: int) -> tuple[ApiKey, str]:
    """A key that acts for `actor`, narrowed to `role`, for so many days; returns it with its
    secret, which is kept nowhere. Refuses a role that the person does not have themselves."""
    if not 1 <= days <= LONGEST:
        raise DomainError(_("A key lasts between 1 and %(most)s days."), "days", most=LONGEST)
    if not may_carry(actor, role):
        raise NotAllowed(_("A key can only carry a role that you have yourself."), "role")
    secret = START + token(30)
    key = ApiKey.objects.create(
        name=name.strip(),
        user=actor,
        role=role,
        start=secret[:10],
        digest=token_digest(secret),
        expires_at=now() + timedelta(days=days),
    )
    return key, secret


@action("platform.revoke_api_key", label=gettext_lazy("Revoke an API key"), granted=False)
def revoke_api_key(*, actor: User, key: ApiKey) -> ApiKey:
    """End a key now: one's own, or as an administrator anybody's."""
    if key.user_id != actor.pk and not rights_of(actor).administrator:
        raise NotAllowed(_("Only its owner or an administrator can revoke a key."))
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
    return key


def may_carry(user: User, role: Role) -> bool:
    """Whether a key of `user` may carry `role`: never more rights than the person has."""
    if rights_of(user).administrator:
        return True
    return user.role_assignments.filter(role=role).exists()


def user_of_key(secret: str) -> User | None:
    """The user a program with this key acts for, narrowed to the key's role; None for a key that
    is wrong, expired, revoked, or whose owner left or no longer has the role."""
    key = (
        ApiKey.objects.select_related("user", "role")
        .filter(digest=token_digest(secret), revoked_at__isnull=True, expires_at__gt=now())
        .first()
    )
    if key is None or not key.user.is_active or not may_carry(key.user, key.role):
        return None
    _note_use(key)
    user = key.user
    user.forget_rights()
    user._roles = [key.role]  # type: ignore[attr-defined]
    return user


def _note_use(key: ApiKey) -> None:
    """Beside the request, which may be a reading one: those never write."""
    instant = now()
    if key.last_used_at and (instant - key.last_used_at).total_seconds() < USED_WITHIN:
        return
    beside = connections["default"].copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE platform_apikey SET last_used_at = %s WHERE id = %s", [instant, key.pk]
            )
    finally:
        beside.close()
