"""The timeline as a part of a customer's page: the composer, the filter, the entries."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.composer import kinds_for
from vinculo.interactions.markdown import render
from vinculo.interactions.models import File, Interaction, Task
from vinculo.interactions.presentation import ICONS, shown
from vinculo.interactions.queries import KINDS, Cursor, timeline
from vinculo.interactions.sight import hidden_fields
from vinculo.parties.models import Kind as PartyKind
from vinculo.parties.models import Party
from vinculo.platform.access import Scope, rights_of

LABELS = {
    "note": _("Notes"),
    "call": _("Calls"),
    "email": _("E-mails"),
    "meeting": _("Meetings"),
    "visit": _("Visits"),
    "task": _("Tasks"),
    "file": _("Files"),
}
SEEN_WITH = ("interactions.interaction", "interactions.task", "interactions.file")


def timeline_panel(request: HttpRequest, record: Party) -> dict[str, Any] | None:
    """What the panel needs; None for a reader who may see nothing of what it holds."""
    user: Any = request.user
    rights = rights_of(user)
    kinds = kinds_for(user)
    if not kinds and all(rights.scope(key) is Scope.NONE for key in SEEN_WITH):
        return None
    chosen = next((kind for kind in kinds if kind.name == request.GET.get("compose")), None)
    chosen = chosen or (kinds[0] if kinds else None)
    form = chosen.form(user=user, record=record) if chosen else None
    return {
        **entries(request, record),
        "composer_kinds": kinds,
        "composer_kind": chosen,
        "form": form,
    }


def compose_panel(request: HttpRequest, record: Party) -> dict[str, Any] | None:
    """The kinds of the composer at the thumb, on a phone; None for who may add nothing."""
    user: Any = request.user
    kinds = [
        # beside "Call", which dials, the entry says what it does
        (kind, gettext("Log call") if kind.name == "call" else kind.label)
        for kind in kinds_for(user)
    ]
    return {"kinds": kinds, "page_url": page_url(record)} if kinds else None


def entries(request: HttpRequest, party: Party) -> dict[str, Any]:
    """One page of the timeline as the address asks for it (`kinds`, `before`)."""
    user: Any = request.user
    wanted = [kind for kind in request.GET.get("kinds", "").split(",") if kind in KINDS]
    before = request.GET.get("before", "")
    cursor = Cursor.parse(before) if before else None
    found = timeline(user=user, party=party, kinds=wanted, before=cursor)
    show = [shown(entry, user=user, party=party, timeline=found) for entry in found.ahead]
    days = [
        (day, [shown(entry, user=user, party=party, timeline=found) for entry in group])
        for day, group in found.days
    ]
    return {
        "party": party,
        "page_url": page_url(party),
        "kinds": ",".join(wanted),
        "filters": [
            {
                "label": LABELS[kind],
                "icon": ICONS[kind],
                "on": kind in wanted,
                # A second click on a chip takes it away again.
                "query": "" if kind in wanted else f"?kinds={kind}",
            }
            for kind in LABELS
        ],
        "ahead": show,
        "days": days,
        "more": found.more,
        "first": cursor is None,
        "empty": cursor is None and not show and not days,
    }


def about_panel(request: HttpRequest, record: Interaction | Task | File) -> dict[str, Any] | None:
    """On the page of one entry: its text as it is meant to be read, its customer, its download."""
    user: Any = request.user
    name = {Interaction: "body", Task: "notes"}.get(type(record), "")
    hidden = hidden_fields(user, record._meta.label_lower)
    written = "" if name in hidden or not name else getattr(record, name)
    customer = None if "party" in hidden else record.party
    return {
        "customer": customer,
        "customer_url": page_url(customer) if customer else "",
        "html": render(written) if written else "",
        "download_url": f"/files/{record.token}" if isinstance(record, File) else "",
    }


def page_url(party: Party) -> str:
    """The customer's own page."""
    return f"/{'companies' if party.kind == PartyKind.COMPANY else 'people'}/{party.pk}"
