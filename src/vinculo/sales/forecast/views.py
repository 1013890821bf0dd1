"""The forecast page, its targets, and what a manager expects instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform.access import rights_of
from vinculo.platform.formats import money_text, number_text
from vinculo.platform.models import User
from vinculo.platform.views.common import dialog, done, found, saved, signed_in, submit
from vinculo.products.currency import books_currency
from vinculo.records.registry import entity
from vinculo.sales.forecast import targets
from vinculo.sales.forecast.asked import PAGE, Asked, asked_of, may_forecast
from vinculo.sales.forecast.figures import as_it_was, current
from vinculo.sales.forecast.forms import AdjustForm, TargetsForm
from vinculo.sales.forecast.models import Snapshot, Target
from vinculo.sales.forecast.past import accuracy, chart_of, movement
from vinculo.sales.forecast.periods import KINDS, Period
from vinculo.sales.forecast.products import ProductLine, product_lines
from vinculo.sales.forecast.rates import ENOUGH, StageRate, stage_rates
from vinculo.sales.forecast.snapshots import snapshot_before, snapshot_now
from vinculo.sales.forecast.tree import Line, Told, Tree
from vinculo.sales.pipelines.known import known, pipelines_for
from vinculo.sales.pipelines.models import Ends

TARGETS = "/forecast/targets"
SHOWN = 500


@dataclass(frozen=True)
class Cell:
    """A figure in its column, with the list behind it."""

    label: str
    text: str
    url: str = ""
    note: str = ""


@login_required
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """Who is going to sell how much."""
    user, asked = reader(request), asked_of(request)
    today = timezone.localdate(now())
    rates = stage_rates(today)
    kept = snapshot_before(asked.as_of) if asked.as_of is not None else None
    tree = Tree(_told(user, asked, rates, kept))
    lines = tree.lines()
    led = {one.pk for one in targets.led_people(user)} if targets.leads_somebody(user) else set()
    context = {
        **around(user, asked),
        "labels": labels(),
        "rows": [row_of(asked, line, led) for line in lines],
        "empty": len(lines) == 1,
        "products": [_of_product(one) for one in product_lines(user, asked)],
        "product_labels": product_labels(),
        "without_rate": lines[0].figures.without_rate,
        "history": _history(rates, asked.pipeline),
        "enough": ENOUGH,
        "may_target": bool(led),
        "kept": kept,
        "points": (points := movement(user, asked)),
        "chart": chart_of(points),
        "compared": accuracy(user, asked, today),
        "may_snapshot": rights_of(user).administrator,
        "team": tree.teams.get(asked.team) if asked.team else None,
        "person": User.objects.visible_to(user).filter(pk=asked.person).first()
        if asked.person
        else None,
    }
    return render(request, "sales/forecast/page.html", context)


def _told(user: User, asked: Asked, rates: dict[int, StageRate], kept: Snapshot | None) -> Told:
    """What the rows are made of: as it is, or as it was where a day is asked for. What is said of
    people is said of all pipelines, and an adjustment of what is computed today."""
    if asked.as_of is not None:
        figures = as_it_was(user, asked, kept.day) if kept is not None else {}
    else:
        figures = current(user, asked, rates)
    whole = asked.pipeline is None
    return Told(
        asked,
        figures,
        targets.targets_of(user, asked.period) if whole else {},
        targets.adjustments_of(user, asked.period) if whole and asked.as_of is None else {},
    )


def reader(request: HttpRequest) -> User:
    """Who asks; refused where a forecast would tell what they may not see."""
    user = signed_in(request)
    if not may_forecast(user):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    return user


def around(user: User, asked: Asked) -> dict[str, Any]:
    """The period's name, and the ways to other periods and pipelines."""
    pipelines = pipelines_for(user)
    names = {
        "month": pgettext("period", "Month"),
        "quarter": pgettext("period", "Quarter"),
        "year": pgettext("period", "Year"),
    }
    today = timezone.localdate(now())
    day = today if asked.period.start <= today <= asked.period.end else asked.period.start
    kinds = [
        (names[kind], asked.url(period=Period.around(day, kind)), kind == asked.period.kind)
        for kind in KINDS
    ]
    ways = [(gettext("All pipelines"), asked.url(pipeline=None), asked.pipeline is None)]
    ways += [(one.name, asked.url(pipeline=one.pk), one.pk == asked.pipeline) for one in pipelines]
    return {
        "asked": asked,
        "period": asked.period.text(),
        "books": books_currency(),
        "kinds": kinds,
        "pipelines": ways if len(pipelines) > 1 else [],
        "previous": asked.url(period=asked.period.step(-1)),
        "next": asked.url(period=asked.period.step(1)),
        "today": asked.url(period=Period.around(today, asked.period.kind)),
        "everybody": asked.url(team=None, person=None),
        "as_it_is": asked.url(as_of=None),
    }


def labels() -> list[str]:
    """The heads of the columns."""
    return [
        gettext("Target"),
        pgettext("forecast", "Won"),
        pgettext("forecast", "Attained"),
        pgettext("forecast", "Commit"),
        pgettext("forecast", "Forecast"),
        pgettext("forecast", "Adjusted"),
        pgettext("forecast", "Best case"),
        pgettext("forecast", "Pipeline"),
        pgettext("forecast", "Weighted"),
        pgettext("forecast", "By model"),
    ]


