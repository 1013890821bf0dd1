"""One row of a list by itself, as the list would show it: after a cell or a fact was changed."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from vinculo.kernel.clock import now
from vinculo.records import lists
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, entity_view, get_record
from vinculo.records.views.grid import grid_context
from vinculo.records.views.table import rows_of


@entity_view()
def row(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The record as a row of the list whose state `list` holds."""
    get_record(request, entity, pk)
    return row_response(request, entity, pk)


def row_response(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The row anew, to take the place of the old one."""
    state = lists.parse_list(entity, request.user, QueryDict(request.GET.get("list", "")))
    rows = entity.visible(request.user).filter(pk=pk)
    records: list[Any] = list(lists.narrow(rows, state.columns, entity, []))
    context = {
        "entity": entity,
        "rows": rows_of(state, lists.Page(records)),
        **grid_context(state, records, now()),
    }
    return render(request, "records/list_rows.html", context)
