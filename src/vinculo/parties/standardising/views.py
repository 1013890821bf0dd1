"""Settings → Standardising: the rules, a look over all records, the change; and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.ids import row_id, token
from vinculo.parties.models import ContactPoint
from vinculo.parties.standardising import actions
from vinculo.parties.standardising.catalogue import ABOUT, RULES, Rule, texts_of
from vinculo.parties.standardising.models import StandardisingRun
from vinculo.parties.standardising.running import PAGE
from vinculo.parties.standardising.showing import pairs_of
from vinculo.parties.standardising.switching import switches
from vinculo.platform import journal
from vinculo.platform.models import User
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
)
from vinculo.records.registry import entity
from vinculo.records.views.common import get_record, toast, told

ACTIVE = "standardising"
LATEST = 5


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with an example, by what it is about, and the latest runs."""
    user = signed_in(request)
    on = switches()
    groups = [
        (
            label,
            [
                (rule, on[rule.key], *example(rule))
                for rule in RULES.values()
                if rule.about == about
            ],
        )
        for about, label in ABOUT.items()
    ]
    runs = StandardisingRun.objects.visible_to(user).select_related("work", "changeset__undone_by")
    context = {
        "groups": groups,
        "any_on": any(one.active for one in on.values()),
        "latest": runs.order_by("-pk")[:LATEST],
        "token": token(),
    }
    return show(request, "parties/standardising/list.html", ACTIVE, context)


def example(rule: Rule) -> tuple[str, str]:
    """A rule's example as it is typed, and as the rule makes it."""
    made = rule.apply(rule.sample, rule.sample_country)
    if not texts_of(rule.sample).get("full", "x"):
        made = replace(made, full="")  # as the example, in its parts
    return _told(rule.sample), _told(made)


def _told(value: Any) -> str:
    """A value in one line, its parts apart from one another."""
    texts = texts_of(value)
    if texts.get("full"):
        return texts["full"]
    order = ("title", "given", "family") if "given" in texts else tuple(texts)
    return " · ".join(texts[name].strip() for name in order if texts[name] and name != "country")


@for_administrators
@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """On or off, for runs or for what comes in."""
    wanted = {name: request.POST[name] == "1" for name in ("active", "incoming")
              if name in request.POST}  # fmt: skip
    actions.switch_standard(actor=signed_in(request), key=key, **wanted)
    return done(request, PAGE, saved())


@for_administrators
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Look at what the rules that are on would change."""
    asked = request.POST.get("token") or token()
    again = request.POST.get("again") == "1"
    run = actions.look(actor=signed_in(request), token=asked, again=again)
    return done(request, f"{PAGE}/runs/{run.pk}", _said(run))


@for_administrators
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a preview has shown."""
    user = signed_in(request)
    asked = request.POST.get("token") or token()
    run = actions.apply(actor=user, token=asked, seen=_run(user, pk))
    return done(request, f"{PAGE}/runs/{run.pk}", _said(run))


def _said(run: StandardisingRun) -> str:
    if not run.done:
        return gettext("This takes a moment. You can go on working; the top bar shows how far.")
    if run.writes:
        return gettext("Done. What was typed is kept with each record.")
    return gettext("Nothing has been changed yet.")


@for_administrators
@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a look or a run has come to: how many values each rule changes, and some of them."""
    user = signed_in(request)
    run = _run(user, pk)
    context = {
        "run": run,
        "rules": pairs_of(user, run) if run.done else [],
        "undone": run.changeset is not None and hasattr(run.changeset, "undone_by"),
        "token": token(),
    }
    return show(request, "parties/standardising/run.html", ACTIVE, context)


def _run(user: User, pk: int) -> StandardisingRun:
    rows = StandardisingRun.objects.visible_to(user).select_related("work", "changeset__undone_by")
    run: StandardisingRun = found(rows.filter(pk=pk).first())
    return run


@login_required
@require_POST
def restore(request: Any, key: str, pk: int) -> HttpResponse:
    """Write one value of a record back as it was typed."""
    noun = entity(key)
    party = get_record(request, noun, pk)
    point = None
    if "point" in request.POST:
        points = ContactPoint.objects.visible_to(request.user).filter(party_id=party.pk)
        point = points.filter(pk=row_id(request.POST["point"]) or 0).first()
        if point is None:
            raise Http404(gettext("There is no such record, or you may not see it."))
    field = request.POST.get("field", "")
    with journal.change_set(
        actor=request.user, verb="parties.restore_typed", label=party.name
    ) as opened:
        actions.restore_typed(actor=request.user, party=party, field=field, point=point)
    if not request.htmx:
        return redirect(noun.url(party))
    message = toast(gettext("Back as it was typed."), undo=opened.id)
    return told(HttpResponse(status=204), toast=message, record_changed={}, records_changed={})
