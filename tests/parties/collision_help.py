"""Rules and records for the tests of collisions."""

from __future__ import annotations

from typing import Any

from vinculo.parties.collisions.actions import add_rule
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.models import Party
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import create_record

SAME_EMAIL = [[["email", "folded"]]]
SAME_NAME_AND_BIRTHDAY = [[["name", "folded"], ["birthday", "exact"]]]


def only_rule(admin: User, conditions: list[list[list[str]]], **more: Any) -> CollisionRule:
    """One refusing rule, and no other."""
    told = {"kind": "company", "name": "Test rule", "refuses": True, **more}
    CollisionRule.objects.filter(kind=told["kind"]).delete()
    return add_rule(actor=admin, conditions=conditions, **told)


def save(actor: User, kind: str = "company", **data: Any) -> Party:
    """Save a new record like a form does."""
    made: Party = create_record(actor=actor, entity=entity(f"parties.{kind}"), data=data)
    return made
