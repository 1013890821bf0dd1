"""The list of a record type: search, filters, sort, columns, pages, how many."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vinculo.kernel.clock import now
from vinculo.kernel.countries import country_name
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import row_id
from vinculo.kernel.periods import PERIODS
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import Team, User
from vinculo.platform.refusals import sentence
from vinculo.records import lists
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import Filter, Operator, operators_of
from vinculo.records.forms import input_for
from vinculo.records.references import hidden_targets
from vinculo.records.registry import find
from vinculo.records.transfer.imports import may_import
from vinculo.records.views.common import Request, entity_view, may_add
from vinculo.records.views.grid import grid_context, why_locked


@dataclass(frozen=True)
class Row:
    """A record as the list shows it."""

    record: Any
    url: str
    title: str
    cells: list[tuple[Field, SafeString]]


@entity_view()
def show(request: Request, entity: Entity) -> HttpResponse:
    """One page of the list, in the state its URL says."""
    if "f" in request.GET:
        return redirect(_with_new_filter(request, entity))
    return list_page(request, entity, request.GET)


def list_page(
    request: Request, entity: Entity, params: QueryDict, *, note: str = ""
) -> HttpResponse:
    """The list in the state that `params` say; `note` is told above it."""
    refused, seen = "", now()
    try:
        state = lists.parse_list(entity, request.user, params)
        page = lists.page_of(state)
    except DomainError as error:
        refused = sentence(error)
        state = lists.parse_list(entity, request.user, QueryDict())
        page = lists.page_of(state)
    context = {
        "entity": entity,
        "state": state,
        "rows": rows_of(state, page),
        "head": [_head(state, column) for column in state.columns],
        "next_url": _page_url(state, after=page.next),
        "previous_url": _page_url(state, before=page.previous),
        "here": f"/{entity.path}?{state.query(page=True)}",
        "count_url": f"/{entity.path}/count?{state.query()}",
        "chips": [_chip(state, chosen) for chosen in state.filters],
        "hidden_inputs": list(QueryDict(state.query()).lists()),
        "filterable": [field for field in entity.fields_for(request.user) if _askable(field)],
        "choosable": entity.fields_for(request.user),
        "may_add": may_add(request, entity),
        "may_import": may_import(request.user, entity),
        "may_export": rights_of(request.user).scope(entity.key, "export") is not Scope.NONE,
        "refused": refused,
        "query": state.query(),
        **grid_context(state, page.records, seen),
    }
    return render(request, "records/list.html", context, status=422 if refused else 200)


def rows_of(state: lists.ListState, page: lists.Page) -> list[Row]:
    """The page's records as rows of cells; names of hidden related records left out."""
    hidden = hidden_targets(page.records, state.columns, state.user)
    return [
        Row(
            record,
            state.entity.url(record),
            state.entity.title_of(record),
            [(column, cell(column, record, hidden)) for column in state.columns],
        )
        for record in page.records
    ]


def _head(state: lists.ListState, column: Field) -> dict[str, Any]:
    sorted_here = state.sort is not None and state.sort.name == column.name
    direction = ("descending" if state.descending else "ascending") if sorted_here else ""
    url = f"/{state.entity.path}?{state.sorted_by(column).query()}" if column.sort else ""
    lock = why_locked(state.entity, column)
    return {"field": column, "direction": direction, "url": url, "lock": lock}


def _page_url(state: lists.ListState, *, after: str = "", before: str = "") -> str:
    if not (after or before):
        return ""
    moved = replace(state, after=after, before=before)
    return f"/{state.entity.path}?{moved.query(page=True)}"


def _chip(state: lists.ListState, chosen: Filter) -> dict[str, Any]:
    path = state.entity.path
    rest = state.without(chosen).query()
    edit = urlencode(
        {"field": chosen.field.name, "op": chosen.operator.name, "value": chosen.value}
    )
    return {
        "label": chosen.field.label,
        "operator": chosen.operator.label,
        "value": value_label(chosen, state.user),
        "remove_url": f"/{path}?{rest}",
        "edit_url": f"/{path}/filter?{edit}&{rest}",
    }


def value_label(chosen: Filter, user: User) -> str:
    """A filter's value as a person reads it."""
    field, value = chosen.field, chosen.value
    if chosen.operator.wants == "none":
        return ""
    if chosen.operator.wants == "period":
        return gettext(PERIODS.get(value, value))
    if value == "me":
        return gettext("me")
    if value == "mine":
        return gettext("my team")
    if field.kind is Kind.CHOICE:
        return ", ".join(str(field.choice_label(one)) for one in chosen.values)
    if field.kind is Kind.COUNTRY:
        return ", ".join(country_name(one, get_language() or "en") for one in chosen.values)
    if field.kind is Kind.BOOLEAN:
        return gettext("Yes") if value in ("1", "true", "yes") else gettext("No")
    return _reference_label(field, value, user) if field.is_reference else value


