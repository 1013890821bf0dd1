"""The custom fields as this process knows them: read once, and again when their version is another.

The version (the sum of all stamps) comes along with the question for the reader's rights, which
every request asks anyway: no page asks a question more because there are custom fields.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vinculo.platform.models.custom import CustomField

#: The version, as a subquery of another question.
VERSION = "(SELECT coalesce(sum(stamp), 0)::text FROM platform_customfield)"


@dataclass(frozen=True)
class Known:
    """All definitions that count, by record type; `memo` is for what a higher room makes of them."""

    version: str
    fields: "dict[str, tuple[CustomField, ...]]"
    memo: dict[str, Any] = field(default_factory=dict, compare=False)

    def of(self, entity_key: str) -> "tuple[CustomField, ...]":
        """The custom fields of a record type, in their order."""
        return self.fields.get(entity_key, ())


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

    total = 0
    found: dict[str, list[CustomField]] = {}
    for one in CustomField.objects.order_by("entity", "position", "pk"):
        total += one.stamp
        if one.deleted_at is None:
            found.setdefault(one.entity, []).append(one)
    return Known(str(total), {key: tuple(some) for key, some in found.items()})


def definition_in_table(model: Any, key: str) -> "CustomField | None":
    """The definition of a key in a table that may hold several record types."""
    from vinculo.platform.types import record_types

    for entity_key in record_types(model):
        for one in known().of(entity_key):
            if one.slug == key:
                return one
    return None
