"""Settings → Assignment: the rules in their order, the colleagues, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.countries import country_name
from vinculo.parties.choices import Language
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
from vinculo.sales.assigning import actions
from vinculo.sales.assigning.forms import ColleagueForm, RuleForm
from vinculo.sales.assigning.models import AssignRule, Match, Skill
from vinculo.sales.assigning.report import DAYS, fairness, lying_in_pools, preview
from vinculo.sales.assigning.seating import KEY
from vinculo.sales.conditions import words_of

ACTIVE, PAGE = "assignment", "/settings/assignment"
GET_POST = ["GET", "HEAD", "POST"]


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules, what they would have done, and who was given how much."""
    rows = AssignRule.objects.visible_to(signed_in(request)).order_by("place", "pk")
    listed = list(rows.select_related("team", "person"))
    context = {
        "rules": [(one, words_of(KEY, one.query)) for one in listed],
        "preview": preview(listed) if listed else None,
        "lines": fairness(),
        "days": DAYS,
        "pooled": lying_in_pools(),
    }
    return show(request, "sales/assigning/list.html", ACTIVE, context)


@for_administrators
@require_http_methods(GET_POST)
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a rule, or change one."""
    user, held = signed_in(request), _rule(request, pk) if pk is not None else None
    form = RuleForm(request.POST or None, user=user, rule=held)
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.save_assign_rule(actor=user, rule=held, **form.values())
        )
        if ok:
            return done(request, PAGE, saved())
    heading = held.name if held is not None else gettext("New rule")
    more = {"delete_url": f"{PAGE}/{pk}/delete"} if held is not None else {}
    return _form(request, form, heading, PAGE, more)


@for_administrators
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    up = request.POST.get("up") == "1"
    actions.move_assign_rule(actor=signed_in(request), rule=_rule(request, pk), up=up)
    return done(request, PAGE, saved())


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    actions.delete_assign_rule(actor=signed_in(request), rule=_rule(request, pk))
    return done(request, PAGE, gettext("The rule was deleted."))


@for_administrators
@require_safe
def colleagues(request: HttpRequest) -> HttpResponse:
    """Everybody, with what they are good at."""
    people = User.objects.visible_to(signed_in(request)).filter(is_active=True)
    words: dict[int, list[str]] = {}
    for skill in Skill.objects.visible_to(signed_in(request)).order_by("value"):
        words.setdefault(skill.user_id, []).append(said(skill))
    listed = [(one, ", ".join(words.get(one.pk, []))) for one in people.order_by("name", "pk")]
    return show(request, "sales/assigning/colleagues.html", ACTIVE, {"people": listed})


@for_administrators
@require_http_methods(GET_POST)
def colleague(request: HttpRequest, user_id: int) -> HttpResponse:
    """What a colleague is good at, how much they take, when they are away."""
    user = signed_in(request)
    one: User = found(User.objects.visible_to(user).filter(pk=user_id).first())
    form = ColleagueForm(request.POST or None, colleague=one)
    back = f"{PAGE}/colleagues"
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.save_colleague(actor=user, user=one, **form.values())
        )
        if ok:
            return done(request, back, saved())
    return _form(request, form, one.name, back, {})


def said(skill: Skill) -> str:
    """What a colleague is good at, as the reader calls it."""
    if skill.kind == Match.COUNTRY:
        return country_name(skill.value.upper(), get_language() or "en")
    return str(Language(skill.value).label) if skill.kind == Match.LANGUAGE else skill.value


def _rule(request: HttpRequest, pk: int) -> AssignRule:
    rows = AssignRule.objects.visible_to(signed_in(request)).filter(pk=pk)
    one: AssignRule = found(rows.select_related("team", "person").first())
    return one


def _form(
    request: HttpRequest, form: Any, heading: str, back: str, more: dict[str, Any]
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, **more}
    status = 422 if form.is_bound else 200
    return show(request, "sales/assigning/form.html", ACTIVE, context, status)
