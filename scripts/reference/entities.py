"""The record types with their fields: names for the API, filters, imports and exports."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.reference.table import code, table
from vinculo.platform.actions import actions
from vinculo.records.entity import Entity
from vinculo.records.fields import Field
from vinculo.records.filters import operators_of
from vinculo.records.registry import entities

HEAD = """# Record types

Each is declared once ([how to add one](../how-to-add-an-entity.md)); `vinculo entity <key>` prints
the same with pages and panels. A filter in a list's address or an API call is `field.operator=value`.
"""


def page() -> str:
    """The page of record types, each with its fields."""
    return "\n".join([HEAD, *(part for entity in entities() for part in _entity(entity))])


def _entity(entity: Entity) -> Iterator[str]:
    yield f"## {entity.label_plural}: `{entity.key}`\n"
    verbs = [code(entry.name) for entry in actions().values() if entity.key in entry.on]
    yield (
        f"Pages `/{entity.path}`, API `/api/v1/{entity.path}`, table "
        f"`{entity.model._meta.db_table}`. "
        f"{'Found by search. ' if entity.search else ''}"
        f"{'' if entity.creatable else 'Made by actions only. '}"
        f"Actions: {', '.join(verbs) or 'none of its own'}.\n"
    )
    yield table(
        ("field", "called", "kind", "is", "filters"),
        (_field(item) for item in entity.declared_fields.values()),
    )


def _field(item: Field) -> tuple[str, ...]:
    kind = str(item.kind)
    if item.is_reference and item.target:
        kind += f" → {code(item.target)}"
    if item.choices:
        kind += ": " + ", ".join(code(str(value)) for value, _label in item.choices if value != "")
    is_ = [
        word
        for word, true in (
            ("required", item.required and item.editable),
            ("read only", not item.editable),
            ("sortable", bool(item.sort)),
        )
        if true
    ]
    operators = " ".join(operator.name for operator in operators_of(item))
    return code(item.name), str(item.label), kind, ", ".join(is_), operators
