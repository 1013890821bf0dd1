"""How a computed value came about, to somebody who sees it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from vinculo.platform.refusals import sentence
from vinculo.records.cells import cell
from vinculo.records.computed.forms import HOW
from vinculo.records.computed.plans import Rolled, plan_of, rolled_of
from vinculo.records.computed.seen import definition_of
from vinculo.records.custom.values import fetch_related
from vinculo.records.fields import Field, Label
from vinculo.records.references import hidden_targets
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity


@dataclass(frozen=True)
class Part:
    """A field that the value follows from, with what the record holds in it; `computed` leads on."""

    field: Field
    value: SafeString


@dataclass(frozen=True)
class Explanation:
    """How a value came about: a formula and the values of its fields, or which records were rolled
    up how and where their list is."""

    value: SafeString
    trouble: str = ""
    formula: str = ""
    parts: tuple[Part, ...] = ()
    how: Label = ""
    of: "Entity | None" = None
    by: Label = ""
    of_field: Label = ""
    latest: Label = ""
    list_url: str = ""


def explained(entity: "Entity", record: Any, field: Field, user: "User") -> Explanation | None:
    """The explanation of a computed field of a record; None for another field."""
    definition = definition_of(entity.key, field.custom) if field.computed else None
    if definition is None:
        return None
    plan = plan_of(definition)
    value = cell(field, record)
    if plan.trouble is not None:
        return Explanation(value, trouble=sentence(plan.trouble), formula=definition.formula)
    if plan.rolled is not None:
        return _rolled(value, rolled_of(definition.rollup), record, user)
    names = [name for _key, name in sorted(plan.direct)]
    read = entity.fields_for(user, names)
    fetch_related([record], read)
    hidden = hidden_targets([record], read, user)
    parts = tuple(Part(one, cell(one, record, hidden)) for one in read)
    return Explanation(value, formula=definition.formula, parts=parts)


def _rolled(value: SafeString, rolled: Rolled, record: Any, user: "User") -> Explanation:
    entity = find(rolled.of)
    assert entity is not None
    fields = entity.all_fields

    def label(name: str) -> Label:
        return (fields[name].label or name) if name in fields else ""

    query = urlencode([(f"{rolled.by}.is", str(record.pk)), *rolled.where])
    return Explanation(
        value,
        how=dict(HOW)[rolled.how],
        of=entity,
        by=label(rolled.by),
        of_field=label(rolled.field),
        latest=label(rolled.latest),
        list_url=f"/{entity.path}?{query}",
    )
