"""Which pools a person takes from, what lies in them, and what of it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vinculo.kernel.errors import NotFound, _
from vinculo.platform.access import Scope, rights_of, teams_above
from vinculo.platform.models import User
from vinculo.platform.modules.known import entity_is_on
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import operators_of
from vinculo.records.lists import ListState
from vinculo.records.registry import entity, find
from vinculo.sales.conditions import rows_of, state_of, whole_company
from vinculo.sales.pools.models import Pool

#: Record types that may belong to nobody, and what of them is shown where nobody has chosen.
POOLED: dict[str, tuple[str, ...]] = {
    "parties.company": ("name", "industry", "size", "city", "country", "value_class"),
    "parties.person": ("name", "job_title", "city", "country", "value_class"),
}
#: Kinds of fields that are never shown before a record is claimed: they lead to others, or hold
#: whatever somebody has written.
NEVER = (Kind.RELATION, Kind.USER, Kind.TEAM, Kind.LONG_TEXT)
#: A record that belongs to nobody: no person, and no team through which somebody sees it.
NOBODYS = {"owner.empty": "1", "team.empty": "1"}


def pooled_types() -> list[Entity]:
    """The record types that pools are made for."""
    known = (find(key) for key in POOLED if entity_is_on(key))
    return [one for one in known if one is not None]


def showable(declared: Entity) -> list[Field]:
    """The fields that a pool may show before a record is claimed."""
    return [
        one
        for one in declared.all_fields.values()
        if one.kind not in NEVER and not one.sensitive and not one.computed
    ]


def dated(declared: Entity) -> list[Field]:
    """The dates of a record from which a rule may count days: its own, custom and computed ones."""
    return [
        one
        for one in declared.fields_for(whole_company())
        if one.kind in (Kind.DATE, Kind.DATETIME) and operators_of(one) and not one.sensitive
    ]


def pools_for(user: User) -> list[Pool]:
    """The open pools that a person takes from; administrators see all that are open."""
    rights = rights_of(user)
    pools = Pool.objects.filter(is_active=True).order_by("name", "pk")
    if not rights.administrator:
        teams = rights.team_ids | set(teams_above(user))
        pools = pools.filter(teams__team__in=teams).distinct()
    return [one for one in pools if rights.scope(one.entity) is not Scope.NONE and find(one.entity)]


def pool_for(user: User, pk: int) -> Pool:
    """An open pool of theirs; NotFound otherwise."""
    found = next((one for one in pools_for(user) if one.pk == pk), None)
    if found is None:
        raise NotFound(_("There is no such pool, or you are not a member."))
    return found


def lying_in(pool: Pool) -> Any:
    """The records that lie in a pool."""
    return rows_of(pool.entity, pool.query, NOBODYS)


def list_of(pool: Pool, place: Mapping[str, str]) -> ListState:
    """The same as a list, from a place in it (`after` or `before` a row)."""
    return state_of(pool.entity, pool.query, {**NOBODYS, **place})


def shown_to(user: User, pool: Pool) -> list[Field]:
    """The fields of a pool's records that this member is told before the claim."""
    declared = entity(pool.entity)
    allowed = {one.name for one in showable(declared)}
    return declared.fields_for(user, [name for name in pool.shown if name in allowed])


def title_for(shown: list[Field], pool: Pool, record: Any) -> str:
    """What a record is called before it is claimed: its name only where names are shown."""
    declared = entity(pool.entity)
    if any(one.name == "name" for one in shown):
        return declared.title_of(record)
    return f"{declared.label} {record.pk}"
