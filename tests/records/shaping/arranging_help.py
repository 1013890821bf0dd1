"""Layouts for tests, said in few words."""

from __future__ import annotations

from typing import Any

from vinculo.platform.models import RecordLayout, Role, User
from vinculo.records.registry import entity
from vinculo.records.shaping.actions import save_layout
from vinculo.records.shaping.conditions import Condition
from vinculo.records.shaping.shape import Part, Placed, Shape

COMPANY = "parties.company"


def part(title: str, *fields: Placed | str, **how: Any) -> Part:
    """A section with these fields."""
    placed = tuple(Placed(one, new=True) if isinstance(one, str) else one for one in fields)
    return Part(title, placed, labels={"": title} if title else {}, **how)


def when(name: str, *conditions: tuple[Any, ...], **how: Any) -> Placed:
    """A field that waits for (field, operator, values…)."""
    told = tuple(Condition(field, asks, tuple(values)) for field, asks, *values in conditions)
    return Placed(name, when=told, new=how.pop("new", True), **how)


def arrange(
    actor: User, *parts: Part, role: Role | None = None, key: str = COMPANY, **more: Any
) -> RecordLayout:
    """Save a layout of these sections."""
    shape = Shape(tuple(parts), **more)
    return save_layout(actor=actor, entity=entity(key), role=role, shape=shape)


def company_part(*fields: Placed | str) -> Part:
    """A section with the name, which no layout of companies can do without."""
    return part("Mine", "name", *fields)
