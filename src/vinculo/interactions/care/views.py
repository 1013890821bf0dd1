"""Settings → Care: the rules, and for whom each would make a task."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.interactions.care import actions
from vinculo.interactions.care.forms import CareForm
from vinculo.interactions.care.making import MOST_A_NIGHT, occasions
from vinculo.interactions.care.models import CareRule
from vinculo.parties.models import State
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)

ACTIVE = "care"
SHOWN = 50


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules."""
    listed = [
        _told(rule) for rule in CareRule.objects.visible_to(signed_in(request)).order_by("pk")
    ]
    return show(request, "interactions/care/list.html", ACTIVE, {"rules": listed})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make one; it is off until somebody has looked at what it would do."""
    user = signed_in(request)
    form = CareForm(request.POST or None)
    if request.method == "POST":
        ok, made = submit(form, lambda: actions.create_care_rule(actor=user, **form.cleaned_data))
        if ok:
            return done(request, f"{actions.PAGE}/{made.pk}", saved())
    return _form(request, form, gettext("New rule"), actions.PAGE)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    user, rule = signed_in(request), _one(request, pk)
    form = CareForm(request.POST or None, rule=rule)
    url = f"{actions.PAGE}/{rule.pk}"
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.change_care_rule(actor=user, rule=rule, **form.cleaned_data)
        )
        if ok:
            return done(request, url, saved())
    return _form(request, form, str(rule), url)


@for_administrators
@require_safe
def rule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule: for how many customers it would make a task, and for which first."""
    rule = _one(request, pk)
    rows = occasions(rule).visible_to(signed_in(request))
    first = rows.select_related("owner").defer("search").order_by("occasion", "pk")[:SHOWN]
    context = {
        "told": _told(rule),
        "count": rows.count(),
        "parties": list(first),
        "most": MOST_A_NIGHT,
    }
    return show(request, "interactions/care/rule.html", ACTIVE, context)


@for_administrators
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    actions.switch_care_rule(actor=signed_in(request), rule=_one(request, pk), active=on)
    said = gettext("The rule is on.") if on else gettext("The rule is off.")
    return done(request, f"{actions.PAGE}/{pk}", said)


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away."""
    actions.delete_care_rule(actor=signed_in(request), rule=_one(request, pk))
    return done(request, actions.PAGE, gettext("The rule was deleted."))


def _one(request: HttpRequest, pk: int) -> CareRule:
    rules = CareRule.objects.visible_to(signed_in(request))
    rule: CareRule = found(rules.filter(pk=pk).first())
    return rule


def _told(rule: CareRule) -> dict[str, Any]:
    labels = dict(State.choices)
    return {
        "rule": rule,
        "title": str(rule),
        "states": [labels.get(state, state) for state in rule.states],
    }


def _form(request: HttpRequest, form: CareForm, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back}
    status = 422 if form.errors else 200
    return show(request, "interactions/care/form.html", ACTIVE, context, status)
