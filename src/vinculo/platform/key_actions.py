"""API keys: made with a role and an end, shown once, revoked at any time."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, connections, models
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.kernel.ids import token, token_digest
from vinculo.platform import versions
from vinculo.platform.access import combine, rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import ApiKey, Role, User

START = "vin_"
LONGEST = 366  # days
#: `last_used_at` is right to within so many seconds: not every call of a program is a write.
USED_WITHIN = 3600


@action("platform.create_api_key", label=gettext_lazy("Create an API key"), granted=False)
def create_api_key(
    *, actor: User, name: str, role: Role, days: int, rate: int | None = None
) -> tuple[ApiKey, str]:
    """A key that acts for `actor`, narrowed to `role`, for so many days and at most `rate` calls
    a minute (None: as the installation allows); returns it with its secret, which is kept nowhere.
    Refuses a role that the person does not have, and only administrators lift the limit."""
    if not 1 <= days <= LONGEST:
        raise DomainError(_("A key lasts between 1 and %(most)s days."), "days", most=LONGEST)
    if not may_carry(actor, role):
        raise NotAllowed(_("A key can only carry a role that you have yourself."), "role")
    usual = usual_rate()
    above = rate is not None and usual and (rate == 0 or rate > usual)
    if above and not rights_of(actor).administrator:
        raise NotAllowed(
            _("Only an administrator can allow a key more than %(most)s calls a minute."),
            "rate",
            most=usual,
        )
    secret = START + token(30)
    key = ApiKey.objects.create(
        name=name.strip(),
        user=actor,
        role=role,
        start=secret[:10],
        digest=token_digest(secret),
        expires_at=now() + timedelta(days=days),
        rate=rate,
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


def usual_rate() -> int:
    """Calls per minute that a key or person without a limit of their own may make; 0: any."""
    return int(getattr(settings, "VINCULO_API_RATE", 600))


@dataclass(frozen=True)
class Holder:
    """Who calls with a key: the user it acts for, narrowed to its role, and its own limit."""

    user: User
    key_id: int
    rate: int | None


def user_of_key(secret: str) -> User | None:
    """The user a program with this key acts for; None for a key that does not open anything."""
    holder = holder_of_key(secret)
    return holder.user if holder is not None else None


def holder_of_key(secret: str) -> Holder | None:
    """Who calls with this key, narrowed to the key's role; None for a key that is wrong, expired,
    revoked, or whose owner left or no longer has the role."""
    users, roles = _columns(User), _columns(Role)
    with connection.cursor() as cursor:
        cursor.execute(_key_query(), {"digest": token_digest(secret), "at": now()})
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, last_used_at, rate, main_team_id, team_ids, version, *rest = row
    versions.told(version)
    _note_use(key_id, last_used_at)
    user = User.from_db("default", users, rest[: len(users)])
    role_values = rest[len(users) :]
    role = Role.from_db(
        "default",
        roles,
        [
            json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value
            for name, value in zip(roles, role_values, strict=True)
        ],
    )
    user._roles = [role]  # type: ignore[attr-defined]
    user._rights = combine(user.pk, team_ids, [role])  # type: ignore[attr-defined]
    user._main_team_id = main_team_id  # type: ignore[attr-defined]
    return Holder(user, key_id, rate)


JSON_COLUMNS = ("grants", "actions", "field_rules")

# One question, because every call of a program asks it: the key, its user, its role, and the teams
# below the user's. The role must still be one that the user has (`may_carry`).
KEY = """
SELECT k.id, k.last_used_at, k.rate, (
        SELECT team_id FROM platform_membership WHERE user_id = u.id ORDER BY main DESC, id LIMIT 1
    ),
    ARRAY(
        WITH RECURSIVE below AS (
            SELECT team_id AS id FROM platform_membership WHERE user_id = u.id
            UNION
            SELECT team.id FROM platform_team team JOIN below ON team.parent_id = below.id
        )
        SELECT id FROM below
    ), {version}, {users}, {roles}
FROM platform_apikey k
JOIN platform_user u ON u.id = k.user_id
JOIN platform_role r ON r.id = k.role_id
WHERE k.digest = %(digest)s AND k.revoked_at IS NULL AND k.expires_at > %(at)s AND u.is_active
AND EXISTS (
    SELECT FROM platform_roleassignment held JOIN platform_role own ON own.id = held.role_id
    WHERE held.user_id = u.id AND (held.role_id = k.role_id OR own.administrator)
)
"""


@lru_cache(maxsize=1)
def _key_query() -> str:
    return KEY.format(
        version=versions.version_sql(),
        users=", ".join(f'u."{name}"' for name in _columns(User)),
        roles=", ".join(f'r."{name}"' for name in _columns(Role)),
    )


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _note_use(key_id: int, last_used_at: datetime | None) -> None:
    """Beside the request, which may be a reading one: those never write."""
    instant = now()
    if last_used_at and (instant - last_used_at).total_seconds() < USED_WITHIN:
        return
    beside = connections["default"].copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE platform_apikey SET last_used_at = %s WHERE id = %s", [instant, key_id]
            )
    finally:
        beside.close()