def row_of(asked: Asked, line: Line, led: set[int]) -> dict[str, Any]:
    """A row as the page shows it: its cells in the order of `labels`."""
    figures, urls = line.figures, line.urls
    attained = "" if line.attained is None else f"{number_text(line.attained)} %"
    model = _money(figures.by_model, figures.open_deals)
    texts = [
        (_money(line.target, line.target), ""),
        (_money(figures.won, figures.won_deals), urls.get("won", "")),
        (attained, ""),
        (_money(figures.commit, figures.commit_deals), urls.get("commit", "")),
        (_money(figures.forecast, figures.won_deals + figures.commit_deals),
         urls.get("forecast", "")),
        (_money(line.adjusted, line.adjusted is not None), ""),
        (_money(figures.best_case, figures.best_case_deals), urls.get("best_case", "")),
        (_money(figures.pipeline, figures.pipeline_deals), urls.get("pipeline", "")),
        (_money(figures.weighted, figures.open_deals), urls.get("open", "")),
        (model, urls.get("open", "")),
    ]  # fmt: skip
    cells = [
        Cell(label, text, url if text else "")
        for label, (text, url) in zip(labels(), texts, strict=True)
    ]
    own = replace(asked, team=line.number, person=None)
    if line.kind == "person":
        own = replace(asked, person=line.number)
    is_led = line.kind == "person" and line.number in led and line.urls and not asked.pipeline
    return {
        "line": line,
        "cells": cells,
        "url": own.url() if line.number is not None else "",
        "adjust_url": f"{PAGE}/adjust?period={asked.period.code}&person={line.number}"
        if is_led
        else "",
    }


def product_labels() -> list[str]:
    """The heads of the columns of products."""
    return [
        gettext("Target"),
        pgettext("forecast", "Won"),
        pgettext("forecast", "Attained"),
        pgettext("forecast", "Commit"),
        pgettext("forecast", "Pipeline"),
    ]


def _of_product(line: ProductLine) -> dict[str, Any]:
    """A target of a product as the page shows it."""
    texts = [
        (_money(line.target, True), ""),
        (_money(line.won, line.won), line.urls["won"]),
        ("" if line.attained is None else f"{number_text(line.attained)} %", ""),
        (_money(line.commit, line.commit), line.urls["commit"]),
        (_money(line.open, line.open), line.urls["open"]),
    ]
    cells = [
        Cell(label, text, url if text else "")
        for label, (text, url) in zip(product_labels(), texts, strict=True)
    ]
    return {"line": line, "cells": cells}


def _money(amount: Decimal | None, shown: object) -> str:
    return money_text(amount, books_currency(), whole=True) if shown and amount is not None else ""


def _history(rates: dict[int, StageRate], pipeline: int | None) -> list[dict[str, Any]]:
    """What the model goes by: each open stage with what became of the deals that passed it."""
    all_known = known()
    several = len(all_known.pipelines) > 1
    return [
        {
            "name": f"{way.name}: {stage.name}" if several else stage.name,
            "closed": rates.get(stage.pk, StageRate()).closed,
            "won": rates.get(stage.pk, StageRate()).won,
            "share": _percent(rates.get(stage.pk, StageRate()).rate),
        }
        for way in all_known.pipelines
        if way.is_active and pipeline in (None, way.pk)
        for stage in all_known.stages_of(way.pk)
        if stage.ends == Ends.OPEN
    ]


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{number_text((rate * 100).quantize(Decimal('0.1')))} %"


# --- what managers say --------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: HttpRequest) -> HttpResponse:
    """Say what a colleague is going to close."""
    user = reader(request)
    asked = asked_of(request)
    if not targets.leads_somebody(user, "sales.adjust_forecast"):
        raise NotAllowed(_("Only who leads a team sets its targets and adjusts its forecast."))
    led = {one.pk: one for one in targets.led_people(user)}
    person = found(led.get(asked.person or 0))
    held = targets.adjustments_of(user, asked.period).get(person.pk)
    form = AdjustForm(request.POST or None, held=held)
    if request.method == "POST":
        ok, _made = submit(
            form,
            lambda: targets.adjust_forecast(
                actor=user, person=person, period=asked.period, **form.cleaned_data
            ),
        )
        if ok:
            return done(request, asked.url(person=None), saved())
    heading = gettext("%(name)s in %(period)s") % {"name": person, "period": asked.period.text()}
    status = 422 if form.is_bound else 200
    return dialog(request, form, heading=heading, submit_label=gettext("Save"), status=status)


@login_required
@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    """Keep what every deal is today."""
    snapshot_now(actor=reader(request))
    return done(request, PAGE, gettext("The forecast is kept in a moment."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_targets(request: HttpRequest) -> HttpResponse:
    """The targets of the teams one leads, and the form for more."""
    user = reader(request)
    if not targets.leads_somebody(user):
        raise NotAllowed(_("Only who leads a team sets its targets and adjusts its forecast."))
    form = TargetsForm(request.POST or None, user=user)
    if request.method == "POST":
        ok, number = submit(form, lambda: targets.set_targets(actor=user, wishes=form.wishes()))
        if ok:
            said = ngettext("%(number)s target set.", "%(number)s targets set.", number)
            return done(request, TARGETS, said % {"number": number_text(number)})
    seen = entity("products.product").visible(user)
    rows = Target.objects.visible_to(user, "edit").select_related("person", "team", "product")
    rows = rows.filter(Q(product__isnull=True) | Q(product__in=seen.values("pk")))
    listed = list(rows.order_by("-period", "team__name", "person__name", "pk")[: SHOWN + 1])
    context = {
        "form": form,
        "books": books_currency(),
        "targets": [(one, Period.read(one.period)) for one in listed[:SHOWN]],
        "more": len(listed) > SHOWN,
    }
    status = 422 if form.is_bound else 200
    return render(request, "sales/forecast/targets.html", context, status=status)


@login_required
@require_POST
def delete_target(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target away."""
    user = reader(request)
    target = found(Target.objects.visible_to(user, "edit").filter(pk=pk).first())
    targets.delete_target(actor=user, target=target)
    return done(request, TARGETS, gettext("Target deleted."))
