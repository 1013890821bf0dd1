"""Settings → Pipelines: pipelines, their stages, and the reasons deals end for."""

from __future__ import annotations

from typing import Any

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
from vinculo.sales.deals.models import CloseReason
from vinculo.sales.pipelines import actions
from vinculo.sales.pipelines.forms import PipelineForm, ReasonForm, StageForm
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Pipeline, Stage

ACTIVE, PAGE = "pipelines", "/settings/pipelines"
FORM = "sales/pipelines/form.html"


@for_administrators
@require_safe
def pipelines(request: HttpRequest) -> HttpResponse:
    """All pipelines with their stages, and the reasons."""
    found_here = known()
    context = {
        "pipelines": [(one, found_here.stages_of(one.pk)) for one in found_here.pipelines],
        "reasons": list(found_here.reasons.values()),
    }
    return show(request, "sales/pipelines/list.html", ACTIVE, context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a pipeline."""
    user = signed_in(request)
    form = PipelineForm(request.POST or None)
    if request.method == "POST":
        ok, _made = submit(form, lambda: actions.create_pipeline(actor=user, **form.cleaned_data))
        if ok:
            return done(request, PAGE, saved())
    return _form(request, form, gettext("New pipeline"))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a pipeline."""
    user, pipeline = signed_in(request), _pipeline(request, pk)
    form = PipelineForm(request.POST or None, pipeline=pipeline)
    if request.method == "POST":
        ok, _made = submit(
            form,
            lambda: actions.change_pipeline(actor=user, pipeline=pipeline, **form.cleaned_data),
        )
        if ok:
            return done(request, PAGE, saved())
    return _form(request, form, pipeline.name, delete=f"{PAGE}/{pk}/delete")


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a pipeline that was never used."""
    actions.delete_pipeline(actor=signed_in(request), pipeline=_pipeline(request, pk))
    return done(request, PAGE, gettext("Pipeline deleted."))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, pk: int, stage: int | None = None) -> HttpResponse:
    """Make a stage of a pipeline, or change one."""
    user, pipeline = signed_in(request), _pipeline(request, pk)
    known_stage = _stage(request, pk, stage) if stage is not None else None
    form = StageForm(request.POST or None, pipeline=pipeline, stage=known_stage)
    if request.method == "POST":
        ok, _made = submit(
            form,
            lambda: actions.save_stage(
                actor=user, pipeline=pipeline, stage=known_stage, **form.values()
            ),
        )
        if ok:
            return done(request, PAGE, saved())
    heading = known_stage.name if known_stage is not None else gettext("New stage")
    remove = f"{PAGE}/{pk}/stages/{stage}/delete" if known_stage is not None else ""
    return _form(request, form, heading, delete=remove)


@for_administrators
@require_POST
def move_stage(request: HttpRequest, pk: int, stage: int) -> HttpResponse:
    """Put a stage one place up or down."""
    moved = _stage(request, pk, stage)
    actions.move_stage(actor=signed_in(request), stage=moved, up="up" in request.POST)
    return done(request, PAGE, saved())


@for_administrators
@require_POST
def delete_stage(request: HttpRequest, pk: int, stage: int) -> HttpResponse:
    """Delete a stage that was never used."""
    actions.delete_stage(actor=signed_in(request), stage=_stage(request, pk, stage))
    return done(request, PAGE, gettext("Stage deleted."))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a reason, or change one."""
    user = signed_in(request)
    rows = CloseReason.objects.visible_to(user)
    held = found(rows.filter(pk=pk).first()) if pk is not None else None
    form = ReasonForm(request.POST or None, reason=held)
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: actions.save_reason(actor=user, reason=held, **form.cleaned_data)
        )
        if ok:
            return done(request, PAGE, saved())
    return _form(request, form, held.name if held is not None else gettext("New reason"))


def _pipeline(request: HttpRequest, pk: int) -> Pipeline:
    rows = Pipeline.objects.visible_to(signed_in(request))
    one: Pipeline = found(rows.filter(pk=pk).first())
    return one


def _stage(request: HttpRequest, pipeline: int, pk: int) -> Stage:
    rows = Stage.objects.visible_to(signed_in(request))
    one: Stage = found(rows.filter(pk=pk, pipeline=pipeline).first())
    return one


def _form(request: HttpRequest, form: Any, heading: str, delete: str = "") -> HttpResponse:
    context = {"form": form, "heading": heading, "back": PAGE, "delete_url": delete}
    return show(request, FORM, ACTIVE, context, 422 if form.is_bound else 200)
