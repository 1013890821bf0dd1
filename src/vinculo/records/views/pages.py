"""A record's page, its facts in place, its side-panel peek and its history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from vinculo.platform.access_events import note_record
from vinculo.records.cells import cell
from vinculo.records.entity import Entity, Figure
from vinculo.records.history import told_history
from vinculo.records.references import hidden_targets
from vinculo.records.saved.shelf import shelf_of
from vinculo.records.shaping.arranging import layout_url, panels_at, shape_of
from vinculo.records.views.common import Request, entity_view, get_record, may
from vinculo.records.views.facts import sections_of
from vinculo.records.views.standing import standing_context


@entity_view()
def show(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The record's page: header, facts, panels."""
    record = get_record(request, entity, pk)
    note_record(request.user, "page", entity.key, pk)
    editable = may(request, entity, record, "edit")
    context = {
        "entity": entity,
        "record": record,
        "title": entity.title_of(record),
        "picture": entity.picture_of(record),
        "subtitle": subtitle(entity, request, record),
        "badges": entity.badges(request.user, record) if entity.badges else [],
        "figures": figures(request, entity, record),
        "sections": sections_of(request.user, entity, record, editable),
        "main_panels": panels(request, entity, record, "main"),
        "side_panels": panels(request, entity, record, "side"),
        "foot_panels": panels(request, entity, record, "foot"),
        "actions": [
            action
            for action in entity.actions_for(request.user)
            if action.offered_on(record) and (action.granted or editable)
        ],
        "links": [link for link in entity.links_on if may(request, entity, record, link.verb)],
        "may_edit": editable,
        "may_delete": may(request, entity, record, "delete"),
        "favourite": shelf_of(request.user).keeps(entity.key, row=record.pk),
        "favourite_url": f"{entity.url(record)}/favourite",
        "url": entity.url(record),
        "layout_url": layout_url(request.user, entity),
        **standing_context(request, entity, pk),
    }
    return render(request, "records/record.html", context)


def subtitle(entity: Entity, request: Request, record: Any) -> list[SafeString]:
    """The few words under the title."""
    fields = entity.fields_for(request.user, entity.subtitle)
    hidden = hidden_targets([record], fields, request.user)
    return [html for field in fields if (html := cell(field, record, hidden))]


def figures(request: Request, entity: Entity, record: Any) -> list[Figure]:
    """The key figures of the header that this reader may see."""
    found = [one for ask in entity.figures for one in ask(request.user, record)]
    return sorted(found, key=lambda one: one.order)


def panels(request: Request, entity: Entity, record: Any, place: str) -> list[dict[str, Any]]:
    """The panels of one place that have something to show to this reader."""
    shown = []
    for panel in panels_at(entity, shape_of(request.user, entity), place):
        context = panel.context(request, record)
        if context is not None:
            shown.append({"panel": panel, **context})
    return shown


@entity_view()
def peek(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The record in the side panel: title, badges and facts."""
    record = get_record(request, entity, pk)
    note_record(request.user, "peek", entity.key, pk)
    context = {
        "entity": entity,
        "record": record,
        "title": entity.title_of(record),
        "picture": entity.picture_of(record),
        "subtitle": subtitle(entity, request, record),
        "badges": entity.badges(request.user, record) if entity.badges else [],
        "figures": figures(request, entity, record),
        "sections": sections_of(request.user, entity, record, may(request, entity, record, "edit")),
        "url": entity.url(record),
    }
    return render(request, "records/peek.html", context)


@entity_view()
def history(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Who changed what on this record, old → new, newest first."""
    record = get_record(request, entity, pk)
    note_record(request.user, "history", entity.key, pk)
    told = told_history(entity, record, request.user)
    context = {
        "entity": entity,
        "record": record,
        "title": entity.title_of(record),
        "entries": told.entries,
        "untold": told.untold,
        "url": entity.url(record),
    }
    return render(request, "records/history.html", context)
