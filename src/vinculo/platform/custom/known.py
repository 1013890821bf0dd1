"""What administrators made of record types (fields of their own, layouts) as this process knows it:
read once, and again when its version is another.

The version (the sum of all stamps) comes along with every request: see `platform.versions`.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vinculo.platform.models.custom import CustomField
    from vinculo.platform.models.layouts import RecordLayout


@dataclass(frozen=True)
class Known:
    """All definitions that count, by record type; `memo` is for what a higher room makes of them."""

    version: str
    fields: "dict[str, tuple[CustomField, ...]]"
    layouts: "dict[str, tuple[RecordLayout, ...]]" = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict, compare=False)

    def of(self, entity_key: str) -> "tuple[CustomField, ...]":
        """The custom fields of a record type, in their order."""
        return self.fields.get(entity_key, ())

    def layouts_of(self, entity_key: str) -> "tuple[RecordLayout, ...]":
        """The layouts of a record type, the one that goes before the others first."""
        return self.layouts.get(entity_key, ())


_known: Known | None = None


def known() -> Known:
    """The definitions; read now if this process has none."""
    global _known
    found = _known
    if found is None:
        found = _known = _read()
    return found


def told(version: str) -> None:
    """The database has this version: forget an older one."""
    global _known
    if _known is not None and _known.version != version:
        _known = None


def forget() -> None:
    """Read the definitions anew at the next question."""
    global _known
    _known = None


def _read() -> Known:
    from vinculo.platform.models.custom import CustomField
    from vinculo.platform.models.layouts import RecordLayout

    total = 0
    layouts: dict[str, list[RecordLayout]] = {}
    for layout in RecordLayout.objects.order_by("entity", "position", "pk"):
        total += layout.stamp
        layouts.setdefault(layout.entity, []).append(layout)
    found: dict[str, list[CustomField]] = {}
    for one in CustomField.objects.order_by("entity", "position", "pk"):
        total += one.stamp
        if one.deleted_at is None:
            found.setdefault(one.entity, []).append(one)
    return Known(
        str(total),
        {key: tuple(some) for key, some in found.items()},
        {key: tuple(some) for key, some in layouts.items()},
    )


def definition_in_table(model: Any, key: str) -> "CustomField | None":
    """The definition of a key in a table that may hold several record types."""
    from vinculo.platform.types import record_types

    for entity_key in record_types(model):
        for one in known().of(entity_key):
            if one.slug == key:
                return one
    return None
