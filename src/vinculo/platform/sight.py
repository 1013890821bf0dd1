"""Who can see a record, and why: asked through the one door itself, for everybody at once.

Whether somebody sees the record is what `visible_condition` answers, the same condition that every
page starts from; the words say which of their roles, teams or duties lets them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When

from vinculo.platform.access import Rights, Scope, combine, visible_condition
from vinculo.platform.models import Membership, Role, RoleAssignment, Team, User

#: Colleagues asked about in one query.
AT_ONCE = 20
ASKED = ("view", "edit")


@dataclass(frozen=True)
class Because:
    """One reason: `how` is owner, administrator, team, all or own; with the role that gives it."""

    how: str
    role: str = ""
    team: str = ""


@dataclass
class Seer:
    """A colleague who can see a record, why, what they may do with it, what is hidden from them."""

    user: User
    reasons: list[Because] = field(default_factory=list)
    may_edit: bool = False
    administrator: bool = False
    owner: bool = False
    hidden: tuple[str, ...] = ()


@dataclass
class Colleague:
    """Somebody who may sign in, with their roles and the rights these add up to."""

    user: User
    roles: list[Role]
    rights: Rights


def who_can_see(record: models.Model, key: str) -> list[Seer]:
    """Every active colleague who can see `record` of the type `key`: its owner first, then who
    sees it by their team or role, administrators last."""
    everybody = colleagues()
    teams = dict(Team.objects.values_list("pk", "name"))
    seers = []
    for colleague, sees, edits in _answers(record, everybody):
        if not sees:
            continue
        rights = colleague.rights
        owner = getattr(record, "owner_id", None) == colleague.user.pk
        hidden = tuple(
            name
            for name in rights.field_rules.get(key, {})
            if rights.field_rule(key, name) == "hidden"
        )
        reasons = reasons_of(colleague, record, key, teams)
        seers.append(Seer(colleague.user, reasons, edits, rights.administrator, owner, hidden))
    return sorted(seers, key=lambda one: (not one.owner, one.administrator, one.user.name))


def _answers(
    record: models.Model, everybody: list[Colleague]
) -> Iterator[tuple[Colleague, bool, bool]]:
    """What the door says about this one row, for each colleague; twenty to a query."""
    model = type(record)
    for start in range(0, len(everybody), AT_ONCE):
        some = everybody[start : start + AT_ONCE]
        asked = {
            f"{verb}_{at}": _whether(visible_condition(model, colleague.user, verb))
            for at, colleague in enumerate(some)
            for verb in ASKED
        }
        rows = model._base_manager.filter(pk=record.pk).annotate(**asked)
        answer = rows.values(*asked).first()
        for at, colleague in enumerate(some):
            if answer is not None:
                yield colleague, bool(answer[f"view_{at}"]), bool(answer[f"edit_{at}"])


def _whether(condition: Q | None) -> Any:
    if condition is None:
        return Value(True, output_field=BooleanField())
    yes, no = Value(True), Value(False)
    return Case(When(condition, then=yes), default=no, output_field=BooleanField())


def reasons_of(colleague: Colleague, record: Any, key: str, teams: dict[int, str]) -> list[Because]:
    """By which role, team or duty somebody reaches the record; they do reach it."""
    found = []
    owner, team = getattr(record, "owner_id", None), getattr(record, "team_id", None)
    for role in colleague.roles:
        scope = Scope.named(role.grants.get(key, {}).get("view", "none"))
        if role.administrator:
            found.append(Because("administrator", role.title))
        elif scope is Scope.ALL:
            found.append(Because("all", role.title))
        elif scope is Scope.TEAM and team in colleague.rights.team_ids:
            found.append(Because("team", role.title, teams.get(team, "")))
        elif scope is not Scope.NONE and owner == colleague.user.pk:
            found.append(Because("own", role.title))
    return found


def colleagues(only: int | None = None) -> list[Colleague]:
    """Everybody who may sign in (or only the user with this number), with what they may; a fixed
    number of queries, however many they are."""
    roles: dict[int, list[Role]] = defaultdict(list)
    for assignment in RoleAssignment.objects.select_related("role").order_by("role__name"):
        roles[assignment.user_id].append(assignment.role)
    below = _teams_below()
    found = []
    users = User.objects.filter(is_active=True)
    for user in users.filter(pk=only) if only is not None else users:
        held = roles[user.pk]
        rights = combine(user.pk, below[user.pk], held)
        user._rights = rights
        found.append(Colleague(user, held, rights))
    return found


def _teams_below() -> dict[int, set[int]]:
    """User → the teams they work in and all below them."""
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
    return teams
