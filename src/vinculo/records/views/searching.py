"""The search page and the command palette."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext

from vinculo.kernel.text import fold
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import RecentView, User
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.references import hidden_targets
from vinculo.records.registry import entities, find
from vinculo.records.search import search
from vinculo.records.transfer.imports import may_import
from vinculo.records.views.common import Request


@login_required
def search_page(request: Request) -> HttpResponse:
    """All matches by record type, for a search that somebody wants to keep or share."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    groups = [
        {"entity": group.entity, "items": _items(request.user, group.entity, group.records)}
        for group in (search(request.user, text, each=20) if text else [])
    ]
    return render(request, "records/search.html", {"q": text, "groups": groups})


@login_required
def palette(request: Request) -> HttpResponse:
    """Answers while somebody types into the palette: commands, records, settings."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    groups: list[dict[str, Any]] = []
    commands = _commands(request, fold(text))
    if not text:
        recent = recent_records(request, 6)
        if recent:
            groups.append({"label": gettext("Recently viewed"), "items": recent})
        groups.append({"label": gettext("Go to"), "items": commands})
    else:
        for group in search(request.user, text):
            items = _items(request.user, group.entity, group.records)
            groups.append({"label": group.entity.label_plural, "items": items})
        if commands:
            groups.append({"label": gettext("Commands"), "items": commands})
    context = {"query": text, "groups": groups}
    return render(request, "web/components/palette_results.html", context)


def _items(user: User, entity: Entity, records: list[Any]) -> list[dict[str, Any]]:
    """Records as lines of the palette: name, what distinguishes it, as far as the user may see."""
    fields = entity.fields_for(user, entity.subtitle)
    hidden = hidden_targets(records, fields, user)
    return [
        {
            "label": entity.title_of(record),
            "url": entity.url(record),
            "avatar": "" if entity.mark else entity.title_of(record),
            "icon": entity.icon,
            "shape": entity.avatar_shape,
            "note": format_html_join(
                " · ", "{}", ((html,) for field in fields if (html := cell(field, record, hidden)))
            ),
            "peek": f"{entity.url(record)}/peek",
        }
        for record in records
    ]


def recent_records(request: Request, most: int) -> list[dict[str, Any]]:
    """What the reader opened last, as far as they may still see it: one query per record type."""
    views = list(RecentView.objects.filter(user=request.user).order_by("-at")[: most * 2])
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for key in {view.entity for view in views}:
        entity = find(key)
        if entity is None:
            continue
        ids = [view.row_id for view in views if view.entity == key]
        records = list(entity.with_references(entity.visible(request.user)).filter(pk__in=ids))
        for record, item in zip(records, _items(request.user, entity, records), strict=True):
            found[(key, record.pk)] = item
    ordered = [found.get((view.entity, view.row_id)) for view in views]
    return [item for item in ordered if item][:most]


def _commands(request: Request, wanted: str) -> list[dict[str, Any]]:
    """Pages to go to and records to make, filtered by what was typed."""
    rights = rights_of(request.user)
    items: list[dict[str, Any]] = [
        {"label": gettext("My day"), "url": "/my-day", "icon": "list-checks"}
    ]
    for entity in sorted(entities(), key=lambda one: one.nav_order):
        if rights.scope(entity.key) is Scope.NONE or not entity.nav:
            continue
        items.append(
            {"label": str(entity.label_plural), "url": entity.nav_url, "icon": entity.icon}
        )
    for entity in sorted(entities(), key=lambda one: one.nav_order):
        if entity.creatable and rights.scope(entity.key, "add") is not Scope.NONE:
            url = f"/{entity.path}/new"
            items.append(
                {"label": str(entity.add_label), "url": url, "icon": "plus", "dialog": url}
            )
    if any(may_import(request.user, one) for one in entities()):
        items.append({"label": gettext("Import a file"), "url": "/import/", "icon": "upload"})
    items.append({"label": gettext("Settings"), "url": "/settings/", "icon": "settings"})
    return [item for item in items if not wanted or wanted in fold(str(item["label"]))]
