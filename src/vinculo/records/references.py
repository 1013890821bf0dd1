"""Values that are other rows: only what the reader may see has a name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from vinculo.platform.access import visible_condition
from vinculo.records.custom.values import fetch_related, held_on
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User


def hidden_targets(
    records: Iterable[Any], columns: Iterable[Field], user: "User"
) -> set[tuple[str, int]]:
    """(column, id) of related records that `user` may not see: their names must not be shown.

    One query per relation column at most, none where the user sees everything.
    """
    hidden: set[tuple[str, int]] = set()
    records, columns = list(records), list(columns)
    fetch_related(records, columns)
    for column in columns:
        target = find(column.target) if column.kind is Kind.RELATION else None
        if target is None or not column.column:
            continue
        if visible_condition(target.model, user, "view") is None:
            continue
        wanted = {number_in(record, column) for record in records} - {None}
        seen = set(target.visible(user).filter(pk__among=wanted).values_list("pk", flat=True))
        hidden.update((column.name, pk) for pk in wanted - seen)
    return hidden


def number_in(record: Any, field: Field) -> Any:
    """The number of the record that a reference points to, without asking for the record."""
    if field.custom:
        return held_on(field, record)
    return getattr(record, field.id_column)
