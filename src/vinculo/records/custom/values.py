"""Values of custom fields: out of a record, into it, and in words that refuse what does not fit."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vinculo.platform.custom.columns import SEEN, parts_of
from vinculo.records.custom.stored import Rules, stored
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.records.fields import Field

PREFIX = "custom_"


# --- out ---------------------------------------------------------------------------------------


def value_on(field: "Field", record: Any) -> Any:
    """The field's value on a record: a related record for a reference."""
    held = held_on(field, record)
    if not field.is_reference or held is None or hasattr(held, "pk"):
        return held
    cache = _related(record)
    if field.name not in cache:
        target = find(field.target)
        cache[field.name] = _rows(target).filter(pk=held).first() if target is not None else None
    return cache[field.name]


def held_on(field: "Field", record: Any) -> Any:
    """The same, with the number of a related record in its place."""
    return at_path(record, field.column or "")


def at_path(record: Any, path: str) -> Any:
    """What the path of a custom value leads to on a record: what a list selected by itself, or the
    value under the key of the whole column."""
    found = parts_of(path)
    assert found is not None, path
    shape, key = found
    own = vars(record)
    if f"{PREFIX}{key}" in own:
        return own[f"{PREFIX}{key}"]
    if shape == SEEN:
        from vinculo.records.computed.seen import value_at

        return value_at(record, path)
    return from_json(shape, (getattr(record, "custom", None) or {}).get(key))


def from_json(shape: str, value: Any) -> Any:
    """A stored value as the database would type it."""
    if shape == "list":
        return list(value or ())
    if shape == "truth":
        return bool(value)
    if value is None:
        return "" if shape == "text" else None
    if shape == "number":
        return Decimal(str(value))
    if shape == "day":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if shape == "instant" else value


def fetch_related(records: Iterable[Any], fields: "Iterable[Field]") -> None:
    """Read what custom fields of a page lead to: the records that references point to, one
    question per field, and what is computed, one for all."""
    from vinculo.records.computed.seen import fetch_computed

    records, fields = list(records), list(fields)
    fetch_computed(records, fields)
    for field in fields:
        if not (field.custom and field.is_reference):
            continue
        target = find(field.target)
        open_ = [record for record in records if field.name not in _related(record)]
        held = {id(record): held_on(field, record) for record in open_}
        wanted = {pk for pk in held.values() if isinstance(pk, int)}
        rows = _rows(target).filter(pk__among=wanted) if target is not None and wanted else ()
        found = {row.pk: row for row in rows}
        for record in open_:
            _related(record)[field.name] = found.get(held[id(record)])


def _rows(target: Any) -> Any:
    """Any row of a record type, with only what it is called by: who may know it is asked where
    the name is shown."""
    needed = {"pk", target.title, *target.needs}
    return target.queryset().only(*needed)


def _related(record: Any) -> dict[str, Any]:
    cache: dict[str, Any] = vars(record).setdefault("_custom_related", {})
    return cache


# --- in ----------------------------------------------------------------------------------------


def put(record: Any, field: "Field", value: Any) -> None:
    """Set a field on a record that is not saved yet; DomainError for a value that does not fit."""
    stored = to_json(field, value, before=(record.custom or {}).get(field.custom))
    held = {key: one for key, one in (record.custom or {}).items() if key != field.custom}
    record.custom = held if stored is None else {**held, field.custom: stored}
    vars(record).pop(field.name, None)
    _related(record).pop(field.name, None)


def to_json(field: "Field", value: Any, *, before: Any = None) -> Any:
    """A clean value as it is stored, None for nothing; see `stored`."""
    return stored(rules_of(field), value, before)


def rules_of(field: "Field") -> Rules:
    """What a value of the field must fit."""
    shape, _key = parts_of(field.column or "") or ("text", "")
    return Rules(
        name=field.name,
        shape=shape,
        kind=str(field.kind),
        max_length=field.max_length,
        keys=tuple(str(key) for key, _label in field.choices or ()),
        retired=field.retired,
        currency=field.currency,
        decimals=field.most_decimals or 0,
        required=bool(field.required),
    )
