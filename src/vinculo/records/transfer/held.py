"""What files can hold: records of every type, and what is no record but comes in by file, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vinculo.platform.access import Scope, rights_of
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind, Label
from vinculo.records.registry import entities, find
from vinculo.records.transfer.writer import BulkWriter

if TYPE_CHECKING:
    from vinculo.platform.models import User


@dataclass(frozen=True)
class Holding:
    """Something that is no record type of the registry, such as colleagues: what it is called, where
    its page is, what writes it, and who may bring it."""

    key: str
    label_plural: Label
    icon: str
    path: str
    bulk_writer: BulkWriter
    allowed: Callable[[User], bool]
    #: Before all records: they name it.
    nav_order: int = 0


Held = Entity | Holding

_HOLDINGS: dict[str, Holding] = {}


def declare_holding(holding: Holding) -> Holding:
    """Let files of it be imported."""
    _HOLDINGS[holding.key] = holding
    return holding


def find_held(key: str) -> Held | None:
    """What is called so."""
    return _HOLDINGS.get(key) or find(key)


def held(key: str) -> Held:
    """What is called so; KeyError for nothing."""
    found = find_held(key)
    if found is None:
        raise KeyError(key)
    return found


def may_import(user: User, one: Held) -> bool:
    """Whether the user may create or change such rows at all."""
    if isinstance(one, Holding):
        return one.allowed(user)
    rights = rights_of(user)
    scopes = [rights.scope(one.key, verb) for verb in ("add", "edit")]
    return one.creatable and any(scope is not Scope.NONE for scope in scopes)


def importable(user: User) -> list[Held]:
    """What the user may import: records in the order of the navigation, then all else."""
    found: list[Held] = sorted(entities(), key=lambda one: one.nav_order)
    return [one for one in [*found, *_HOLDINGS.values()] if may_import(user, one)]


def place_of(one: Held) -> tuple[int, int]:
    """Where a file of these stands among files that come in together: what others name goes first.

    Colleagues before all records, companies before their people, products before the deals about
    them; within one depth the order of the navigation.
    """
    return (0, 0) if isinstance(one, Holding) else (1 + _depth(one, ()), one.nav_order)


def _depth(one: Entity, above: Iterable[str]) -> int:
    """How many other record types stand in a row behind what a type's fields name."""
    seen = {*above, one.key}
    named = {field.target for field in one.declared_fields.values() if field.kind is Kind.RELATION}
    found = [other for key in sorted(named - seen) if (other := find(key)) is not None]
    return max((1 + _depth(other, seen) for other in found), default=0)
