"""What the page of a list needs for its layouts: the switch, and the board or the calendar."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext, pgettext

from vinculo.records.layouts.board import columns_of, lanes_of
from vinculo.records.layouts.calendar import day_in, span_of
from vinculo.records.lists import ListState
from vinculo.records.lists.parsing import layouts_of
from vinculo.records.views.common import Request, may_add


def layout_context(request: Request, state: ListState) -> dict[str, Any]:
    """The links of the switch, and the layout that is chosen instead of the table."""
    found: dict[str, Any] = {"layout_links": _links(state)}
    entity = state.entity
    if state.layout == "board":
        lanes = lanes_of(state)
        found |= {
            "layout_template": "records/layouts/board.html",
            "columns": columns_of(state, lanes),
            "lanes": lanes.others if lanes is not None else (),
        }
    elif state.layout and entity.calendar is not None:
        by = entity.field_for(request.user, entity.calendar.by)
        assert by is not None, "parsed only where the reader sees the field"
        day = day_in(request.GET.get("day", ""))
        span = span_of(state, entity.calendar, by, day, may_add(request, entity))
        found |= {
            "layout_template": "records/layouts/calendar.html",
            "span": span,
            "by": by,
            "day": day.isoformat(),
            "here": span.here,
            "spans": _spans(state, day.isoformat()),
        }
    return found


def _links(state: ListState) -> list[dict[str, Any]]:
    """Table, board and calendar, as far as the record type has them."""
    offered = layouts_of(state.entity, state.user)
    if not offered:
        return []
    links = [_link(state, "", gettext("Table"), "table-2")]
    if "board" in offered:
        links.append(_link(state, "board", gettext("Board"), "square-kanban"))
    if "month" in offered:
        links.append(_link(state, "month", gettext("Calendar"), "calendar-days"))
    return links


def _spans(state: ListState, day: str) -> list[dict[str, Any]]:
    at = f"&{urlencode({'day': day})}"
    month, week = pgettext("calendar", "Month"), pgettext("calendar", "Week")
    links = [_link(state, "month", month, ""), _link(state, "week", week, "")]
    return [
        {**one, "url": one["url"] + at, "active": one["layout"] == state.layout} for one in links
    ]


def _link(state: ListState, layout: str, label: str, icon: str) -> dict[str, Any]:
    from dataclasses import replace

    query = replace(state, layout=layout, after="", before="").query()
    active = state.layout == layout or (layout == "month" and state.layout == "week")
    url = f"/{state.entity.path}?{query}"
    return {"layout": layout, "label": label, "icon": icon, "url": url, "active": active}
