"""Files of deals: their stages are those of a pipeline here, or make one of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from vinculo.kernel.text import clean, fold
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.records.fields import Field, Label
from vinculo.records.transfer.plain import PlainWriter
from vinculo.records.transfer.rowwise import Outcome, staged
from vinculo.sales.pipelines.actions import create_pipeline, delete_stage, save_stage
from vinculo.sales.pipelines.known import default_pipeline, forget, known
from vinculo.sales.pipelines.models import Ends, Pipeline

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.plan import Plan

#: What other programs call the stages that end a deal, folded.
_ENDS = {
    Ends.WON: frozenset(
        (
            "won",
            "closed won",
            "win",
            "ganado",
            "ganada",
            "cerrada ganada",
            "成交",
            "已成交",
            "赢单",
            "贏單",
        )
    ),
    Ends.LOST: frozenset(
        (
            "lost",
            "closed lost",
            "loss",
            "perdido",
            "perdida",
            "cerrada perdida",
            "丢单",
            "输单",
            "輸單",
        )
    ),
}


class DealWriter(PlainWriter):
    """Writes files of deals. A stage is meant by its name in the pipeline that the deals go to: the
    one that the plan makes (`Plan.makes`, its name), else the user's own."""

    def makes(self, user: User) -> Label:
        """Pipelines are made by administrators."""
        return gettext_lazy("Pipeline with the stages that the rows name") if may_make(user) else ""

    def each(self, cursor: Any, plan: Plan, user: User, *, rehearsal: bool) -> Iterator[Outcome]:
        """Make the pipeline first, where one is wanted."""
        if plan.makes and may_make(user):
            with journal.label_kept():
                named = stages_in(texts for _row, texts in staged(cursor))
                bring_pipeline(user, plan.makes, named)
        yield from super().each(cursor, plan, user, rehearsal=rehearsal)

    def taken_back(self) -> None:
        """A pipeline that was only rehearsed is not there."""
        forget()

    def readable(self, plan: Plan, user: User) -> list[Field]:
        """Stages by their bare names, those of the pipeline the deals go to before all others."""
        pipeline = _called(plan.makes) if plan.makes else default_pipeline(user)
        fields = super().readable(plan, user)
        return [_by_bare_name(one, pipeline) if one.name == "stage" else one for one in fields]


def may_make(user: User) -> bool:
    """Whether this user's files may bring a pipeline along."""
    return rights_of(user).administrator


def _by_bare_name(field: Field, pipeline: Pipeline | None) -> Field:
    own = known().stages_of(pipeline.pk) if pipeline else []
    others = [one for one in known().stages.values() if one not in own]
    names: dict[str, int] = {}
    for stage in (*own, *others):
        names.setdefault(stage.name, stage.pk)
    bare = tuple((pk, name) for name, pk in names.items())
    return replace(field, choices=(*(field.choices or ()), *bare))


def stages_in(rows: Iterator[dict[str, str]]) -> list[str]:
    """The stages that the rows of a file name, in the order of a deal's way: the earlier a deal
    stands, the less is filled in about it.

    >>> stages_in(iter([{"stage": "Won", "amount": "5"}, {"stage": "New"}]))
    ['New', 'Won']
    """
    filled: dict[str, list[int]] = defaultdict(list)
    for texts in rows:
        if name := clean(texts.get("stage", ""))[:80]:
            filled[name].append(len(texts))
    return sorted(filled, key=lambda name: sum(filled[name]) / len(filled[name]))


def ends_of(name: str) -> Ends:
    """What a stage of that name means for its deals, by what other programs call such stages."""
    return next((ends for ends, names in _ENDS.items() if fold(name) in names), Ends.OPEN)


def bring_pipeline(user: User, name: str, stages: list[str]) -> Pipeline:
    """The pipeline of that name with at least these stages; what is there already stays."""
    pipeline = _called(name)
    fresh = pipeline is None
    if pipeline is None:
        pipeline = create_pipeline(actor=user, name=name)
    there = {fold(one.name): one for one in known().stages_of(pipeline.pk)}
    opened = [one for one in stages if ends_of(one) == Ends.OPEN]
    for stage in stages:
        ends = ends_of(stage)
        same = there.pop(fold(stage), None)
        if same is None and fresh and ends != Ends.OPEN:
            usual = next((key for key, one in there.items() if one.ends == ends), "")
            same = there.pop(usual, None)
        if same is None or (fresh and same.name != stage):
            chance = 100 * (opened.index(stage) + 1) // (len(opened) + 1) if stage in opened else 0
            save_stage(
                actor=user, pipeline=pipeline, stage=same, name=stage, ends=ends, probability=chance
            )
    if fresh and opened:
        for unused in there.values():
            if unused.ends == Ends.OPEN:
                delete_stage(actor=user, stage=unused)
    return pipeline


def _called(name: str) -> Pipeline | None:
    return next((one for one in known().pipelines if fold(one.name) == fold(name)), None)
