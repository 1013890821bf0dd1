"""The page of the sales reports, and their tables as files."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed, _
from vinculo.parties.choices import Source
from vinculo.platform import journal
from vinculo.platform.access_events import note_list
from vinculo.platform.models import Team, User
from vinculo.platform.views.common import found, signed_in
from vinculo.products.currency import books_currency
from vinculo.sales.forecast.periods import KINDS, Period
from vinculo.sales.pipelines.known import known
from vinculo.sales.reports.asked import BY, DEAL, PAGE, Asked, asked_of, sees
from vinculo.sales.reports.outcomes import label_of
from vinculo.sales.reports.spans import Span
from vinculo.sales.reports.tables import csv_text
from vinculo.sales.reports.tabs import Tab, may_take_away, tabs_for
from vinculo.sales.reports.winloss import lessons

REFUSED = _("You may not do this. Ask an administrator for the right to.")


def _asked(request: HttpRequest) -> tuple[User, dict[str, Tab], Asked]:
    user = signed_in(request)
    tabs = tabs_for(user)
    if not tabs:
        raise NotAllowed(REFUSED)
    return user, tabs, asked_of(request, user, list(tabs))


@login_required
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """How selling went."""
    user, tabs, asked = _asked(request)
    tab = tabs[asked.tab]
    context = {
        "asked": asked,
        "tab": tab,
        "tabs": [(one, asked.url(tab=one.name)) for one in tabs.values()],
        "books": books_currency(),
        "tables": tab.tables(user, asked),
        "lessons": lessons(user, asked) if tab.name == "outcome" else [],
        "lessons_url": asked.list_url(
            ("closed_on.between", asked.span.listed), ("lesson.filled", "1")
        ),
        "may_take": may_take_away(user, tab),
        "taking": asked.url(f"{PAGE}/export"),
        **_around(user, asked),
    }
    return render(request, "sales/reports/page.html", context)


def _around(user: User, asked: Asked) -> dict[str, Any]:
    """The ways to other times, and what the report can be narrowed to."""
    today = timezone.localdate(now())
    span = asked.span
    day = today if span.start <= today <= span.end else span.start
    names = {
        "month": pgettext("period", "Month"),
        "quarter": pgettext("period", "Quarter"),
        "year": pgettext("period", "Year"),
    }
    spans = [(names[kind], Span.of(Period.around(day, kind))) for kind in KINDS]
    spans.append((gettext("12 months"), Span.last_year(today)))
    choices = {
        "pipelines": ("pipeline", lambda: known().pipelines),
        "teams": ("team", lambda: Team.objects.visible_to(user).order_by("name", "pk")),
        "people": ("owner", lambda: User.objects.visible_to(user).order_by("name", "pk")),
        "sources": ("source", lambda: Source.choices),
    }
    return {
        "period": span.text(),
        "kinds": [(label, asked.url(span=one), one == span) for label, one in spans],
        "previous": asked.url(span=span.step(-1)),
        "next": asked.url(span=span.step(1)),
        "ways": [(name, label_of(user, name)) for name in BY if sees(user, DEAL, name)],
        "everything": asked.url(pipeline=None, team=None, person=None, source=""),
        **{
            name: make() if sees(user, DEAL, field) else ()
            for name, (field, make) in choices.items()
        },
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """One table of a report as a file. Posted, because it is written down who took it."""
    user, tabs, asked = _asked(request)
    if request.method != "POST":
        return redirect(asked.url())
    if not may_take_away(user, tabs[asked.tab]):
        raise NotAllowed(REFUSED)
    wanted = request.POST.get("table", "")
    made = {table.key: table for table in tabs[asked.tab].tables(user, asked)}
    table = found(made.get(wanted))
    label = f"{pgettext('page', 'Sales report')}: {table.title} (CSV)"
    with journal.change_set(actor=user, verb="records.export", label=label):
        pass
    note_list(user, "export", DEAL, len(table.rows), asked.url().partition("?")[2])
    response = HttpResponse(csv_text(table), content_type="text/csv; charset=utf-8")
    name = f"{asked.tab}-{table.key}-{asked.span.code}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
