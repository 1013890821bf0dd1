"""What somebody sees with their rights, or would see with a role that is not saved yet.

Computed with the very rights the one door reads (`access.combine`), put into a user object that is
never saved: nothing is written, nothing has to be rolled back.
"""

from dataclasses import dataclass, field
from typing import Any

from vinculo.platform.access import VERBS, Rights, combine
from vinculo.platform.models import Role, User
from vinculo.platform.types import TypeDescription, describe_types, record_types

MOST_COUNTED = 10_000
SAMPLE = 5


@dataclass
class Sight:
    """What of one record type: how far per verb, how many rows now and before, a few of them."""

    key: str
    label: Any
    scopes: dict[str, str]
    count: int = 0
    before: int = 0
    sample: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    readonly: list[str] = field(default_factory=list)

    @property
    def many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > MOST_COUNTED


def with_role(person: User, role: Role) -> User:
    """`person` with the rights they would have if `role` were saved as it is; a role they do not
    hold yet is added."""
    held = [one for one in person.active_roles() if one.pk != role.pk]
    return with_rights(person, combine(person.pk, person.team_ids_below(), [*held, role]))


def with_rights(person: User, rights: Rights) -> User:
    """A copy of `person` that has these rights."""
    copy = User.objects.get(pk=person.pk)
    copy._rights = rights
    return copy


def sights(person: User, before: User | None = None) -> list[Sight]:
    """What `person` sees of each record type; beside it what `before` sees."""
    return [_sight(item, person, before) for item in describe_types() if item.model is not None]


def _sight(item: TypeDescription, person: User, before: User | None) -> Sight:
    found = rights(item, person)
    rows = _rows(item, person)
    found.count = rows.order_by()[: MOST_COUNTED + 1].count()
    found.sample = [str(row) for row in rows.order_by("-pk")[:SAMPLE]]
    if before is not None:
        found.before = _rows(item, before).order_by()[: MOST_COUNTED + 1].count()
    return found


def rights(item: TypeDescription, person: User) -> Sight:
    """How far each verb reaches, and which fields are hidden or may only be read; no rows asked."""
    from vinculo.platform.access import rights_of

    mine = rights_of(person)
    found = Sight(
        item.key, item.label, {verb: mine.scope(item.key, verb).name.lower() for verb in VERBS}
    )
    for name, label in item.fields:
        rule = mine.field_rule(item.key, name)
        if rule:
            (found.hidden if rule == "hidden" else found.readonly).append(str(label))
    return found


def _rows(item: TypeDescription, person: User) -> Any:
    model: Any = item.model
    return model._default_manager.filter(record_types(model)[item.key]).visible_to(person)
