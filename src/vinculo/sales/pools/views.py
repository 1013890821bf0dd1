"""Settings → Pools: what they hold, for whom, how much, and what goes back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.clock import now
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
from vinculo.records.registry import entity
from vinculo.sales.conditions import words_of
from vinculo.sales.pools import actions
from vinculo.sales.pools.forms import NewPoolForm, PoolForm, RuleForm
from vinculo.sales.pools.membership import lying_in
from vinculo.sales.pools.models import Pool, RecycleRule
from vinculo.sales.pools.recycling import fitting
from vinculo.sales.pools.wording import said_to

ACTIVE, PAGE = "pools", "/settings/pools"
GET_POST = ["GET", "HEAD", "POST"]


@for_administrators
@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """All pools with what they hold and their rules."""
    user = signed_in(request)
    rows = Pool.objects.visible_to(user).order_by("name", "pk")
    listed = rows.prefetch_related("teams__team", "rules__pool")
    told = [_told(user, one) for one in listed]
    return show(request, "sales/pools/list.html", ACTIVE, {"pools": told})


def _told(user: User, pool: Pool) -> dict[str, Any]:
    declared = entity(pool.entity)
    return {
        "pool": pool,
        "label": declared.label_plural,
        "words": words_of(pool.entity, pool.query),
        "teams": ", ".join(sorted(str(one.team) for one in pool.teams.all())),
        "rules": [(one, said_to(one, user)) for one in pool.rules.all()],
    }


@for_administrators
@require_http_methods(GET_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Make a pool; it is closed until the next page is saved."""
    user, form = signed_in(request), NewPoolForm(request.POST or None)
    if request.method == "POST":
        ok, made = submit(form, lambda: actions.create_pool(actor=user, **form.values()))
        if ok:
            return done(request, f"{PAGE}/{made.pk}", saved())
    return _form(request, form, gettext("New pool"), PAGE)


@for_administrators
@require_http_methods(GET_POST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a pool holds, for whom, how much and what is shown."""
    user, pool = signed_in(request), _pool(request, pk)
    form = PoolForm(request.POST or None, user=user, pool=pool)
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.change_pool(actor=user, pool=pool, **form.values())
        )
        if ok:
            return done(request, f"{PAGE}/{pk}", saved())
    at = now()
    more = {
        "delete_url": f"{PAGE}/{pk}/delete",
        "pool": pool,
        "list_url": f"/{entity(pool.entity).path}?{pool.query}",
        "lying": lying_in(pool).count(),
        "assigned": pool.entity == "sales.lead",
        "rules": [
            (one, said_to(one, user), fitting(one, at).count())
            for one in pool.rules.order_by("pk").select_related("pool")
        ],
    }
    return _form(request, form, pool.name, PAGE, more)


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a pool."""
    actions.delete_pool(actor=signed_in(request), pool=_pool(request, pk))
    return done(request, PAGE, gettext("Pool deleted."))


@for_administrators
@require_http_methods(GET_POST)
def rule(request: HttpRequest, pk: int, rule: int | None = None) -> HttpResponse:
    """Make a recycling rule, or change one."""
    user, pool = signed_in(request), _pool(request, pk)
    held = _rule(request, pk, rule) if rule is not None else None
    form = RuleForm(request.POST or None, user=user, pool=pool, rule=held)
    if request.method == "POST":
        ok, _made = submit(
            form,
            lambda: actions.save_recycle_rule(actor=user, pool=pool, rule=held, **form.values()),
        )
        if ok:
            return done(request, f"{PAGE}/{pk}", saved())
    heading = gettext("Back to “%(pool)s”") % {"pool": pool.name}
    more = {"delete_url": f"{PAGE}/{pk}/rules/{rule}/delete"} if held is not None else {}
    return _form(request, form, heading, f"{PAGE}/{pk}", more)


@for_administrators
@require_POST
def delete_rule(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    """Delete a recycling rule."""
    actions.delete_recycle_rule(actor=signed_in(request), rule=_rule(request, pk, rule))
    return done(request, f"{PAGE}/{pk}", gettext("The rule was deleted."))


def _pool(request: HttpRequest, pk: int) -> Pool:
    one: Pool = found(Pool.objects.visible_to(signed_in(request)).filter(pk=pk).first())
    return one


def _rule(request: HttpRequest, pk: int, rule: int) -> RecycleRule:
    rows = RecycleRule.objects.visible_to(signed_in(request)).filter(pool=pk, pk=rule)
    one: RecycleRule = found(rows.select_related("pool").first())
    return one


def _form(
    request: HttpRequest, form: Any, heading: str, back: str, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, **(more or {})}
    return show(request, "sales/pools/form.html", ACTIVE, context, 422 if form.is_bound else 200)
