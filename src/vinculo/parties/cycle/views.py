"""Settings → Sales cycle: the rules in their order, what each would move, and running them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.parties.cycle import actions
from vinculo.parties.cycle.forms import RuleForm
from vinculo.parties.cycle.kinds import SALES, kind_called
from vinculo.parties.cycle.models import StateRule
from vinculo.parties.cycle.rules import VERB, active_rules, would_move
from vinculo.parties.cycle.telling import title_of, words_of
from vinculo.parties.header import TONES
from vinculo.platform.models import ChangeSet
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)

ACTIVE = "cycle"
SHOWN = 50


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules in their order, and what they did last."""
    user = signed_in(request)
    listed = StateRule.objects.filter(kind=SALES).visible_to(user).order_by("place", "pk")
    ran = ChangeSet.objects.filter(verb=VERB).visible_to(user)
    context = {
        "rules": [_told(rule) for rule in listed],
        "any_on": bool(active_rules()),
        "latest": ran.order_by("-pk").first(),
    }
    return show(request, "parties/cycle/list.html", ACTIVE, context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a rule; it is off until somebody has looked at what it would move."""
    user = signed_in(request)
    form = RuleForm(request.POST or None)
    if request.method == "POST":
        ok, made = submit(form, lambda: actions.create_state_rule(actor=user, **form.values()))
        if ok:
            return done(request, f"{actions.PAGE}/{made.pk}", saved())
    return _form(request, form, gettext("New rule"), actions.PAGE)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    user, rule = signed_in(request), _one(request, pk)
    form = RuleForm(request.POST or None, rule=rule)
    url = f"{actions.PAGE}/{rule.pk}"
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.change_state_rule(actor=user, rule=rule, **form.values())
        )
        if ok:
            return done(request, url, saved())
    return _form(request, form, title_of(rule), url)


@for_administrators
@require_safe
def rule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule: how many customers it would move now, and which."""
    rule = _one(request, pk)
    rows = would_move(rule).visible_to(signed_in(request))
    shown = list(
        rows.only("name", "kind", "state", "last_contact_at").order_by("sort_name", "pk")[:SHOWN]
    )
    context = {
        "told": _told(rule),
        "count": rows.count(),
        "parties": [(party, kind_called(SALES).label_of(party.state)) for party in shown],
        "shown": len(shown),
    }
    return show(request, "parties/cycle/rule.html", ACTIVE, context)


@for_administrators
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    actions.switch_state_rule(actor=signed_in(request), rule=_one(request, pk), active=on)
    said = gettext("The rule is on.") if on else gettext("The rule is off.")
    return done(request, f"{actions.PAGE}/{pk}", said)


@for_administrators
@require_POST
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("up") == "1"
    actions.move_state_rule(actor=signed_in(request), rule=_one(request, pk), up=up)
    return done(request, actions.PAGE, saved())


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away."""
    actions.delete_state_rule(actor=signed_in(request), rule=_one(request, pk))
    return done(request, actions.PAGE, gettext("The rule was deleted."))


@for_administrators
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Have the rules decide now."""
    actions.run_cycle(actor=signed_in(request))
    return done(
        request, actions.PAGE, gettext("The rules are running. You are told when they are done.")
    )


def _one(request: HttpRequest, pk: int) -> StateRule:
    rules = StateRule.objects.visible_to(signed_in(request))
    rule: StateRule = found(rules.filter(pk=pk, kind=SALES).first())
    return rule


def _told(rule: StateRule) -> dict[str, Any]:
    """A rule as its pages show it."""
    label = kind_called(rule.kind).label_of
    return {
        "rule": rule,
        "title": title_of(rule),
        "before": [(label(state), TONES.get(state, "")) for state in rule.from_states],  # type: ignore[call-overload]
        "after": (label(rule.to_state), TONES.get(rule.to_state, "")),  # type: ignore[call-overload]
        "when": words_of(rule.conditions),
    }


def _form(request: HttpRequest, form: RuleForm, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back}
    status = 422 if form.errors else 200
    return show(request, "parties/cycle/form.html", ACTIVE, context, status)
