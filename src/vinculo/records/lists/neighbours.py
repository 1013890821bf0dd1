"""Where a record stands in a list: the one before it, the one after it, and its place."""

from dataclasses import dataclass, replace
from typing import Any

from vinculo.platform.custom.columns import parts_of
from vinculo.platform.plans import planned_anew
from vinculo.records.lists.counting import COUNTED, Count, count_of
from vinculo.records.lists.ordering import beyond, keys_of, ordering, value_at
from vinculo.records.lists.paging import matching
from vinculo.records.lists.state import ListState


@dataclass(frozen=True)
class Standing:
    """A record's place in a list: numbers of its neighbours (None at an end), its position from 1
    (0 where it is beyond what is counted), and how many rows there are."""

    previous: int | None
    next: int | None
    position: int
    total: Count


@planned_anew()
def standing_of(state: ListState, pk: int) -> Standing | None:
    """The place of the record `pk` in the list; None when it is not (or no longer) in it."""
    state = replace(state, after="", before="", group=None)
    rows = matching(state)
    paths = [key.path for key in keys_of(state)]
    joined = [path.split("__")[0] for path in paths if "__" in path and parts_of(path) is None]
    record = rows.filter(pk=pk).select_related(*joined).order_by().first()
    if record is None:
        return None
    place: list[Any] = [*(value_at(record, path) for path in paths), pk]
    before = rows.filter(beyond(state, place, True))
    after = rows.filter(beyond(state, place, False))
    position = before.order_by().values("pk")[: COUNTED + 1].count() + 1
    return Standing(
        previous=_first(before, ordering(state, reverse=True)),
        next=_first(after, ordering(state)),
        position=position if position <= COUNTED else 0,
        total=count_of(state),
    )


def _first(rows: Any, order: list[Any]) -> int | None:
    found: int | None = rows.order_by(*order).values_list("pk", flat=True).first()
    return found
