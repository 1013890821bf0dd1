"""Who can see a record, and why: the same rights that the one door compiles to SQL, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vinculo.parties.models import Party
from vinculo.platform.access import Rights, Scope, combine
from vinculo.platform.models import Membership, RoleAssignment, Team, User

REASONS: dict[str, Promise] = {
    "owner": _("Owner"),
    "team": _("Team"),
    "all": _("May see all records"),
    "administrator": _("Administrator"),
}


@dataclass(frozen=True, slots=True)
class Seer:
    """A colleague who can see a record, why, and whether they may change it."""

    user: User
    reason: Promise
    may_edit: bool


def who_can_see(party: Party) -> list[Seer]:
    """Every active colleague who can see `party`, the owner first; five queries."""
    seers = []
    key = f"parties.{party.kind}"
    for user, rights in _rights_of_everyone():
        reason = _reason(rights, party, key, "view")
        if reason:
            may_edit = bool(_reason(rights, party, key, "edit"))
            seers.append((list(REASONS).index(reason), Seer(user, REASONS[reason], may_edit)))
    ordered = sorted(seers, key=lambda ranked: (ranked[0], ranked[1].user.name))
    return [seer for _rank, seer in ordered]


def _reason(rights: Rights, party: Party, key: str, verb: str) -> str:
    """The narrowest reason why these rights reach the party, "" when they do not."""
    scope = rights.scope(key, verb)
    if scope is Scope.NONE:
        return ""
    if party.owner_id == rights.user_id:
        return "owner"
    if rights.administrator:
        return "administrator"
    if scope >= Scope.TEAM and party.team_id in rights.team_ids:
        return "team"
    return "all" if scope is Scope.ALL else ""


def _rights_of_everyone() -> list[tuple[User, Rights]]:
    roles = defaultdict(list)
    for assignment in RoleAssignment.objects.select_related("role"):
        roles[assignment.user_id].append(assignment.role)
    children = defaultdict(list)
    for team_id, parent_id in Team.objects.values_list("pk", "parent_id"):
        children[parent_id].append(team_id)
    teams: dict[int, set[int]] = defaultdict(set)
    for user_id, team_id in Membership.objects.values_list("user_id", "team_id"):
        waiting = [team_id]
        while waiting:
            found = waiting.pop()
            if found not in teams[user_id]:
                teams[user_id].add(found)
                waiting += children[found]
    return [
        (user, combine(user.pk, teams[user.pk], roles[user.pk]))
        for user in User.objects.filter(is_active=True)
    ]
