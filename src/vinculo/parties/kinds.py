"""Which kinds of contact points somebody may see and change: field rules hold for them too."""

from __future__ import annotations

from vinculo.parties.models import ContactKind, Party
from vinculo.platform.access import rights_of
from vinculo.platform.models import User

ADDRESS = ("street", "postal_code", "city", "region", "country")
#: The fields whose rules decide over a kind of contact point, the strictest of them: an address
#: shows all of its parts. No rule reaches social names.
RULED_BY: dict[str, tuple[str, ...]] = {
    "phone": ("phone",),
    "email": ("email",),
    "address": ADDRESS,
    "social": (),
}


def kinds_seen_by(user: User, party: Party) -> list[str]:
    """The kinds of contact points of this party that no rule hides from the user."""
    return _kinds(user, party, ("hidden",))


def kinds_changed_by(user: User, party: Party) -> list[str]:
    """The kinds that no rule hides from the user or lets them only read."""
    return _kinds(user, party, ("hidden", "readonly"))


def _kinds(user: User, party: Party, forbidding: tuple[str, ...]) -> list[str]:
    rights = rights_of(user)
    key = f"parties.{party.kind}"
    return [
        kind
        for kind in ContactKind.values
        if not any(rights.field_rule(key, name) in forbidding for name in RULED_BY[kind])
    ]
