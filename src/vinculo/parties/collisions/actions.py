"""What administrators do with collision rules."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.collisions.preparing import prepare_again
from vinculo.parties.collisions.rules import KINDS, checked_conditions
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User

MOST_RULES = 50


@action("parties.add_collision_rule", label=_t("Add a collision rule"), granted=False)
def add_rule(
    *,
    actor: User,
    kind: str,
    name: str,
    conditions: list[list[list[str]]],
    refuses: bool = False,
    tells: bool = True,
    active: bool = True,
) -> CollisionRule:
    """Warn of, or refuse, records of a kind that meet these conditions with another."""
    administrators_only(actor)
    if kind not in KINDS:
        raise DomainError(_("Choose a record type from the list."), field="kind")
    rules = CollisionRule.objects.filter(kind=kind)
    if rules.count() >= MOST_RULES:
        raise DomainError(_("There are too many rules. Delete one first."))
    last = rules.aggregate(last=Max("position"))["last"] or 0
    rule = CollisionRule(kind=kind, position=last + 1)
    return _saved(rule, name, conditions, refuses=refuses, tells=tells, active=active)


@action("parties.change_collision_rule", label=_t("Change a collision rule"), granted=False)
def change_rule(
    *,
    actor: User,
    rule: CollisionRule,
    name: str,
    conditions: list[list[list[str]]],
    refuses: bool,
    tells: bool,
    active: bool,
) -> CollisionRule:
    """Change what a rule compares and what becomes of a record that collides."""
    administrators_only(actor)
    # One who only names it otherwise leaves the usual name of a new installation translated.
    kept = rule.name if name.strip() == rule.title else name
    return _saved(rule, kept, conditions, refuses=refuses, tells=tells, active=active)


def _saved(rule: CollisionRule, name: str, conditions: Any, **effect: bool) -> CollisionRule:
    name = name.strip()
    if not name:
        raise DomainError(_("Write a name."), field="name")
    rule.name, rule.conditions = name, checked_conditions(rule.kind, conditions)
    rule.refuses, rule.tells, rule.active = effect["refuses"], effect["tells"], effect["active"]
    rule.save()
    _settle(rule)
    return rule


@action("parties.switch_collision_rule", label=_t("Switch a collision rule"), granted=False)
def switch_rule(*, actor: User, rule: CollisionRule, active: bool) -> CollisionRule:
    """Let a rule hold, or not."""
    administrators_only(actor)
    if rule.active != active:
        rule.active = active
        rule.save(update_fields=["active"])
        _settle(rule)
    return rule


@action("parties.move_collision_rule", label=_t("Move a collision rule"), granted=False)
def move_rule(*, actor: User, rule: CollisionRule, up: bool) -> None:
    """Put a rule before, or behind, its neighbour: the first that holds is the one that is named."""
    administrators_only(actor)
    rules = list(CollisionRule.objects.filter(kind=rule.kind).select_for_update())
    at = next(place for place, one in enumerate(rules) if one.pk == rule.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rules):
        return
    rules[at], rules[other] = rules[other], rules[at]
    for place, one in enumerate(rules, 1):
        if one.position != place:
            CollisionRule.objects.filter(pk=one.pk).update(position=place)
    journal.relabel(rule.title)


@action("parties.delete_collision_rule", label=_t("Delete a collision rule"), granted=False)
def delete_rule(*, actor: User, rule: CollisionRule) -> None:
    """Take a rule away, with the keys of its records."""
    administrators_only(actor)
    title = rule.title
    rule.delete()
    journal.relabel(title)


def _settle(rule: CollisionRule) -> None:
    prepare_again([rule.pk])
    rule.refresh_from_db(fields=["ready", "collided"])
    journal.relabel(rule.title)
