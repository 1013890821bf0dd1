"""The search page and the command palette."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext

from vinculo.kernel.text import fold
from vinculo.platform.models import RecentView, User
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.palette.command import BEGINNING, Command, matching
from vinculo.records.palette.gathering import (
    commands_of_page,
    commands_of_selection,
    commands_to_go,
    commands_to_make,
    commands_to_set,
    commands_to_views,
)
from vinculo.records.references import hidden_targets
from vinculo.records.registry import find
from vinculo.records.search import search, searched_late
from vinculo.records.views.common import Request

#: Lines of one group of commands once something is typed.
MOST_COMMANDS = 6
#: Commands of the page before anything is typed.
AT_FIRST = 7


@login_required
def search_page(request: Request) -> HttpResponse:
    """All matches by record type, for a search that somebody wants to keep or share."""
    text = _typed(request)
    return _found_page(request, text, "records/search.html", late=False)


@login_required
def search_more(request: Request) -> HttpResponse:
    """The rest of the search page: the record types that are found after the others."""
    return _found_page(request, _typed(request), "records/search_groups.html", late=True)


def _found_page(request: Request, text: str, template: str, *, late: bool) -> HttpResponse:
    groups = [
        {"entity": group.entity, "items": _items(request.user, group.entity, group.records)}
        for group in (search(request.user, text, each=20, late=late) if text else [])
    ]
    more = "" if late or not text else _more_url(request, "/search/more", text, groups)
    # Nothing is found only when nothing was found before, either.
    context: dict[str, Any] = {"q": text, "groups": groups, "more_url": more}
    context["none"] = text and not (groups or more) and request.GET.get("some") != "1"
    return render(request, template, context)


def _typed(request: Request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]


def _more_url(request: Request, path: str, text: str, groups: list[Any]) -> str:
    """Where the record types that are found late are asked for; nothing where there are none, or
    for a single letter, which begins a word of them all."""
    if not searched_late(request.user) or (len(text) == 1 and text.isascii()):
        return ""
    return f"{path}?{urlencode({'q': text, 'some': int(bool(groups))})}"


@login_required
def palette_more(request: Request) -> HttpResponse:
    """The rest of what the palette finds, asked for when its first answer is there."""
    text = _typed(request)
    groups = _record_groups(request, text, late=True) if text else []
    context: dict[str, Any] = {"query": text, "groups": groups, "place": "late"}
    context["none"] = not groups and request.GET.get("some") != "1"
    return render(request, "web/components/palette_results.html", context)


def _record_groups(request: Request, text: str, *, late: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": group.entity.label_plural,
            "items": _items(request.user, group.entity, group.records),
        }
        for group in search(request.user, text, late=late)
    ]


@login_required
def palette(request: Request) -> HttpResponse:
    """Answers while somebody types into the palette: commands and records; after `>` commands
    alone. `here` is the page it was opened on, `chosen` how many rows are selected there."""
    text, more = _typed(request), ""
    only_commands = text.startswith(">")
    typed = fold(text.removeprefix(">").strip())
    groups = _command_groups(request, typed, everything=bool(text))
    if not text:
        here = request.GET.get("here", "")
        recent = [item for item in recent_records(request, 6) if item["url"] != here]
        if recent:
            # After what can be done here, before where one could go.
            at = next((n for n, group in enumerate(groups) if group["everywhere"]), len(groups))
            groups.insert(at, {"label": gettext("Recently viewed"), "items": recent})
    elif not only_commands:
        found = _record_groups(request, text, late=False)
        # A command that begins with what was typed comes before records that merely contain it.
        early = [group for group in groups if group["best"] <= BEGINNING]
        late = [group for group in groups if group["best"] > BEGINNING]
        groups = [*early, *found, *late]
        more = _more_url(request, "/palette/more", text, groups)
    context: dict[str, Any] = {"query": text, "groups": groups, "more_url": more}
    context |= {"place": "first"}
    context["none"] = not groups and not more
    return render(request, "web/components/palette_results.html", context)


def _command_groups(request: Request, typed: str, *, everything: bool) -> list[dict[str, Any]]:
    """The commands that the letters mean, in groups, each with how well its best line fits; the
    views and settings only where something is typed."""
    user = request.user
    heading, of_page = commands_of_page(user, request.GET.get("here", "")[:300])
    chosen = request.GET.get("chosen", "0")
    of_rows = commands_of_selection() if chosen != "0" else []
    here = [
        (gettext("Selected rows"), of_rows),
        (heading, of_page if typed else of_page[:AT_FIRST]),
    ]
    groups = [
        *here,
        (gettext("Go to"), commands_to_go(user)),
        (gettext("New"), commands_to_make(user)),
    ]
    if everything:
        groups.append((gettext("Views"), commands_to_views(user)))
        groups.append((gettext("Settings"), commands_to_set(user)))
    shown = []
    for label, commands in groups:
        found = matching(commands, typed, MOST_COMMANDS)
        if found:
            items = [_line(command) for _rank, command in found]
            everywhere = (label, commands) not in here
            shown.append(
                {"label": label, "items": items, "best": found[0][0], "everywhere": everywhere}
            )
    return sorted(shown, key=lambda group: group["best"]) if typed else shown


def _line(command: Command) -> dict[str, Any]:
    """A command as a line of the palette."""
    return {
        "label": str(command.label),
        "url": command.url or "#",
        "icon": command.icon,
        "note": str(command.note),
        "caps": command.key.replace("+", " ").split(),
        "dialog": command.url if command.dialog else "",
        "press": command.press,
    }


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
        records = list(entity.with_references(entity.visible(request.user)).filter(pk__among=ids))
        for record, item in zip(records, _items(request.user, entity, records), strict=True):
            found[(key, record.pk)] = item
    ordered = [found.get((view.entity, view.row_id)) for view in views]
    return [item for item in ordered if item][:most]
