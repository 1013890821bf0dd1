"""Which contact points and relations somebody may see and change: field rules hold for them too."""

from __future__ import annotations

from vinculo.parties.models import ContactKind
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


def kinds_seen_by(user: User, kind: str) -> list[str]:
    """The kinds of contact points of a company or person that no rule hides from the user."""
    return _kinds(user, kind, ("hidden",))


def kinds_changed_by(user: User, kind: str) -> list[str]:
    """The kinds that no rule hides from the user or lets them only read."""
    return _kinds(user, kind, ("hidden", "readonly"))


def places_seen_by(user: User) -> bool:
    """Whether the user may know in which company a person works: a person's `company` says it, and
    so does every relation."""
    return rights_of(user).field_rule("parties.person", "company") != "hidden"


def titles_seen_by(user: User) -> bool:
    """Whether the user may know as what: the job title of a relation is that of the person."""
    return rights_of(user).field_rule("parties.person", "job_title") != "hidden"


def titles_changed_by(user: User) -> bool:
    """Whether no rule hides job titles from the user or lets them only read."""
    return not rights_of(user).field_rule("parties.person", "job_title")


def _kinds(user: User, party_kind: str, forbidding: tuple[str, ...]) -> list[str]:
    rights = rights_of(user)
    key = f"parties.{party_kind}"
    return [
        kind
        for kind in ContactKind.values
        if not any(rights.field_rule(key, name) in forbidding for name in RULED_BY[kind])
    ]
