"""Settings → Points: the rules by which deals and leads get points."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import DomainError
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.records.registry import find
from vinculo.sales.scoring.points import actions
from vinculo.sales.scoring.points.counting import filters_of
from vinculo.sales.scoring.points.forms import PointRuleForm
from vinculo.sales.scoring.points.models import PointRule
from vinculo.sales.scoring.points.telling import signed

ACTIVE, PAGE = "points", actions.PAGE


@for_administrators
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, the weightiest of each record type first."""
    listed = PointRule.objects.visible_to(signed_in(request)).order_by("entity", "-points", "pk")
    context = {"rules": [_told(one) for one in listed.select_related("author")]}
    return show(request, "sales/points/list.html", ACTIVE, context)


def _told(rule: PointRule) -> dict[str, Any]:
    entity = find(rule.entity)
    try:
        readable = bool(filters_of(rule.entity, rule.where, rule.author))
    except DomainError:
        readable = False
    return {
        "rule": rule,
        "points": signed(rule.points),
        "entity": entity.label_plural if entity is not None else "",
        "url": f"/{entity.path}?{rule.where}" if entity is not None else "",
        "readable": readable,
    }


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a rule, or change one."""
    user = signed_in(request)
    held = _held(request, pk) if pk is not None else None
    form = PointRuleForm(request.POST or None, rule=held)
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.save_point_rule(actor=user, rule=held, **form.cleaned_data)
        )
        if ok:
            return done(request, PAGE, saved())
    context = {
        "form": form,
        "heading": held.reason if held is not None else gettext("New rule"),
        "back": PAGE,
        "delete_url": f"{PAGE}/{pk}/delete" if held is not None else "",
    }
    return show(request, "sales/points/form.html", ACTIVE, context, 422 if form.is_bound else 200)


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule."""
    actions.delete_point_rule(actor=signed_in(request), rule=_held(request, pk))
    return done(request, PAGE, gettext("Rule deleted."))


def _held(request: HttpRequest, pk: int) -> PointRule:
    one: PointRule = found(PointRule.objects.visible_to(signed_in(request)).filter(pk=pk).first())
    return one
