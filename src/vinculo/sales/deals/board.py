"""Deals on a board: the stages of one pipeline, and the way to the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vinculo.records.entity import Lanes
from vinculo.records.filters.operators import IS, Filter
from vinculo.sales.pipelines.known import default_pipeline, known, pipelines_for
from vinculo.sales.pipelines.models import Ends, Pipeline

if TYPE_CHECKING:
    from vinculo.records.lists import ListState


def lanes_of(state: ListState) -> Lanes:
    """The stages of the pipeline that a list is of: the one its filters name, else one's own."""
    offered = pipelines_for(state.user)
    chosen = _chosen(state) or default_pipeline(state.user)
    if chosen is None:
        return Lanes(())
    stages = tuple(str(one.pk) for one in known().stages_of(chosen.pk))
    if len(offered) < 2:
        return Lanes(stages)
    return Lanes(
        stages, tuple((one.name, _address(state, one), one.pk == chosen.pk) for one in offered)
    )


def _chosen(state: ListState) -> Pipeline | None:
    for one in state.filters:
        alone = not one.group and one.step is None
        if alone and one.field.name == "pipeline" and one.operator.name in ("is", "in"):
            value = next(iter(one.values), "")
            return known().pipeline(int(value)) if value.isdecimal() else None
    return None


def _address(state: ListState, pipeline: Pipeline) -> str:
    """The same list as the board of another pipeline."""
    field = state.entity.field_for(state.user, "pipeline")
    kept = tuple(one for one in state.filters if one.field.name != "pipeline" or one.step)
    filters = (*kept, Filter(field, IS, str(pipeline.pk))) if field is not None else kept
    return f"/deals?{replace(state, filters=filters, after='', before='').query()}"


def action_for(value: str) -> str:
    """What moves a card into a stage: winning and losing have verbs of their own."""
    stage = known().stages.get(int(value)) if value.isdecimal() else None
    verbs = {Ends.WON: "sales.win_deal", Ends.LOST: "sales.lose_deal"}
    return verbs.get(Ends(stage.ends), "") if stage is not None else ""
