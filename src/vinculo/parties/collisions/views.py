"""Settings → Collision rules, and the question to an owner whom one does not know."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.parties.collisions.actions import (
    add_rule,
    change_rule,
    delete_rule,
    move_rule,
    switch_rule,
)
from vinculo.parties.collisions.asking import ask_owner
from vinculo.parties.collisions.forms import RuleForm, in_words
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.collisions.previewing import already
from vinculo.parties.collisions.previewing import preview as previewed
from vinculo.parties.collisions.rules import KINDS, compiled
from vinculo.parties.models import Kind
from vinculo.parties.views import typed_in
from vinculo.platform.models import User
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
    toast,
)

ACTIVE = "collisions"
PAGE = "/settings/collisions"


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of each record type, in their order."""
    listed = CollisionRule.objects.visible_to(signed_in(request))
    groups = [
        (kind, label, [(one, in_words(one.conditions)) for one in listed if one.kind == kind])
        for kind, label in _kinds()
    ]
    return show(request, "parties/collisions/list.html", ACTIVE, {"groups": groups})


def _kinds() -> list[tuple[str, str]]:
    return [(Kind.COMPANY.value, gettext("Companies")), (Kind.PERSON.value, gettext("People"))]


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a rule for records of the kind in the address."""
    user, kind = signed_in(request), _kind(request)
    form = RuleForm(request.POST or None, kind=kind)
    if request.method == "POST":
        ok, made = submit(form, lambda: add_rule(actor=user, kind=kind, **form.as_told()))
        if ok:
            return done(request, PAGE, told_of(made))
    return _form(request, form, gettext("New collision rule"), f"{PAGE}/new?kind={kind}")


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    user = signed_in(request)
    rule = _one(user, pk)
    form = RuleForm(request.POST or None, kind=rule.kind, rule=rule)
    if request.method == "POST":
        ok, made = submit(form, lambda: change_rule(actor=user, rule=rule, **form.as_told()))
        if ok:
            return done(request, PAGE, told_of(made))
    return _form(request, form, rule.title, f"{PAGE}/{pk}", rule)


def _form(
    request: HttpRequest, form: RuleForm, heading: str, url: str, rule: CollisionRule | None = None
) -> HttpResponse:
    context = {"form": form, "heading": heading, "post_url": url, "rule": rule, "kind": form.kind}
    status = 422 if form.errors else 200
    return show(request, "parties/collisions/form.html", ACTIVE, context, status)


@for_administrators
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the rule in the form would have found; nothing is saved."""
    user, kind = signed_in(request), _kind(request)
    form = RuleForm(request.POST, kind=kind)
    context: dict[str, Any] = {"kind": kind}
    form.is_valid()  # what else the form lacks does not matter here
    conditions = form.cleaned_data.get("conditions")
    if conditions:
        rule = CollisionRule(kind=kind, name="", conditions=conditions)
        context["found"] = previewed(user, compiled(rule))
    else:
        context["refused"] = gettext("Choose at least one condition.")
    status = 200 if conditions else 422
    return render(request, "parties/collisions/found_part.html", context, status=status)


@for_administrators
@require_safe
def found_by(request: HttpRequest, pk: int) -> HttpResponse:
    """The records that collide with one another by a rule already; they stay as they are."""
    user = signed_in(request)
    rule = _one(user, pk)
    context = {"rule": rule, "kind": rule.kind, "found": already(user, rule)}
    return show(request, "parties/collisions/found.html", ACTIVE, context)


@for_administrators
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    user = signed_in(request)
    rule = switch_rule(actor=user, rule=_one(user, pk), active=request.POST.get("active") == "1")
    return done(request, PAGE, told_of(rule))


@for_administrators
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Up or down by one."""
    user = signed_in(request)
    move_rule(actor=user, rule=_one(user, pk), up=request.POST.get("up") == "1")
    return done(request, PAGE, saved())


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away."""
    user = signed_in(request)
    delete_rule(actor=user, rule=_one(user, pk))
    return done(request, PAGE, gettext("The rule was deleted."))


def told_of(rule: CollisionRule) -> str:
    """What has become of a rule: whether it holds by now, and how many records collide already."""
    if not rule.ready:
        return gettext("Saved. The records are being looked through; until then the rule warns.")
    if rule.collided:
        said = gettext("Saved. %(count)s records collide already; they stay as they are.")
        return said % {"count": f"{rule.collided:,}"}
    return saved()


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in KINDS else KINDS[0]


def _one(user: User, pk: int) -> CollisionRule:
    one: CollisionRule = found(CollisionRule.objects.visible_to(user).filter(pk=pk).first())
    return one


@login_required
@require_POST
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Tell whoever has this customer who asks and what for."""
    what_for = request.POST.get("what_for", "").replace("\x00", "")
    user = signed_in(request)
    ask_owner(actor=user, kind=kind, said=typed_in(request.POST), what_for=what_for)
    return toast(gettext("The owner was asked."))
