"""A list in the order of its people: by owner or team, without sorting everything there is.

Ordered by the name of its owner, a list of a million rows would be joined with the users and sorted
whole for its first page. But the people are few, and their rows have an index in the order of
names: so person after person is asked for their first rows until the page is full.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from django.db.models import Model, Q

from vinculo.records.fields import Kind
from vinculo.records.lists.ordering import keys_of, order_of, past
from vinculo.records.lists.state import ListState

MOST_PEOPLE = 500
BATCHES = (1, 4, 15, 60)  # people asked at once: the first usually fills the page


def rows_of_page(
    state: ListState, rows: Any, place: list[Any], backwards: bool
) -> list[int] | None:
    """Ids among which the page's rows are (one more than it holds, where there are so many).

    None where the list is in no order of people, or there are too many: then ask as usual.
    """
    column = _column(state)
    segments = _segments(state, backwards) if column else None
    if not column or segments is None:
        return None
    _first, *keys = keys_of(state)
    begun = None
    if place:
        at = next((n for n, (name, _ids) in enumerate(segments) if name == place[0]), None)
        if at is None:
            return None
        begun = past(keys, place[1:], backwards, state)
        segments = segments[at:]
    order = order_of(state, keys, reverse=backwards)
    found: list[int] = []
    for batch in _batches(segments):
        parts = []
        for _name, people in batch:
            part = rows.filter(_belonging(column, people))
            if begun is not None:
                part, begun = part.filter(begun), None
            parts.append(part.order_by(*order).values_list("pk", flat=True)[: state.size + 1])
        first, *others = parts
        found += first.union(*others, all=True) if others else first
        if len(found) > state.size:
            break
    return found


def _column(state: ListState) -> str:
    """The reference that leads the order, if it is a person or a team."""
    if state.sort is None or state.sort.kind not in (Kind.USER, Kind.TEAM):
        return ""
    column = state.sort.column or ""
    return column if state.sort.sort == f"{column}__name" else ""


def _segments(state: ListState, backwards: bool) -> list[tuple[str | None, list[int]]] | None:
    """Who there is, by name in the order of the list, then nobody: those of one name together."""
    field = state.entity.model._meta.get_field(_column(state))
    people = cast("type[Model]", field.related_model)._default_manager
    order = "-name" if state.descending else "name"
    named = list(people.order_by(order, "pk").values_list("name", "pk")[: MOST_PEOPLE + 1])
    if len(named) > MOST_PEOPLE:
        return None
    segments: list[tuple[str | None, list[int]]] = [
        (name, [pk for _name, pk in alike]) for name, alike in groupby(named, lambda one: one[0])
    ]
    segments.append((None, []))
    return segments[::-1] if backwards else segments


def _batches(
    segments: list[tuple[str | None, list[int]]],
) -> Iterator[list[tuple[str | None, list[int]]]]:
    at = 0
    for number in range(len(segments)):
        size = BATCHES[min(number, len(BATCHES) - 1)]
        if at < len(segments):
            yield segments[at : at + size]
        at += size


def _belonging(column: str, people: list[int]) -> Q:
    if not people:
        return Q(**{f"{column}__isnull": True})
    return Q(**{f"{column}_id": people[0]} if len(people) == 1 else {f"{column}_id__in": people})
