"""Pipelines, stages, reasons and what leads are asked, as this process knows them: read again when
their version is another."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from vinculo.platform.models import User
from vinculo.records.fields import Label
from vinculo.sales.deals.models import CloseReason
from vinculo.sales.leads.models import Criterion
from vinculo.sales.pipelines.models import Ends, Pipeline, Stage

Choices = tuple[tuple[int, Label], ...]


@dataclass
class Known:
    """All pipelines in their order with their stages, the reasons for winning and losing, and the
    checklist of leads."""

    version: str
    pipelines: tuple[Pipeline, ...] = ()
    stages: dict[int, Stage] = field(default_factory=dict)
    reasons: dict[int, CloseReason] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def pipeline_choices(self) -> Choices:
        """All pipelines, as the choices of a field."""
        return tuple((one.pk, one.name) for one in self.pipelines)

    @cached_property
    def stage_choices(self) -> Choices:
        """All stages in the order of their pipelines, as the choices of a field; with the
        pipeline's name where there are several."""
        several = len(self.pipelines) > 1
        return tuple(
            (stage.pk, f"{pipeline.name}: {stage.name}" if several else stage.name)
            for pipeline in self.pipelines
            for stage in self.stages_of(pipeline.pk)
        )

    @cached_property
    def reason_choices(self) -> Choices:
        """All reasons for winning and losing, as the choices of a field."""
        return tuple((one.pk, one.name) for one in self.reasons.values())

    @cached_property
    def out_of_use(self) -> frozenset[int]:
        """The numbers of pipelines that take no more deals."""
        return frozenset(one.pk for one in self.pipelines if not one.is_active)

    @cached_property
    def stages_out_of_use(self) -> frozenset[int]:
        """The numbers of the stages of such pipelines."""
        return frozenset(
            pk for pk, one in self.stages.items() if one.pipeline_id in self.out_of_use
        )

    @cached_property
    def reasons_out_of_use(self) -> frozenset[int]:
        """The numbers of reasons that are no longer offered."""
        return frozenset(pk for pk, one in self.reasons.items() if not one.is_active)

    def pipeline(self, pk: int | None) -> Pipeline | None:
        """The pipeline of that number."""
        return next((one for one in self.pipelines if one.pk == pk), None)

    def stages_of(self, pipeline: int) -> list[Stage]:
        """The stages of a pipeline in their order, those that end a deal last."""
        return [one for one in self.stages.values() if one.pipeline_id == pipeline]

    def first_stage(self, pipeline: int) -> Stage | None:
        """Where a new deal stands."""
        return next((one for one in self.stages_of(pipeline) if one.ends == Ends.OPEN), None)


_known: Known | None = None
TABLES = ("sales_pipeline", "sales_stage", "sales_closereason", "sales_criterion")


def known() -> Known:
    """The pipelines; read now if this process has none."""
    global _known
    found = _known
    if found is None:
        found = _known = _read()
    return found


def told(version: str) -> None:
    """The database has this version: forget an older one."""
    global _known
    if _known is not None and _known.version != version:
        _known = None


def forget() -> None:
    """Read the pipelines anew at the next question."""
    global _known
    _known = None


ORDER = {Ends.OPEN: 0, Ends.WON: 1, Ends.LOST: 2}


def _read() -> Known:
    pipelines = tuple(Pipeline.objects.order_by("place", "pk"))
    stages = sorted(
        Stage.objects.all(),
        key=lambda one: (one.pipeline_id, ORDER[Ends(one.ends)], one.place, one.pk),
    )
    reasons = list(CloseReason.objects.order_by("ends", "place", "pk"))
    criteria = tuple(Criterion.objects.order_by("place", "pk"))
    stamps = [one.stamp for some in (pipelines, stages, reasons, criteria) for one in some]
    return Known(
        str(sum(stamps)),
        pipelines,
        {one.pk: one for one in stages},
        {one.pk: one for one in reasons},
        criteria,
    )


def pipelines_for(user: User) -> list[Pipeline]:
    """The pipelines in use that a person works with: everybody's, and those of their teams."""
    from vinculo.platform.access import rights_of

    rights = rights_of(user)
    teams = rights.team_ids | set(_teams_above(user))
    return [
        one
        for one in known().pipelines
        if one.is_active and (one.team_id is None or rights.administrator or one.team_id in teams)
    ]


def _teams_above(user: User) -> list[int]:
    if not any(one.team_id for one in known().pipelines):
        return []  # no pipeline asks whose it is
    from vinculo.platform.access import teams_above

    return teams_above(user)


def default_pipeline(user: User) -> Pipeline | None:
    """Where a deal of this person goes unless they say: their team's own before everybody's."""
    mine = pipelines_for(user)
    own = [one for one in mine if one.team_id is not None]
    return next(iter([*own, *mine]), None)


def pipeline_choices() -> Choices:
    """The pipelines as this process knows them."""
    return known().pipeline_choices


def stage_choices() -> Choices:
    """The stages as this process knows them."""
    return known().stage_choices


def reason_choices() -> Choices:
    """The reasons as this process knows them."""
    return known().reason_choices
