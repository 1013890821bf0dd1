"""Activity → Undo: what was done in the last thirty days, and what undoing it would do."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.ids import row_id
from vinculo.platform.access import rights_of
from vinculo.platform.actions import OTHER_VERBS, actions, get_action, verb_label
from vinculo.platform.models import User
from vinculo.records.registry import entities, find
from vinculo.records.undoing.listing import OTHERS, Asked, change_sets_of, page, standing
from vinculo.records.undoing.preview import preview
from vinculo.records.views.common import Request, dialog_or_page


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    """The change-sets that the reader may see, narrowed by person, verb, type and days."""
    asked = asked_for(request)
    found = page(request.user, asked)
    rights = rights_of(request.user)
    others = rights.administrator or rights.may(OTHERS)
    context = {
        "days": found.days,
        "yesterday": timezone.localdate(now()) - timedelta(days=1),
        "asked": asked,
        "older_url": f"/undo?{asked.query(before=found.older)}" if found.older else "",
        "newer_url": f"/undo?{asked.query(after=found.newer)}" if found.newer else "",
        "people": User.objects.visible_to(request.user).order_by("name") if others else [],
        "verbs": verbs(),
        "types": [(one.key, one.label_plural) for one in entities()],
    }
    return render(request, "records/undo.html", context)


@login_required
@require_safe
def show(request: Request, changeset_id: int) -> HttpResponse:
    """What undoing one change-set would do."""
    mine = change_sets_of(request.user).select_related("actor")
    found = mine.filter(pk=changeset_id).first()
    if found is not None:
        number, undone = standing([found])[found.pk]
        if undone is None and number != found.pk:
            found = mine.filter(pk=number).first()  # undone and taken back: that one is undone now
    if found is None:
        raise Http404(gettext("This is no longer there, or you may not see it."))
    own = found.actor_id == request.user.pk or rights_of(request.user).administrator
    context: dict[str, Any] = {
        "change_set": found,
        "what": found.said if own and found.label else verb_label(found.verb),
        "undone": undone,
        "preview": preview(found, request.user),
        "heading": gettext("What undoing would do"),
        "post_url": f"/changes/{found.pk}/undo",
    }
    return dialog_or_page(request, "records/undo_preview.html", context)


def asked_for(request: HttpRequest) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    said = request.GET
    verb = said.get("verb", "")
    return Asked(
        person=row_id(said.get("person", "")),
        verb=verb if verb in OTHER_VERBS or get_action(verb) is not None else "",
        kind=said.get("kind", "") if find(said.get("kind", "")) else "",
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
        before=row_id(said.get("before", "")),
        after=row_id(said.get("after", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2999 else None


def verbs() -> list[tuple[str, str]]:
    """Everything that can have been done, by its name on screens."""
    names = [*OTHER_VERBS, *(name for name, entry in actions().items())]
    return sorted(((name, str(verb_label(name))) for name in names), key=lambda pair: pair[1])
