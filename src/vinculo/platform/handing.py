"""To whom somebody may give a record: to people and teams within their own reach.

The re-check after a save says that the actor still reaches the record. That alone would let them
show it to anybody: a second column (the team of a record they own, the owner of one in their team)
opens it to people whom they have no say about.
"""

from typing import TYPE_CHECKING

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform.access import Rights, Scope, rights_of
from vinculo.platform.models import Membership

if TYPE_CHECKING:
    from vinculo.platform.models import User

#: (owner's id, team's id) of a record; None where it has none.
Belongs = tuple[int | None, int | None]


def guard_handing(
    actor: "User", entity_key: str, verb: str, now: Belongs, before: Belongs = (None, None)
) -> None:
    """Refuse an owner or a team that `actor` may not give records of this type to; what stays as
    it was is nobody's gift. Raises NotAllowed on the field `owner` or `team`."""
    rights = rights_of(actor)
    scope = rights.scope(entity_key, verb)
    if scope is Scope.ALL:
        return
    (owner, team), (old_owner, old_team) = now, before
    if owner and owner not in (old_owner, actor.pk) and not _colleague(actor, rights, scope, owner):
        raise NotAllowed(_("You can give this only to people in your teams."), "owner")
    if team not in (None, old_team) and team not in rights.team_ids:
        raise NotAllowed(_("You can give this only to teams you work in or lead."), "team")


def may_give(actor: "User", entity_key: str, owner: "User") -> bool:
    """Whether `actor` may make a new record of this type somebody's who still works here."""
    try:
        guard_handing(actor, entity_key, "add", (owner.pk, None))
    except NotAllowed:
        return False
    return owner.is_active


def _colleague(actor: "User", rights: Rights, scope: Scope, owner: int) -> bool:
    """Whether `owner` works in one of the teams that the actor's right reaches."""
    if scope is not Scope.TEAM:
        return False
    known: dict[int, bool] = actor.__dict__.setdefault("_colleagues", {})
    if owner not in known:
        mine = Membership.objects.filter(user_id=owner, team_id__in=rights.team_ids)
        known[owner] = mine.exists()
    return known[owner]
