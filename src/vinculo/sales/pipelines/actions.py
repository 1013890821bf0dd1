"""The verbs of pipelines, their stages, and the reasons deals end for: the administrators' alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import Team, User
from vinculo.platform.models.custom import new_stamp
from vinculo.sales.deals.models import CloseReason, Deal, StageVisit
from vinculo.sales.pipelines.known import forget, known
from vinculo.sales.pipelines.models import Category, Ends, Pipeline, Stage

MOST_STAGES = 20
MOST_ITEMS = 20


def _saved(row: Any) -> Any:
    row.stamp = new_stamp()
    row.save()
    forget()
    journal.relabel(row.name)
    return row


def _named(name: str, field: str = "name") -> str:
    found = clean(name)
    if not found:
        raise DomainError(_("Write a name."), field=field)
    return found[:80]


@action("sales.create_pipeline", label=_t("Create a pipeline"), granted=False)
def create_pipeline(*, actor: User, name: str, team: Team | None = None) -> Pipeline:
    """A new pipeline that begins with one stage and the two ways that deals end."""
    administrators_only(actor)
    last = Pipeline.objects.aggregate(last=Max("place"))["last"] or 0
    pipeline: Pipeline = _saved(Pipeline(name=_named(name), team=team, place=last + 1))
    from django.utils.translation import pgettext

    for place, (label, ends, probability, category) in enumerate(
        (
            (pgettext("stage", "New"), Ends.OPEN, 10, Category.PIPELINE),
            (pgettext("of a deal", "Won"), Ends.WON, 100, Category.CLOSED),
            (pgettext("of a deal", "Lost"), Ends.LOST, 0, Category.OMITTED),
        )
    ):
        Stage.objects.create(
            pipeline=pipeline, name=label, ends=ends, place=place, probability=probability,
            category=category,
        )  # fmt: skip
    forget()
    return pipeline


@action("sales.change_pipeline", label=_t("Change a pipeline"), granted=False)
def change_pipeline(
    *, actor: User, pipeline: Pipeline, name: str, team: Team | None = None, is_active: bool = True
) -> Pipeline:
    """Call a pipeline something else, give it to a team, or take it out of use."""
    administrators_only(actor)
    others = [one for one in known().pipelines if one.is_active and one.pk != pipeline.pk]
    if not is_active and not others:
        raise DomainError(_("One pipeline must stay in use."), field="is_active")
    pipeline.name, pipeline.team, pipeline.is_active = _named(name), team, is_active
    found: Pipeline = _saved(pipeline)
    return found


@action("sales.delete_pipeline", label=_t("Delete a pipeline"), granted=False)
def delete_pipeline(*, actor: User, pipeline: Pipeline) -> None:
    """Delete a pipeline that no deal was ever in."""
    administrators_only(actor)
    if Deal.objects.filter(pipeline=pipeline).exists():
        raise DomainError(_("Deals are in this pipeline. Take it out of use instead."))
    if len(known().pipelines) < 2:
        raise DomainError(_("One pipeline must stay in use."))
    journal.relabel(pipeline.name)
    pipeline.delete()
    forget()


@action("sales.save_stage", label=_t("Change a stage of a pipeline"), granted=False)
def save_stage(
    *,
    actor: User,
    pipeline: Pipeline,
    stage: Stage | None = None,
    name: str,
    ends: str = Ends.OPEN,
    probability: int = 0,
    category: str = Category.PIPELINE,
    rotten_days: int | None = None,
    required: Sequence[str] = (),
    checklist: Sequence[str] = (),
    leads_to: Sequence[int] = (),
) -> Stage:
    """A new stage, or another one: how likely deals are won from it and what it asks of them."""
    administrators_only(actor)
    made = stage or Stage(pipeline=pipeline, place=_last_place(pipeline) + 1)
    if stage is None and len(known().stages_of(pipeline.pk)) >= MOST_STAGES:
        raise DomainError(_("A pipeline has at most %(most)s stages."), most=MOST_STAGES)
    if not 0 <= probability <= 100:
        raise DomainError(_("A probability is between 0 and 100 %."), field="probability")
    if ends not in Ends.values or category not in Category.values:
        raise DomainError(_("Choose one from the list."), field="category")
    if stage is not None and stage.ends != ends and _is_used(stage):
        raise DomainError(
            _("Deals have been in this stage: whether they are won or lost there stays."),
            field="ends",
        )
    inside = {one.pk for one in known().stages_of(pipeline.pk)}
    if set(leads_to) - inside:
        raise DomainError(_("Choose stages of this pipeline."), field="leads_to")
    fixed = {Ends.WON: (100, Category.CLOSED), Ends.LOST: (0, Category.OMITTED)}
    probability, category = fixed.get(Ends(ends), (probability, Category(category)))
    made.name, made.ends = _named(name), ends
    made.probability, made.category = probability, category
    made.rotten_days = rotten_days if ends == Ends.OPEN else None
    made.required, made.leads_to = _known_fields(required), list(leads_to)
    made.checklist = _items(checklist, made.checklist) if ends == Ends.OPEN else []
    found: Stage = _saved(made)
    return found


def _known_fields(names: Sequence[str]) -> list[str]:
    from vinculo.records.registry import entity

    fields = entity("sales.deal").all_fields
    unknown = [name for name in names if name not in fields]
    if unknown:
        raise DomainError(_("There is no field called “%(name)s”."), "required", name=unknown[0])
    return list(dict.fromkeys(names))


def _items(texts: Sequence[str], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """The checklist with its texts; an entry that stays keeps its id, so that ticks stay, too."""
    kept = {one["text"]: one["id"] for one in before}
    found = [clean(text)[:200] for text in texts]
    wanted = list(dict.fromkeys(text for text in found if text))
    if len(wanted) > MOST_ITEMS:
        raise DomainError(
            _("A checklist has at most %(most)s entries."), "checklist", most=MOST_ITEMS
        )
    return [{"id": kept.get(text) or get_random_string(8), "text": text} for text in wanted]


def _last_place(pipeline: Pipeline) -> int:
    return int(Stage.objects.filter(pipeline=pipeline).aggregate(last=Max("place"))["last"] or 0)


def _is_used(stage: Stage) -> bool:
    return (
        Deal.objects.filter(stage=stage).exists() or StageVisit.objects.filter(stage=stage).exists()
    )


@action("sales.move_stage", label=_t("Move a stage of a pipeline"), granted=False)
def move_stage(*, actor: User, stage: Stage, up: bool) -> None:
    """Put an open stage one place earlier or later."""
    administrators_only(actor)
    among = [one for one in known().stages_of(stage.pipeline_id) if one.ends == stage.ends]
    at = next((place for place, one in enumerate(among) if one.pk == stage.pk), 0)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(among):
        return
    among[at], among[other] = among[other], among[at]
    for place, one in enumerate(among):
        Stage.objects.filter(pk=one.pk).update(place=place, stamp=new_stamp())
    forget()
    journal.relabel(stage.name)


@action("sales.delete_stage", label=_t("Delete a stage of a pipeline"), granted=False)
def delete_stage(*, actor: User, stage: Stage) -> None:
    """Delete a stage that no deal was ever in; a pipeline keeps one open stage."""
    administrators_only(actor)
    if _is_used(stage):
        raise DomainError(_("Deals have been in this stage. It cannot be deleted."))
    rest = [one for one in known().stages_of(stage.pipeline_id) if one.pk != stage.pk]
    if not any(one.ends == Ends.OPEN for one in rest):
        raise DomainError(_("A pipeline needs an open stage."))
    journal.relabel(stage.name)
    stage.delete()
    forget()


@action("sales.save_reason", label=_t("Change a reason deals end for"), granted=False)
def save_reason(
    *,
    actor: User,
    reason: CloseReason | None = None,
    name: str,
    ends: str = Ends.LOST,
    is_active: bool = True,
) -> CloseReason:
    """A new reason for winning or losing, or another one."""
    administrators_only(actor)
    if ends not in (Ends.WON, Ends.LOST):
        raise DomainError(_("Choose one from the list."), field="ends")
    if reason is not None and reason.ends != ends and Deal.objects.filter(reason=reason).exists():
        raise DomainError(_("Deals ended for this reason: it stays what it is for."), field="ends")
    last = CloseReason.objects.aggregate(last=Max("place"))["last"] or 0
    made = reason or CloseReason(place=last + 1)
    made.name, made.ends, made.is_active = _named(name), ends, is_active
    found: CloseReason = _saved(made)
    return found
