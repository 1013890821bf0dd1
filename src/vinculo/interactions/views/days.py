"""My day; and the note that a page was opened."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.interactions.actions import add_task
from vinculo.interactions.day import (
    MOST_SHOWN,
    Item,
    my_day,
    note_view,
    path_of,
    recently_viewed,
)
from vinculo.interactions.forms import QuickTaskForm
from vinculo.interactions.presentation import ICONS, due_chip, title_of
from vinculo.interactions.rounds import BY_TIME, MOST_VISITS, Stop, round_of
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.access import reaches, rights_of
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.views.common import Request, toast, told

#: So many overdue lines are drawn; the others when they are asked for.
OVERDUE_SHOWN = 10


def day_context(request: Request, form: QuickTaskForm | None = None) -> dict[str, Any]:
    """What My day shows."""
    user = request.user
    day = my_day(user)
    titled = [
        ("overdue", gettext("Overdue"), day.overdue),
        ("today", gettext("Today"), day.now),
        ("next", gettext("Next 7 days"), day.next),
        ("undated", gettext("Without a date"), day.undated),
    ]
    unfolded = request.GET.get("all") == "overdue"
    return {
        "day": day,
        "sections": [
            _section(request, name, title, items, unfolded)
            for name, title, items in titled
            if items or name == "today"
        ],
        "here": "/my-day?all=overdue" if unfolded else "/my-day",
        "recent": [(party, path_of(party)) for party in recently_viewed(user)],
        "form": form or _quick_form(request),
        "may_add": rights_of(user).may("interactions.add_task"),
        "most": MOST_SHOWN,
        "snoozes": snoozes(),
    }


def _section(
    request: Request, name: str, title: str, items: list[Item], unfolded: bool
) -> dict[str, Any]:
    """A part of the day: how much is in it, and the lines that are drawn."""
    folds = name == "overdue" and len(items) > OVERDUE_SHOWN
    drawn = items[:OVERDUE_SHOWN] if folds and not unfolded else items
    return {
        "name": name,
        "title": title,
        "count": len(items),
        "items": [_line(request, item) for item in drawn],
        "folded": len(drawn) < len(items),
        "unfolded": folds and unfolded,
    }


def _quick_form(request: Request) -> QuickTaskForm:
    today = timezone.localdate(now())
    return QuickTaskForm(user=request.user, initial={"due_on": today})


def snoozes() -> list[tuple[str, Any]]:
    """The days one usually puts a task off to."""
    today = timezone.localdate(now())
    monday = today + timedelta(days=7 - today.weekday())
    return [
        (gettext("Tomorrow"), today + timedelta(days=1)),
        (gettext("In three days"), today + timedelta(days=3)),
        (gettext("Next Monday"), monday),
        (gettext("In a month"), today + timedelta(days=30)),
    ]


def _line(request: Request, item: Item) -> dict[str, Any]:
    row, is_task = item.row, item.sort == "task"
    chip, tone = due_chip(row) if is_task else ("", "")
    return {
        "sort": item.sort,
        "row": row,
        "day": item.day,
        "at": item.at,
        "title": row.title if is_task else title_of(row),
        "icon": ICONS["task"] if is_task else ICONS[row.kind],
        "party": row.party if row.party and row.party.name else None,
        "party_url": path_of(row.party) if row.party and row.party.name else "",
        "url": f"/tasks/{row.pk}" if is_task else f"/activities/{row.pk}",
        "chip": chip,
        "tone": tone,
        "high": is_task and row.priority == 3,
        "may_edit": reaches(request.user, row, "edit"),
    }


@login_required
@require_safe
def my_day_page(request: Request) -> HttpResponse:
    """What is overdue, due today and next, and what was looked at last."""
    return render(request, "interactions/my_day.html", day_context(request))


@login_required
@require_safe
def visits(request: Request) -> HttpResponse:
    """A day's visits and meetings, by their hours or area by area."""
    today = timezone.localdate(now())
    day = day_asked(request.GET.get("day", ""), today)
    found = round_of(request.user, day, request.GET.get("by", BY_TIME))
    rights = rights_of(request.user)
    context = {
        "round": found,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "here": f"/my-day/visits?day={day:%Y-%m-%d}&by={found.by}",
        "stops": [_stop(request, stop) for stop in found.stops],
        "may_plan": rights.may("interactions.plan_visit"),
        "most": MOST_VISITS,
    }
    return render(request, "interactions/visits.html", context)


def day_asked(text: str, otherwise: date) -> date:
    """The day in an address; another one where there is none, or none that a calendar turns to."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return otherwise
    return day if 1970 <= day.year <= 2200 else otherwise


def _stop(request: Request, stop: Stop) -> dict[str, Any]:
    row = stop.row
    may_edit = reaches(request.user, row, "edit")
    return {
        **_line(request, Item("plan", row, None, row.at)),
        "address": str(stop.address),
        "may_check_in": may_edit and row.checked_in_at is None,
        "may_edit": may_edit,
    }


@login_required
@require_POST
def quick_task(request: Request) -> HttpResponse:
    """Add a task from the line on top of My day."""
    form = QuickTaskForm(request.POST, user=request.user)
    if not rights_of(request.user).may("interactions.add_task"):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    if not form.is_valid():
        return _refused(request, form, 422)
    try:
        with journal.change_set(actor=request.user, verb="interactions.add_task") as opened:
            add_task(actor=request.user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return _refused(request, form, status_of(error))
    if not request.htmx:
        return redirect("/my-day")
    done = toast(gettext("Task added."), undo=opened.id)
    context = {"form": _quick_form(request), "once_anew": True}
    fresh = render(request, "interactions/quick_task.html", context)
    return told(fresh, toast=done, records_changed={})


def _refused(request: Request, form: QuickTaskForm, status: int) -> HttpResponse:
    context = day_context(request, form)
    template = "interactions/quick_task.html" if request.htmx else "interactions/my_day.html"
    return render(request, template, context, status=status)


@login_required
@require_POST
def seen(request: Request) -> HttpResponse:
    """Remember that a customer's page was opened; says nothing about what may not be seen."""
    row_id = request.POST.get("id", "")
    if row_id.isascii() and row_id.isdigit() and len(row_id) < 19:
        note_view(request.user, request.POST.get("entity", ""), int(row_id))
    return HttpResponse(status=204)
