"""Settings → Accesses: who opened, downloaded and exported what; for administrators."""

from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.ids import row_id
from vinculo.platform import journal
from vinculo.platform.leaving.owned import accesses_of
from vinculo.platform.models import AccessEvent, User
from vinculo.platform.views.common import for_administrators, found, show
from vinculo.records.accesses import csv_lines, lines
from vinculo.records.registry import entities, find
from vinculo.records.views.common import Request

PAGE = 100


@require_safe
@for_administrators
def index(request: Request) -> HttpResponse:
    """The accesses, newest first; narrowed by person, door, record type and record."""
    said = request.GET
    person, before, row = (row_id(said.get(name, "")) for name in ("person", "before", "row"))
    how = said.get("how", "") if said.get("how", "") in AccessEvent.How.values else ""
    kind = said.get("kind", "") if find(said.get("kind", "")) else ""
    rows = AccessEvent.objects.visible_to(request.user).select_related("user", "seen_as")
    asked = {"person": person, "how": how, "kind": kind, "row": row if kind else None}
    columns = {"person": "user_id", "how": "how", "kind": "entity", "row": "row_id"}
    for name, value in asked.items():
        if value:
            rows = rows.filter(**{columns[name]: value})
    if before is not None:
        rows = rows.filter(pk__lt=before)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    kept = {name: value for name, value in asked.items() if value}
    older = {**kept, "before": some[PAGE - 1].pk} if len(some) > PAGE else {}
    context = {
        "lines": lines(some[:PAGE], request.user),
        "asked": asked,
        "narrowed": bool(kept),
        "older_url": f"/settings/accesses?{urlencode(older)}" if older else "",
        "people": User.objects.visible_to(request.user).order_by("name"),
        "doors": AccessEvent.How.choices,
        "types": [(one.key, one.label_plural) for one in entities()],
    }
    return show(request, "records/accesses.html", "accesses", context)


@require_POST
@for_administrators
def report(request: Request, user_id: int) -> HttpResponse:
    """What a colleague opened and took away in the last ninety days, as a file. Posted, because it
    is written down who took it."""
    person: User = found(User.objects.visible_to(request.user).filter(pk=user_id).first())
    with journal.change_set(actor=request.user, verb="records.export", label=person.name):
        pass
    answer = StreamingHttpResponse(
        csv_lines(accesses_of(person), request.user), content_type="text/csv; charset=utf-8"
    )
    name = f"accesses-{person.pk}-{now():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer  # type: ignore[return-value]
