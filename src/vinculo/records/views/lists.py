"""The list of a record type: search, filters, sort, columns, pages, how many."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.refusals import sentence
from vinculo.records import lists
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.layouts.context import layout_context
from vinculo.records.saved.tabs import tabs_context
from vinculo.records.transfer.held import may_import
from vinculo.records.views.common import Request, dialog_or_page, entity_view, may_add
from vinculo.records.views.filtering import bundles_of, with_new_filter
from vinculo.records.views.grid import grid_context
from vinculo.records.views.table import (
    columns_menu,
    group_rows,
    heads_of,
    rows_in_group,
    rows_of,
    table_width,
)


@entity_view()
def show(request: Request, entity: Entity) -> HttpResponse:
    """One page of the list, in the state its URL says."""
    if "f" in request.GET:
        return redirect(with_new_filter(request, entity))
    return list_page(request, entity, request.GET)


def list_page(
    request: Request, entity: Entity, params: QueryDict, *, note: str = ""
) -> HttpResponse:
    """The list in the state that `params` say; `note` is told above it."""
    refused, seen = "", now()
    try:
        state = lists.parse_list(entity, request.user, params)
        table, records = _table(state)
    except (DomainError, lists.TooMany) as error:
        refused = sentence(error) if isinstance(error, DomainError) else str(TOO_MANY_TO_GROUP)
        state = lists.parse_list(entity, request.user, QueryDict())
        table, records = _table(state)
    context = {
        "entity": entity,
        "state": state,
        **table,
        "here": f"/{entity.path}?{state.query(page=True)}",
        "count_url": f"/{entity.path}/count?{state.query()}",
        "bundles": bundles_of(state),
        "hidden_inputs": list(QueryDict(state.query()).lists()),
        "may_add": may_add(request, entity),
        "may_import": may_import(request.user, entity),
        "may_export": rights_of(request.user).scope(entity.key, "export") is not Scope.NONE,
        "refused": refused,
        "note": note,
        "query": state.query(),
        **tabs_context(request.user, state),
        **layout_context(request, state),
        **grid_context(state, records, seen),
    }
    return render(request, "records/list.html", context, status=422 if refused else 200)


TOO_MANY_TO_GROUP = gettext_lazy("These are too many records to group at once. Filter them first.")


def _table(state: lists.ListState) -> tuple[dict[str, Any], list[Any]]:
    """What the table shows, and the records in it; nothing where another layout shows them."""
    if state.layout:
        return {"head": heads_of(state)}, []
    heads = heads_of(state)
    shown: dict[str, Any] = {
        "head": heads,
        "width": table_width(state, heads),
        "figures_url": f"/{state.entity.path}/figures?{state.query()}"
        if lists.numbers_in(state)
        else "",
    }
    if state.group is not None:
        groups, records, cut = group_rows(state)
        return {**shown, "groups": groups, "groups_cut": cut}, records
    page = lists.page_of(state)
    pages = {
        "rows": rows_of(state, page),
        "next_url": _page_url(state, after=page.next),
        "previous_url": _page_url(state, before=page.previous),
    }
    return {**shown, **pages}, page.records


def _page_url(state: lists.ListState, *, after: str = "", before: str = "") -> str:
    if not (after or before):
        return ""
    moved = replace(state, after=after, before=before)
    return f"/{state.entity.path}?{moved.query(page=True)}"


@entity_view()
def count(request: Request, entity: Entity) -> HttpResponse:
    """How many rows match, asked for after the page is there."""
    state = lists.parse_list(entity, request.user, request.GET)
    return render(request, "records/count.html", {"count": lists.count_of(state), "entity": entity})


@entity_view()
def columns(request: Request, entity: Entity) -> HttpResponse:
    """The form that chooses columns, their order, the height of rows and what groups them."""
    state = lists.parse_list(entity, request.user, request.GET)
    fields = entity.fields_for(request.user)
    context = {
        "entity": entity,
        "heading": gettext("Columns"),
        "state": state,
        "menu": columns_menu(state),
        "groupable": [field for field in fields if lists.groupable(entity, field)],
        "hidden_inputs": list(QueryDict(state.query()).lists()),
        "usual_url": f"/{entity.path}?{state.as_usual().query()}",
    }
    return dialog_or_page(request, "records/columns_form.html", context)


@entity_view()
def figures(request: Request, entity: Entity) -> HttpResponse:
    """The foot of the list: what its number columns come to, asked for after the page is there."""
    state = lists.parse_list(entity, request.user, request.GET)
    found, late = {}, False
    try:
        found = {one.field.name: one for one in lists.figures_of(state)}
    except lists.TooMany:
        late = True
    columns = [
        (column, found.get(column.name), " %" if column.kind is Kind.PERCENT else "")
        for column in state.columns[1:]
    ]
    context = {"entity": entity, "columns": columns, "late": late}
    return render(request, "records/list_figures.html", context)


@entity_view()
def group(request: Request, entity: Entity) -> HttpResponse:
    """More rows of one group, from where the last ones ended."""
    seen = now()
    params = request.GET
    state = lists.parse_list(entity, request.user, params)
    if state.group is None or lists.group_filter(state, params.get("in", "")) is None:
        raise DomainError(_("There is no such group. Load the list again."))
    rows, more_url = rows_in_group(
        replace(state, after="", before=""), params.get("in", ""), state.after, lists.PAGE
    )
    context = {
        "entity": entity,
        "state": state,
        "rows": rows,
        "more_url": more_url,
        "head": heads_of(state),
        **grid_context(state, [row.record for row in rows], seen),
    }
    return render(request, "records/list_more.html", context)
