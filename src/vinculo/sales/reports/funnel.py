"""How far the deals came that were opened in a time: from stage to stage, until they were won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext, ngettext, pgettext

from vinculo.kernel.proportions import conversions, share
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.sales.deals.models import StageVisit
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends, Pipeline, Stage
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.tables import Cell, Row, Table, amount, counted, percent, unrated

ZERO = Decimal(0)
#: How far each deal came: the last open stage of its pipeline in which it ever stood.
FURTHEST = Subquery(
    StageVisit.objects.filter(
        deal=OuterRef("pk"), stage__pipeline=OuterRef("pipeline"), stage__ends=Ends.OPEN
    )
    .order_by()
    .values("deal")
    .annotate(place=Max("stage__place"))
    .values("place")
)


@dataclass
class Step:
    """A stage of a pipeline (None: it was won), and the deals that came so far."""

    stage: Stage | None
    reached: int = 0
    value: Decimal = ZERO
    open_here: int = 0
    lost_here: int = 0


@dataclass
class Way:
    """What became of the deals of one pipeline."""

    pipeline: Pipeline
    steps: list[Step]
    opened: int = 0
    open: int = 0
    won: int = 0
    lost: int = 0
    #: Lost ones of which no stage is kept.
    unknown: int = 0
    without_rate: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)


def ways(user: User, asked: Asked) -> list[Way]:
    """The way of the deals of each pipeline, in the order of these: one query."""
    rows = (
        asked.opened(user)
        .annotate(furthest=FURTHEST)
        .values("pipeline_id", "stage_id", "status", "furthest")
        .annotate(
            number=Count("pk"),
            total=Sum("value"),
            no_rate=Count("pk", filter=Q(amount__isnull=False, value__isnull=True)),
        )
        .order_by(F("pipeline__place"), "pipeline_id")
    )
    found: dict[int, Way] = {}
    for row in rows:
        way = found.get(row["pipeline_id"]) or _new_way(row["pipeline_id"])
        if way is not None:
            found[row["pipeline_id"]] = way
            _count(way, row)
    return list(found.values())


def _new_way(pipeline: int) -> Way | None:
    found = known().pipeline(pipeline)
    if found is None:
        return None  # it went while we were asking
    stages = [one for one in known().stages_of(pipeline) if one.ends == Ends.OPEN]
    return Way(found, [*(Step(one) for one in stages), Step(None)])


def _count(way: Way, row: Mapping[str, Any]) -> None:
    """Count some deals in, in each stage that they reached: whoever came to a later one, or was
    won, has passed those before it; all of them began in the first."""
    status, number, total = row["status"], row["number"], row["total"] or ZERO
    way.opened += number
    way.without_rate += row["no_rate"]
    setattr(way, status, getattr(way, status) + number)
    way.values[status] = way.values.get(status, ZERO) + total
    last = None
    for at, step in enumerate(way.steps):
        if step.stage is None:
            came = status == Ends.WON
        else:
            here = step.stage.pk == row["stage_id"]
            far = row["furthest"] is not None and row["furthest"] >= step.stage.place
            came = at == 0 or here or far or status == Ends.WON
            step.open_here += number if here else 0
        if came:
            step.reached += number
            step.value += total
            last = step
    if status == Ends.LOST and row["furthest"] is None:
        way.unknown += number
    elif status == Ends.LOST and last is not None:
        last.lost_here += number


def tables(user: User, asked: Asked) -> list[Table]:
    """The funnel of each pipeline in which something was opened."""
    found = ways(user, asked)
    money = sees(user, DEAL, "value")
    return [_table(asked, way, money, several=len(found) > 1) for way in found]


def _table(asked: Asked, way: Way, money: bool, *, several: bool) -> Table:
    heads = [pgettext("sales report", "Reached")]
    heads += [gettext("Value")] if money else []
    heads += [
        pgettext("sales report", "From the stage before"),
        pgettext("sales report", "Of all"),
        pgettext("sales report", "Open here"),
        pgettext("sales report", "Lost from here"),
    ]
    came = conversions([step.reached for step in way.steps])
    rows = [_row(asked, way, step, part, money) for step, part in zip(way.steps, came, strict=True)]
    title = pgettext("sales report", "Funnel") + (f" · {way.pipeline.name}" if several else "")
    return Table(
        f"funnel-{way.pipeline.pk}",
        title,
        pgettext("of a pipeline", "Stage"),
        heads,
        [*rows, _lost(asked, way, money)],
        note=gettext("What came to a later stage, or was won, has passed the stages before it."),
        warnings=_warnings(way),
    )


def _row(asked: Asked, way: Way, step: Step, came: Decimal | None, money: bool) -> Row:
    mine = _filters(asked, way)
    if step.stage is None:
        name, url = pgettext("number of deals", "Won"), asked.list_url(*mine, ("status.is", "won"))
    else:
        name, url = step.stage.name, asked.list_url(*mine) if step is way.steps[0] else ""
    cells = [counted(step.reached, url)]
    cells += [amount(step.value)] if money else []
    cells += [percent(came), percent(share(step.reached, way.opened), meter=True)]
    if step.stage is None:
        return Row(name, [*cells, Cell(), Cell()], total=True)
    here = asked.list_url(*mine, ("stage.is", str(step.stage.pk)))
    return Row(name, [*cells, counted(step.open_here, here), counted(step.lost_here)])


def _lost(asked: Asked, way: Way, money: bool) -> Row:
    """All that were lost, wherever that was."""
    url = asked.list_url(*_filters(asked, way), ("status.is", "lost"))
    cells = [counted(way.lost, url)]
    cells += [amount(way.values.get(Ends.LOST, ZERO))] if money else []
    cells += [Cell(), percent(share(way.lost, way.opened), meter=True), Cell(), Cell()]
    return Row(pgettext("number of deals", "Lost"), cells, total=True)


def _filters(asked: Asked, way: Way) -> Sequence[tuple[str, str]]:
    return (("opened_on.between", asked.span.listed), ("pipeline.is", str(way.pipeline.pk)))


def _warnings(way: Way) -> list[str]:
    """What the figures leave out."""
    found = []
    if way.unknown:
        said = ngettext(
            "Of %(number)s lost one it is not known how far it came.",
            "Of %(number)s lost ones it is not known how far they came.",
            way.unknown,
        )
        found.append(said % {"number": number_text(way.unknown)})
    if way.without_rate:
        found.append(unrated(way.without_rate))
    return found
