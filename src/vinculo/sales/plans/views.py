"""Settings → Activity plans."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.sales.plans import actions
from vinculo.sales.plans.forms import PlanForm
from vinculo.sales.plans.models import ActivityPlan

ACTIVE, PAGE = "plans", "/settings/plans"


@for_administrators
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans with their steps."""
    rows = ActivityPlan.objects.visible_to(signed_in(request)).order_by("place", "pk")
    listed = rows.prefetch_related("steps__doer")
    return show(request, "sales/plans/list.html", ACTIVE, {"plans": listed})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a plan, or change one."""
    user = signed_in(request)
    held = _plan(request, pk) if pk is not None else None
    form = PlanForm(request.POST or None, plan=held)
    if request.method == "POST":
        ok, _made = submit(form, lambda: actions.save_plan(actor=user, plan=held, **form.values()))
        if ok:
            return done(request, PAGE, saved())
    context = {
        "form": form,
        "heading": held.name if held is not None else gettext("New plan"),
        "back": PAGE,
        "delete_url": f"{PAGE}/{pk}/delete" if held is not None else "",
    }
    status = 422 if form.is_bound else 200
    return show(request, "sales/plans/form.html", ACTIVE, context, status)


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a plan."""
    actions.delete_plan(actor=signed_in(request), plan=_plan(request, pk))
    return done(request, PAGE, gettext("Plan deleted."))


def _plan(request: HttpRequest, pk: int) -> ActivityPlan:
    rows = ActivityPlan.objects.visible_to(signed_in(request))
    one: ActivityPlan = found(rows.filter(pk=pk).first())
    return one
