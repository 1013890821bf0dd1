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
    stages = known().stages_of(chosen.pk)
    others = tuple((one.name, _address(state, one), one.pk == chosen.pk) for one in offered)
    asked = _statuses(state)
    return Lanes(
        tuple(str(one.pk) for one in stages),
        others if len(offered) > 1 else (),
        frozenset(str(one.pk) for one in stages if asked and one.ends not in asked),
    )


def _statuses(state: ListState) -> set[str]:
    """The statuses that a list's filters leave; none where they leave all. The usual list is of open
    deals: among all that were ever won, it would be looked for an open one in vain."""
    for one in state.filters:
        if _says(one, "status"):
            return set(one.values)
    return set()


def _says(one: Filter, name: str) -> bool:
    """Whether a filter says, for itself alone, which values of a field are meant."""
    alone = not one.group and one.step is None
    return alone and one.field.name == name and one.operator.name in ("is", "in")


def _chosen(state: ListState) -> Pipeline | None:
    for one in state.filters:
        if _says(one, "pipeline"):
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
