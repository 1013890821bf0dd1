"""What happened and is happening: notifications, long work, undo."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.ids import row_id
from vinculo.platform.actions import verb_label
from vinculo.platform.kept import describe_kept
from vinculo.platform.models import ChangeSet, Notification, User
from vinculo.platform.notifications import mark_read, told, unread_count
from vinculo.platform.undo import Kept, NothingUndone, undo_change_set
from vinculo.platform.views.common import found, signed_in, toast
from vinculo.platform.work import cancel_work, current_work

PAGE = 50
SHOWN = 20  # lines of what an undo would leave as it is


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """The latest notifications; with `?badge=1` only the bell with its count."""
    user = signed_in(request)
    if request.GET.get("badge"):
        context = {"count": unread_count(user), "notifications_url": "/notifications"}
        return render(request, "web/components/notifications_badge.html", context)
    mine = Notification.objects.visible_to(user).order_by("-at", "-id")
    before = row_id(request.GET.get("before", ""))
    if before is not None:
        mine = mine.filter(pk__lt=before)
    rows = list(mine[: PAGE + 1])
    context = {
        "rows": told(user, rows[:PAGE]),
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "unread": unread_count(user),
    }
    return render(request, "platform/notifications.html", context)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notification as read."""
    mark_read(signed_in(request))
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Trigger"] = json.dumps({"notifications:changed": {}})
        return response
    return HttpResponseRedirect("/notifications")


@login_required
@require_POST
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one as read and go where it points."""
    user = signed_in(request)
    row = found(Notification.objects.visible_to(user).filter(pk=notification_id).first())
    mark_read(user, [row.pk])
    # Only addresses of our own: a notification must not lead out of the house.
    target = row.url if row.url.startswith("/") and not row.url.startswith("//") else ""
    return HttpResponseRedirect(target or "/notifications")


@login_required
@require_safe
def jobs_chip(request: HttpRequest) -> HttpResponse:
    """The chip in the top bar: one's own long work while it lasts."""
    context = {"jobs": job_lines(signed_in(request)), "jobs_url": "/jobs/chip"}
    return render(request, "web/components/job_chip.html", context)


def job_lines(user: User) -> list[dict[str, Any]]:
    """The user's long work as the chip shows it."""
    return [
        {
            "label": work.label,
            "percent": work.percent if work.total else None,
            "url": work.result_url or "/notifications",
            "cancel_url": "" if work.cancel_requested else f"/jobs/{work.pk}/cancel",
        }
        for work in current_work(user)
    ]


@login_required
@require_POST
def cancel_job(request: HttpRequest, work_id: int) -> HttpResponse:
    """Ask long work to stop."""
    cancel_work(signed_in(request), work_id)
    response = toast(_("It stops at the next step."), "info")
    response["HX-Trigger"] = json.dumps({**json.loads(response["HX-Trigger"]), "jobs:changed": {}})
    return response


@login_required
@require_POST
def undo(request: HttpRequest, changeset_id: int) -> HttpResponse:
    """Undo a change-set.

    Where others changed or used something since, nothing happens yet: a dialog lists it, with who
    and when, and asks whether to undo the rest (`rest=1`) or what hangs on it too
    (`with_dependents=1`).
    """
    user = signed_in(request)
    change_set = found(_undoable(request, changeset_id))
    dependents, rest = (request.POST.get(name) == "1" for name in ("with_dependents", "rest"))
    try:
        with transaction.atomic():
            outcome = undo_change_set(actor=user, change_set=change_set, with_dependents=dependents)
            if outcome.kept and not (rest or dependents):
                raise _Undecided(outcome.kept)
    except _Undecided as undecided:
        return _ask(request, change_set, undecided.kept, rest=True)
    except NothingUndone as nothing:
        return _ask(request, change_set, nothing.kept, rest=False)
    message = _("Undone: %(what)s") % {"what": change_set.said or verb_label(change_set.verb)}
    if not request.headers.get("HX-Request"):
        messages.success(request, message)
        return HttpResponseRedirect(_back(request))
    line: dict[str, Any] = {"message": message, "level": "success"}
    if outcome.changeset_id:
        # An undo is a change like any other: it can be undone in turn.
        line["undo_url"] = f"/changes/{outcome.changeset_id}/undo"
        line["undoes"] = True
    response = HttpResponse(status=204)
    leads_to = request.POST.get("leads_to", "")
    if leads_to.startswith("/") and url_has_allowed_host_and_scheme(leads_to, allowed_hosts=None):
        # What was undone took its page along.
        response["HX-Trigger"] = json.dumps({"toast": line, "dialog:close": {}})
        response["HX-Location"] = json.dumps(
            {"path": leads_to, "target": "#main", "select": "#main", "swap": "outerHTML show:top"}
        )
        return response
    events = {
        "toast": line,
        "record:changed": {},
        "records:changed": {},
        "timeline:changed": {},
        "dialog:close": {},
    }
    response["HX-Trigger"] = json.dumps(events)
    return response


class _Undecided(Exception):
    """Takes the transaction back until the person has decided."""

    def __init__(self, kept: list[Kept]) -> None:
        super().__init__()
        self.kept = kept


def _ask(
    request: HttpRequest, change_set: ChangeSet, kept: list[Kept], *, rest: bool
) -> HttpResponse:
    context = {
        "change_set": change_set,
        "what": change_set.said or verb_label(change_set.verb),
        "rest": rest,
        "dependents": any(item.reason == "used" for item in kept),
        "lines": describe_kept(kept[:SHOWN], signed_in(request)),
        "more": max(0, len(kept) - SHOWN),
        "heading": _("Changed since"),
        "post_url": f"/changes/{change_set.pk}/undo",
    }
    if not request.headers.get("HX-Request"):
        context |= {"dialog_template": "platform/undo_kept.html", "next": _back(request)}
        return render(request, "web/dialog_page.html", context, status=409)
    response = render(request, "platform/undo_kept.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _back(request: HttpRequest) -> str:
    """Where the person was, or is to go on, if that is here."""
    chosen = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(chosen, allowed_hosts=None):
        return chosen
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else "/"


def _undoable(request: HttpRequest, changeset_id: int) -> ChangeSet | None:
    """One's own change-sets, and those of others for whom may undo them."""
    from vinculo.platform.access import rights_of

    user = signed_in(request)
    if rights_of(user).may("platform.undo_others"):
        return ChangeSet.objects.filter(pk=changeset_id).first()
    return ChangeSet.objects.visible_to(user).filter(pk=changeset_id).first()
