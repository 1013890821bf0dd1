"""The small answer that open pages ask for every now and then: what others changed meanwhile."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.ids import row_id
from vinculo.platform.access import Scope, rights_of
from vinculo.records import lists
from vinculo.records.layouts.calendar import day_in, rows_in_span
from vinculo.records.living import news, recent_changes
from vinculo.records.registry import find
from vinculo.records.views.common import Request

MOST_SHOWN = 300


@login_required
@require_safe
def live(request: Request) -> HttpResponse:
    """`on` is a record type, `list` the state of the list on the screen, `shown` the ids in it,
    `since` the instant of the last answer. 304 when nobody else did anything since."""
    entity = find(request.GET.get("on", ""))
    if entity is None or rights_of(request.user).scope(entity.key) is Scope.NONE:
        raise Http404
    at = now()
    since = _instant(request.GET.get("since", ""))
    if since is None:
        return _uncached(JsonResponse({"since": at.isoformat(), "changed": [], "new": []}))
    recent = recent_changes(entity, request.user, since, at)
    etag = f'"{recent.mark}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
        answer["X-Since"] = at.isoformat()  # so that the stretch that is looked at stays short
    else:
        asked = QueryDict(request.GET.get("list", "")[:4000])
        state = lists.parse_list(entity, request.user, asked)
        calendar = state.layout in ("month", "week")
        rows = rows_in_span(state, day_in(asked.get("day", ""))) if calendar else None
        found = news(state, recent, _ids(request.GET.get("shown", "")), rows)
        told = {"since": at.isoformat(), "changed": found.changed, "new": found.new}
        answer = JsonResponse(told)
    answer["ETag"] = etag
    return _uncached(answer)


def _uncached(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _ids(text: str) -> set[int]:
    found = (row_id(part) for part in text.split(",")[:MOST_SHOWN])
    return {pk for pk in found if pk is not None}
