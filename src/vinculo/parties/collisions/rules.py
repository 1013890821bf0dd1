"""The rules as they are applied, those a new installation begins with, and what a rule must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _noop

from vinculo.kernel.errors import DomainError, _
from vinculo.parties.collisions.comparing import Arm, Condition, Rule
from vinculo.parties.collisions.vocabulary import COMPARED
from vinculo.platform.access import Rights

KINDS = ("company", "person")
MOST_ARMS, MOST_CONDITIONS = 6, 4

ACTIVE = """
SELECT id, kind, name, refuses, tells, ready, conditions FROM parties_collisionrule
WHERE active AND kind = ANY(%s) ORDER BY kind, position, id
"""

#: What a new installation warns of: name of the rule, and its conditions.
USUAL: list[tuple[str, list[list[list[str]]]]] = [
    (_noop("Same tax id"), [[["tax_id", "tax"]]]),
    (_noop("Same e-mail"), [[["email", "folded"]]]),
    (_noop("Same phone"), [[["phone", "phone"]]]),
    (_noop("Same name"), [[["name", "folded"]]]),
    (_noop("Similar name in the same city"), [[["name_city", "similar"]]]),
]


def active_rules(*kinds: str) -> list[Rule]:
    """The rules that are on for records of these kinds, in their order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE, [list(kinds or KINDS)])
        return [_compiled(*row) for row in cursor.fetchall()]


def _compiled(
    pk: int, kind: str, name: str, refuses: bool, tells: bool, ready: bool, conditions: Any
) -> Rule:
    told = json.loads(conditions) if isinstance(conditions, str) else conditions
    return Rule(pk, kind, gettext(name) if name else "", refuses, tells, ready, arms_of(told))


def arms_of(conditions: Iterable[Iterable[Sequence[str]]]) -> tuple[Arm, ...]:
    """Conditions as they are kept, as they are applied; what is not known any more is left out."""
    arms = (
        Arm(tuple(Condition(field, how) for field, how in arm if field in COMPARED))
        for arm in conditions
    )
    return tuple(arm for arm in arms if arm.conditions)


def compiled(rule: Any) -> Rule:
    """A rule of the table as it would be applied, whether it is on or not."""
    return _compiled(
        rule.pk or 0,
        rule.kind,
        rule.name,
        rule.refuses,
        rule.tells,
        rule.ready,
        rule.conditions,
    )


def checked_conditions(kind: str, conditions: Any) -> list[list[list[str]]]:
    """Conditions that make sense for records of the kind, each once; DomainError otherwise."""
    found: list[list[list[str]]] = []
    for arm in conditions:
        asked: list[list[str]] = []
        for field, how in arm:
            one = COMPARED.get(field)
            if one is None or how not in one.how or kind not in one.kinds:
                raise DomainError(_("Choose what is compared from the list."), field="conditions")
            if [field, how] not in asked:
                asked.append([field, how])
        if asked and asked not in found:
            found.append(asked)
    if not found:
        raise DomainError(_("Choose at least one condition."), field="conditions")
    if len(found) > MOST_ARMS or any(len(arm) > MOST_CONDITIONS for arm in found):
        raise DomainError(
            _("A rule has at most %(arms)s alternatives of %(conditions)s conditions."),
            field="conditions",
            arms=MOST_ARMS,
            conditions=MOST_CONDITIONS,
        )
    return found


def may_know(arm: Arm, kind: str, rights: Rights) -> bool:
    """Whether no field rule hides what the arm reads from whoever has these rights."""
    return not any(
        rights.field_rule(f"parties.{kind}", name) == "hidden"
        for one in arm.conditions
        for name in COMPARED[one.field].fields
    )


def usual_rules() -> list[dict[str, Any]]:
    """The rules that a new installation begins with."""
    return [
        {"kind": kind, "name": name, "conditions": conditions, "position": position}
        for kind in KINDS
        for position, (name, conditions) in enumerate(USUAL, 1)
    ]
