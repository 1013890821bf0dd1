"""The foot of a list: sum, average, smallest and largest of its number columns, over every row
that matches."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Sum

from vinculo.platform.plans import planned_anew
from vinculo.records.fields import Field, Kind
from vinculo.records.lists.counting import soon
from vinculo.records.lists.paging import matching
from vinculo.records.lists.state import ListState


@dataclass(frozen=True)
class Figures:
    """What a number column comes to; all None but the count where no row has a number."""

    field: Field
    count: int = 0
    total: Decimal | int | None = None
    average: Decimal | None = None
    smallest: Decimal | int | None = None
    largest: Decimal | int | None = None


@planned_anew()
def figures_of(state: ListState) -> list[Figures]:
    """The figures of each number column shown; TooMany when it would take too long.

    A column that the reader may not see is no column of the list, and has no figures.
    """
    columns = numbers_in(state)
    if not columns:
        return []
    asked: dict[str, Any] = {}
    for at, column in enumerate(columns):
        path = column.column or column.name
        asked |= {
            f"count_{at}": Count(path),
            f"total_{at}": Sum(path),
            f"average_{at}": Avg(path),
            f"smallest_{at}": Min(path),
            f"largest_{at}": Max(path),
        }
    with soon():
        found = matching(state).order_by().aggregate(**asked)
    return [_figures(column, at, found) for at, column in enumerate(columns)]


def _figures(column: Field, at: int, found: dict[str, Any]) -> Figures:
    average = found[f"average_{at}"]
    return Figures(
        column,
        found[f"count_{at}"],
        None if column.kind is Kind.PERCENT else found[f"total_{at}"],
        None if average is None else Decimal(str(average)).quantize(Decimal("0.1")),
        found[f"smallest_{at}"],
        found[f"largest_{at}"],
    )


def numbers_in(state: ListState) -> list[Field]:
    """The number columns shown that are in the database and can be added up: not amounts of
    different currencies."""
    return [
        column
        for column in state.columns
        if column.is_number and column.column and column.currency_of is None
    ]
