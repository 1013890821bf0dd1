"""The pages: how good the records of one type are, one figure by itself, and the alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import NotAllowed, NotFound, _
from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.records.entity import Entity
from vinculo.records.fields import Label
from vinculo.records.filters import filter_for
from vinculo.records.quality import actions
from vinculo.records.quality.alerts import called, measure_of, percent_text, title_of
from vinculo.records.quality.charts import chart_of
from vinculo.records.quality.counting import Tally, groups_of, value_filter
from vinculo.records.quality.forms import PART_LABELS, SEPARATOR, AlertForm
from vinculo.records.quality.measures import (
    DAYS,
    PARTS,
    USUAL_DAYS,
    Measure,
    Share,
    measures_of,
    share_of,
)
from vinculo.records.quality.models import QualityAlert
from vinculo.records.quality.naming import names_of
from vinculo.records.quality.reading import Reading, read, trend, types_for
from vinculo.records.views.common import Request, moved_to, toast, told

ACTIVE = "quality"
PAGE, SETTINGS = "/quality", "/settings/quality"
SPANS = (30, 90, 365)
MOST_VALUES = 50


@dataclass(frozen=True)
class Line:
    """One figure of a page: its name, its share, the list behind it and its own page."""

    label: Label
    why: Label
    share: Share | None
    list_url: str
    url: str = ""

    @property
    def good(self) -> str:
        """The share that is in order, in words."""
        good = self.share.good if self.share is not None else None
        return percent_text(good) if good is not None else "–"

    @property
    def meter(self) -> int:
        """The same as a whole number for a meter."""
        return int(self.share.good or 0) if self.share is not None else 0


@login_required
@require_safe
def overview(request: Request) -> HttpResponse:
    """All figures of one record type."""
    types, entity = _type(request)
    days = _number(request, "days", DAYS, USUAL_DAYS)
    measures = {
        name: one
        for name, one in measures_of(entity, request.user).items()
        if one.days in (0, days)
    }
    reading = read(entity, request.user, measures.values())
    context = {
        "types": types,
        "entity": entity,
        "reading": reading,
        "parts": _parts(entity, measures, reading) if reading is not None else [],
        "days": days,
        "all_days": DAYS,
        **_around(request.user),
    }
    return render(request, "records/quality/overview.html", context)


@login_required
@require_safe
def figure(request: Request) -> HttpResponse:
    """One figure: its trend, and by owner, source and origin."""
    types, entity = _type(request)
    measures = measures_of(entity, request.user)
    name = request.GET.get("what", "")
    measure = measures.get(name) if name else next(iter(measures.values()))
    if measure is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    span = _number(request, "span", SPANS, SPANS[0])
    needed = [measure, *(measures[one] for one in (measure.among,) if one in measures)]
    groups = groups_of(entity, request.user)
    reading = read(entity, request.user, needed, groups)
    points = trend(entity, request.user, measure, span)
    context = {
        "types": types,
        "entity": entity,
        "measure": measure,
        "heading": called(measure),
        "part": PART_LABELS[measure.part],
        "reading": reading,
        "line": _line(entity, measure, reading.all) if reading is not None else None,
        "tables": _tables(entity, request.user, measure, groups, reading) if reading else [],
        "points": list(reversed(points)),
        "chart": chart_of(points),
        "span": span,
        "spans": SPANS,
        "figure": f"{entity.key}{SEPARATOR}{measure.name}",
        **_around(request.user),
    }
    return render(request, "records/quality/figure.html", context)


@login_required
@require_POST
def measure(request: Request) -> HttpResponse:
    """Count everything now."""
    actions.measure_now(actor=request.user)
    if not request.htmx:
        return redirect(PAGE)
    return told(moved_to(PAGE), toast=toast(gettext("Counting …")))


def _type(request: Request) -> tuple[list[Entity], Entity]:
    """The record types to choose from and the one asked for; refused where there is none."""
    types = types_for(request.user)
    if not types:
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    return types, next((t for t in types if t.path == request.GET.get("of")), types[0])


def _number(request: Request, name: str, offered: tuple[int, ...], usual: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text in {str(one) for one in offered} else usual


def _around(user: User) -> dict[str, Any]:
    administrator = rights_of(user).administrator
    return {"may_measure": administrator, "working": administrator and actions.under_way()}


def _parts(
    entity: Entity, measures: dict[str, Measure], reading: Reading
) -> list[tuple[str, Label, list[Line]]]:
    lines = {
        part: [_line(entity, one, reading.all) for one in measures.values() if one.part == part]
        for part in PARTS
    }
    return [(part, PART_LABELS[part], lines[part]) for part in PARTS if lines[part]]


def _line(entity: Entity, measure: Measure, counted: Tally) -> Line:
    url = f"{PAGE}/figure?{urlencode({'of': entity.path, 'what': measure.name})}"
    share = share_of(measure, counted.records, counted.counts)
    return Line(measure.label, measure.why, share, f"/{entity.path}?{measure.query}", url)


def _tables(
    entity: Entity, user: User, measure: Measure, groups: list[str], reading: Reading
) -> list[tuple[Label, list[Line], int]]:
    """For each group its values, those with most amiss first, and how many are left out."""
    made = []
    for name in groups:
        by = filter_for(entity, user, *_any_filter(name)).field
        told = {value: t for (group, value), t in reading.tallies.items() if group == name}
        shares = {value: share_of(measure, t.records, t.counts) for value, t in told.items()}
        worst = sorted(shares, key=lambda value: (-_amiss(shares[value]), value))
        names = names_of(by, worst[:MOST_VALUES], user)
        lines = [
            Line(names[value], "", shares[value],
                 f"/{entity.path}?{urlencode([value_filter(by, value)])}&{measure.query}")
            for value in worst[:MOST_VALUES]
        ]  # fmt: skip
        made.append((by.label or name, lines, max(len(worst) - MOST_VALUES, 0)))
    return made


def _any_filter(name: str) -> tuple[str, str]:
    return (f"{name}.in", "") if name != "owner" else ("owner.is", "")


def _amiss(share: Share | None) -> int:
    return share.amiss if share is not None else 0


# --- alerts -------------------------------------------------------------------------------------


@for_administrators
@require_safe
def alerts(request: Request) -> HttpResponse:
    """All alerts."""
    listed = QualityAlert.objects.visible_to(signed_in(request)).order_by("entity", "pk")
    context = {"alerts": [(one, title_of(one), measure_of(one) is not None) for one in listed]}
    return show(request, "records/quality/alerts.html", ACTIVE, context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new_alert(request: Request) -> HttpResponse:
    """Make one."""
    user = signed_in(request)
    form = AlertForm(request.POST or None, user=user, figure=request.GET.get("figure", ""))
    if request.method == "POST":
        ok, _made = submit(form, lambda: actions.create_alert(actor=user, **form.values()))
        if ok:
            return done(request, SETTINGS, saved())
    return _form(request, form, gettext("New alert"))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit_alert(request: Request, pk: int) -> HttpResponse:
    """Change one."""
    user, alert = signed_in(request), _alert(request, pk)
    form = AlertForm(request.POST or None, user=user, alert=alert)
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.change_alert(actor=user, alert=alert, **form.values())
        )
        if ok:
            return done(request, SETTINGS, saved())
    return _form(request, form, title_of(alert))


@for_administrators
@require_POST
def switch_alert(request: Request, pk: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    actions.switch_alert(actor=signed_in(request), alert=_alert(request, pk), active=on)
    said = gettext("The alert is on.") if on else gettext("The alert is off.")
    return done(request, SETTINGS, said)


@for_administrators
@require_POST
def delete_alert(request: Request, pk: int) -> HttpResponse:
    """Take one away."""
    actions.delete_alert(actor=signed_in(request), alert=_alert(request, pk))
    return done(request, SETTINGS, gettext("The alert was deleted."))


def _alert(request: Request, pk: int) -> QualityAlert:
    alert: QualityAlert = found(
        QualityAlert.objects.visible_to(signed_in(request)).filter(pk=pk).first()
    )
    return alert


def _form(request: Request, form: AlertForm, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": SETTINGS}
    return show(request, "records/quality/alert.html", ACTIVE, context, 422 if form.errors else 200)
