"""The order of a list: total, empties last, and where a page begins in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.custom.columns import parts_of
from vinculo.records.custom.values import at_path
from vinculo.records.fields import Kind
from vinculo.records.lists.state import ListState, Sort

UNKNOWN_PAGE = _("This page of the list cannot be found. Start from the first.")


@dataclass(frozen=True)
class Key:
    """One key of the order as the database has it; `path` is an ORM path."""

    path: str
    kind: Kind | None
    descending: bool = False
    nullable: bool = False
    whole: bool = False

    def order(self, *, reverse: bool) -> Any:
        """The key in ORDER BY; empties last, and read backwards first."""
        path, descending = F(self.path), self.descending != reverse
        if not self.nullable:
            return path.desc() if descending else path.asc()
        if descending:
            return path.desc(nulls_last=True) if not reverse else path.desc()
        return path.asc(nulls_first=True) if reverse else path.asc(nulls_last=True)


def keys_of(state: ListState) -> list[Key]:
    """The keys of the order, and what settles ties; the id comes after them, see `ordering`."""
    keys = [_key(sort) for sort in state.sorts if sort.field.sort]
    settles = _tie_break(state)
    return [*keys, settles] if settles else keys


def ordering(state: ListState, *, reverse: bool = False) -> list[Any]:
    """ORDER BY: the keys, then the id, so that the order is total; empties last."""
    return order_of(state, keys_of(state), reverse=reverse)


def order_of(state: ListState, keys: list[Key], *, reverse: bool) -> list[Any]:
    """ORDER BY by some keys of the list's order, and the id."""
    last = "-pk" if _id_descends(state) != reverse else "pk"
    return [*(key.order(reverse=reverse) for key in keys), last]


def _id_descends(state: ListState) -> bool:
    """The id goes the way of the last key; without any, the newest record is first."""
    keys = keys_of(state)
    return keys[-1].descending if keys else True


def _key(sort: Sort) -> Key:
    field = sort.field
    whole = any(isinstance(value, int) for value, _label in field.choices or ())
    nullable = bool(field.nullable) or field.is_reference
    return Key(field.sort or "", field.kind, sort.descending, nullable, whole)


def _tie_break(state: ListState) -> Key | None:
    """The column that orders rows of one city, state or owner: their names, as the indexes have it.

    Without it, a list by state would sort half of all customers for its first page.
    """
    usual = state.entity.field_for(state.user, state.entity.default_sort)
    if usual is None or not state.sorts or usual.name in {s.field.name for s in state.sorts}:
        return None
    last = state.sorts[-1]
    shared = last.field.kind in (Kind.TEXT, Kind.CHOICE, Kind.COUNTRY, Kind.USER, Kind.TEAM)
    total = not (usual.nullable or usual.is_reference)
    if not (shared and total and usual.sort and usual.kind is Kind.TEXT):
        return None
    return Key(usual.sort, usual.kind, last.descending)


def beyond(state: ListState, place: list[Any], backwards: bool) -> Q:
    """Rows past a place (the values of the keys, then the id), written so that an index on the
    first key and the id can start right there."""
    return past(keys_of(state), place, backwards, state)


def past(keys: list[Key], place: list[Any], backwards: bool, state: ListState) -> Q:
    """Rows past the values of these keys and the id of a place."""
    *values, pk = place
    if len(values) != len(keys):
        raise DomainError(UNKNOWN_PAGE)
    rest = Q(**{f"pk__{'lt' if _id_descends(state) != backwards else 'gt'}": pk})
    for key, value in reversed(list(zip(keys, values, strict=True))):
        rest = _past(key, value, rest, backwards)
    return rest


def _past(key: Key, value: Any, rest: Q, backwards: bool) -> Q:
    """Rows whose key is past `value`, or equal to it with the `rest` past its own."""
    side = "lt" if key.descending != backwards else "gt"
    if value is None:
        same = Q(**{f"{key.path}__isnull": True}) & rest
        return same | Q(**{f"{key.path}__isnull": False}) if backwards else same
    value = _typed(key, value)
    past = Q(**{f"{key.path}__{side}e": value}) & (Q(**{f"{key.path}__{side}": value}) | rest)
    nulls_follow = key.nullable and not backwards
    return past | Q(**{f"{key.path}__isnull": True}) if nulls_follow else past


def _typed(key: Key, value: Any) -> Any:
    try:
        if key.kind is Kind.DATETIME:
            at = datetime.fromisoformat(str(value))
            if at.tzinfo is None:
                raise ValueError
            return at
        if key.kind is Kind.DATE:
            return date.fromisoformat(str(value))
        if key.kind is Kind.DECIMAL:
            return Decimal(str(value))
        if key.whole or key.kind in (Kind.NUMBER, Kind.PERCENT):
            return int(value)
    except (ValueError, ArithmeticError):
        raise DomainError(UNKNOWN_PAGE) from None
    return str(value) if not isinstance(value, bool) else value


def value_at(record: Any, path: str) -> Any:
    """What an ORM path leads to on a record that was read with it."""
    if parts_of(path) is not None:
        return at_path(record, path)
    for step in path.split("__"):
        record = getattr(record, step, None)
    return record
