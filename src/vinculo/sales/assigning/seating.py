"""Who may be given leads today, read from the database in a handful of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Max
from django.utils import timezone

from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import Membership, Team, User
from vinculo.sales.assigning.choosing import Seat, Table, Wish
from vinculo.sales.assigning.models import Absence, AssignRule, Colleague, Given, Skill
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import ALIVE, Lead
from vinculo.sales.pipelines.models import Ends

KEY = "sales.lead"


def wishes_of(rules: Sequence[AssignRule]) -> list[Wish]:
    """The rules with the people whom they mean."""
    below = _people_below({rule.team_id for rule in rules if rule.team_id is not None})
    return [
        Wish(
            rule.pk,
            (rule.person_id,) if rule.person_id is not None else below[rule.team_id or 0],
            rule.way,
            rule.match,
        )
        for rule in rules
    ]


def _people_below(teams: set[int]) -> dict[int, tuple[int, ...]]:
    """The people who work in each team or below it."""
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, team_id in Membership.objects.values_list("user_id", "team_id"):
        above: int | None = team_id
        seen: set[int] = set()
        while above is not None and above not in seen:
            seen.add(above)
            if above in teams:
                found[above].add(user_id)
            above = parents.get(above)
    return defaultdict(tuple, {team: tuple(sorted(people)) for team, people in found.items()})


def table_for(wishes: Iterable[Wish], at: datetime, *, empty: bool = False) -> Table:
    """The seats of everybody whom the rules mean and who may have leads today; `empty` as if nobody
    had any yet (for a preview)."""
    wanted = {pk for wish in wishes for pk in wish.people}
    today = timezone.localdate(at)
    away = Absence.objects.filter(first__lte=today, last__gte=today).values("user_id")
    people = User.objects.filter(pk__in=wanted, is_active=True).exclude(pk__in=away)
    able = [one.pk for one in people if rights_of(one).scope(KEY) is not Scope.NONE]
    seats = {pk: Seat(pk) for pk in able}
    skills: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for user_id, kind, value in Skill.objects.filter(user__in=able).values_list(
        "user_id", "kind", "value"
    ):
        skills[user_id].add((kind, value))
    for pk, seat in seats.items():
        seat.skills = frozenset(skills[pk])
    if not empty:
        _as_they_stand(seats)
    return Table(seats.values())


def _as_they_stand(seats: dict[int, Seat]) -> None:
    """Loads, capacities and turns."""
    leads = Lead.objects.filter(owner__in=seats, status__in=ALIVE).values("owner")
    for owner, count in leads.annotate(n=Count("pk")).values_list("owner", "n"):
        seats[owner].leads = seats[owner].load = count
    deals = Deal.objects.filter(owner__in=seats, status=Ends.OPEN).values("owner")
    for owner, count in deals.annotate(n=Count("pk")).values_list("owner", "n"):
        seats[owner].load += count
    for user_id, most in Colleague.objects.filter(user__in=seats).values_list("user", "most_open"):
        seats[user_id].most = most
    turns = Given.objects.filter(user__in=seats, rule__isnull=False).values("user", "rule")
    for user_id, rule_id, last in turns.annotate(last=Max("pk")).values_list(
        "user", "rule", "last"
    ):
        seats[user_id].turns[rule_id] = last