def _reference_label(field: Field, value: str, user: User) -> str:
    if row_id(value) is None:
        return value
    target = find(field.target)
    model: Any = {Kind.USER: User, Kind.TEAM: Team}.get(field.kind or Kind.TEXT)
    rows = target.visible(user) if target else model.objects.visible_to(user)
    named = rows.filter(pk=row_id(value)).first()
    return str(named) if named else value


@entity_view()
def count(request: Request, entity: Entity) -> HttpResponse:
    """How many rows match, asked for after the page is there."""
    state = lists.parse_list(entity, request.user, request.GET)
    return render(request, "records/count.html", {"count": lists.count_of(state), "entity": entity})


def _with_new_filter(request: Request, entity: Entity) -> str:
    """The canonical URL after the filter form: `f` (field), `op`, `v` become `field.op=v`."""
    params = request.GET.copy()
    name, operator = params.pop("f")[-1], (params.pop("op", None) or [""])[-1]
    value = ",".join(part for part in params.pop("v", []) if part)
    for gone in ("after", "before"):
        params.pop(gone, None)
    field = entity.field_for(request.user, name)
    wants = {op.name: op.wants for op in operators_of(field)} if field else {}
    if field is None or operator not in wants:
        raise DomainError(_("There is no filter called “%(name)s” here."), name=name[:60])
    if wants[operator] == "none":
        value = "1"
    if value:
        params[f"{name}.{operator}"] = value
    return f"/{entity.path}?{params.urlencode()}"


def _askable(field: Field) -> bool:
    """Whether the filter form can ask for the field: what is no record type has no input."""
    known = field.kind is not Kind.RELATION or find(field.target) is not None
    return known and bool(operators_of(field))


@entity_view()
def filter_form(request: Request, entity: Entity) -> HttpResponse:
    """The small form that makes or changes one filter: operator and value by the field's kind."""
    params = request.GET.copy()
    name = params.pop("field", [""])[-1]
    chosen_op = params.pop("op", [""])[-1]
    value = params.pop("value", [""])[-1]
    field = entity.field_for(request.user, name)
    operators = operators_of(field) if field else ()
    if field is None or not _askable(field):
        raise DomainError(_("There is no filter called “%(name)s” here."), name=name[:60])
    operator = next((op for op in operators if op.name == chosen_op), operators[0])
    context = {
        "entity": entity,
        "field": field,
        "operators": operators,
        "operator": operator,
        "input": value_input(field, operator, value, request.user),
        "hidden_inputs": list(params.lists()),
        "query": params.urlencode(),
    }
    return render(request, "records/filter_form.html", context)


def value_input(field: Field, operator: Operator, value: str, user: User) -> SafeString | str:
    """The input for a filter's value, drawn by the widget of the field's own kind."""
    attrs = {"id": "filter-value", "class": "input", "aria-label": gettext("Value")}
    if operator.wants == "none":
        return ""
    if operator.wants == "period":
        names = [(name, gettext(label)) for name, label in PERIODS.items()]
        return forms.Select(choices=names).render("v", value, attrs)
    form_field = input_for(replace(field, required=False, help=""), user)
    offered: Any = getattr(form_field, "choices", ())
    if operator.wants == "many":
        choices = [choice for choice in offered if choice[0] != ""]
        many = forms.SelectMultiple(choices=choices)
        return many.render("v", value.split(",") if value else [], attrs)
    if field.kind is Kind.DATETIME:
        return forms.DateInput(attrs={"type": "date"}).render("v", value, attrs)
    if field.kind is Kind.BOOLEAN:
        answers = [("1", gettext("Yes")), ("0", gettext("No"))]
        return forms.Select(choices=answers).render("v", value or "1", attrs)
    if field.kind in (Kind.USER, Kind.TEAM):
        own = ("me", gettext("me")) if field.kind is Kind.USER else ("mine", gettext("my team"))
        choices = [own, *(pair for pair in offered if pair[0] != "")]
        if operator.name == "not" and field.kind is Kind.TEAM:
            choices = choices[1:]
        return forms.Select(choices=choices).render("v", value or own[0], attrs)
    return form_field.widget.render("v", value, attrs)
