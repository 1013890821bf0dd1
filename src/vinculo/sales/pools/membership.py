"""Which pools a person takes from, what lies in them, and what of it may be told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from vinculo.kernel.errors import NotFound, _
from vinculo.platform.access import Scope, rights_of, teams_above
from vinculo.platform.models import User
from vinculo.platform.modules.known import entity_is_on, is_on
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import operators_of
from vinculo.records.lists import ListState
from vinculo.records.registry import entity, find
from vinculo.sales.conditions import rows_of, state_of, whole_company
from vinculo.sales.leads.models import ALIVE
from vinculo.sales.pools.models import Pool


@dataclass(frozen=True)
class Pooled:
    """A record type that may belong to nobody."""

    #: What of a record is shown where nobody has chosen.
    shown: tuple[str, ...]
    #: As a list asks it: what is over lies in no pool, and no rule takes it back.
    still: Mapping[str, str] = field(default_factory=dict)
    #: The column that tells when somebody last did something about it.
    quiet_since: str = "last_contact_at"
    #: Texts in which somebody may have written how to reach them.
    written: tuple[str, ...] = ("name",)
    #: Customers have deals and a value class, and rules may ask for them.
    is_customer: bool = True


POOLED: dict[str, Pooled] = {
    "parties.company": Pooled(("name", "industry", "size", "city", "country", "value_class")),
    "parties.person": Pooled(("name", "job_title", "city", "country", "value_class")),
    "sales.lead": Pooled(
        ("name", "company_name", "interest", "source", "city", "country", "created_at"),
        still={"status.in": ",".join(ALIVE)},
        quiet_since="updated_at",
        written=("name", "company_name", "interest", "campaign"),
        is_customer=False,
    ),
}
#: What says how to reach somebody. A preview tells whether it is known, never what it is.
CONTACTS = ("phone", "email", "street", "website")
ADDRESS = re.compile(r"\S@\S")
DIGITS = re.compile(r"(?:\d[\s().+/-]*){7}")
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
    return rows_of(pool.entity, pool.query, {**NOBODYS, **POOLED[pool.entity].still})


def outside_pools(key: str, rows: Any) -> Any:
    """Of these records, those that lie in no open pool: what lies in one is for its members, and
    nobody else gives it away."""
    pools = Pool.objects.filter(entity=key, is_active=True) if is_on("pools") else ()
    for pool in pools:
        rows = rows.exclude(pk__in=lying_in(pool).order_by().values("pk"))
    return rows


def list_of(pool: Pool, place: Mapping[str, str]) -> ListState:
    """The same as a list, from a place in it (`after` or `before` a row)."""
    still = POOLED[pool.entity].still
    return state_of(pool.entity, pool.query, {**NOBODYS, **still, **place})


def shown_to(user: User, pool: Pool) -> list[Field]:
    """The fields of a pool's records that this member is told before the claim."""
    declared = entity(pool.entity)
    allowed = {one.name for one in showable(declared)}
    return declared.fields_for(user, [name for name in pool.shown if name in allowed])


def title_for(shown: list[Field], pool: Pool, record: Any) -> str:
    """What a record is called before it is claimed: its name only where names are shown, and not
    where it was named by how to reach it."""
    declared = entity(pool.entity)
    names, title = {one.name for one in shown}, declared.title_of(record)
    if "name" in names and not says_how_to_reach(title, names):
        return title
    return f"{declared.label} {record.pk}"


def says_how_to_reach(text: str, shown: Collection[str]) -> bool:
    """Whether a text holds an e-mail address or a phone number, where those are not shown."""
    return ("email" not in shown and ADDRESS.search(text) is not None) or (
        "phone" not in shown and DIGITS.search(text) is not None
    )


def may_tell(one: Field, shown: list[Field], pool: Pool, record: Any) -> bool:
    """Whether a shown field's value holds nothing that is masked: a lead is called by its e-mail
    address if by nothing else, and strangers write into some of its fields."""
    names = {field.name for field in shown}
    written = one.name in POOLED[pool.entity].written
    return not written or not says_how_to_reach(str(one.value(record) or ""), names)
