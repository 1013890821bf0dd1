"""How fast deals go: days in each stage and until they are won, and what a day brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.translation import gettext, ngettext, pgettext

from vinculo.kernel.proportions import FEW, velocity
from vinculo.parties.choices import Source
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.sales.deals.models import StageVisit
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends, Stage
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.medians import Median
from vinculo.sales.reports.outcomes import label_of
from vinculo.sales.reports.tables import ALL, Cell, Row, Table, amount, counted, days, rate

ZERO = Decimal(0)
DAY = 86_400
WON = Q(status=Ends.WON)
CYCLE = {
    "won": Count("pk", filter=WON),
    "closed": Count("pk"),
    "value": Avg("value", filter=WON),
    "middle": Median("cycle_days", filter=WON),
    "mean": Avg("cycle_days", filter=WON),
}


@dataclass(frozen=True)
class Pace:
    """How fast some deals were won, and how many are open now."""

    open: int = 0
    won: int = 0
    closed: int = 0
    #: The mean value of those won, in the books' currency.
    value: Decimal | None = None
    #: Days from opening to winning.
    middle: float | None = None
    mean: float | None = None

    @property
    def a_day(self) -> Decimal | None:
        """What a day brings, in the books' currency; None where too little was closed or won."""
        if self.won < FEW or self.value is None or self.mean is None:
            return None
        part = Decimal(self.won) / self.closed
        return velocity(self.open, part, self.value, Decimal(self.mean))


def paces(user: User, asked: Asked) -> dict[Any, Pace]:
    """The pace of everybody (`ALL`) and by owner or source, of the most closed first."""
    closed, now_open = asked.closed(user), asked.deals(user).filter(status=Ends.OPEN)
    by = _column(asked)
    opened = {row[by]: row["number"] for row in now_open.values(by).annotate(number=Count("pk"))}
    found: dict[Any, Pace] = {ALL: Pace(sum(opened.values()), **closed.aggregate(**CYCLE))}
    for row in closed.values(by).annotate(**CYCLE).order_by("-closed", by):
        told = {name: row[name] for name in CYCLE}
        found[row[by]] = Pace(opened.get(row[by], 0), **told)
    return found


@dataclass(frozen=True)
class Stay:
    """How long deals stood in a stage: how many stays, and their middle and mean in days."""

    number: int
    middle: float
    mean: float


def stays(user: User, asked: Asked) -> dict[Any, dict[int, Stay]]:
    """The stays in open stages that ended in the time, by stage: of everybody (`ALL`), and of each
    owner or source."""
    length = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    first, after = asked.span.instants
    rows = (
        StageVisit.objects.filter(
            deal__in=asked.deals(user).values("pk"),
            stage__ends=Ends.OPEN,
            left_at__gte=first,
            left_at__lt=after,
        )
        .order_by()
        .annotate(length=length)
    )
    told = {"number": Count("pk"), "middle": Median("length"), "mean": Avg("length")}
    found: dict[Any, dict[int, Stay]] = {}
    by = f"deal__{_column(asked)}"
    for row in rows.values("stage_id").annotate(**told):
        found.setdefault(ALL, {})[row["stage_id"]] = _stay(row)
    for row in rows.values("stage_id", by).annotate(**told):
        found.setdefault(row[by], {})[row["stage_id"]] = _stay(row)
    return found


def _stay(row: Mapping[str, Any]) -> Stay:
    return Stay(
        row["number"], row["middle"].total_seconds() / DAY, row["mean"].total_seconds() / DAY
    )


def _column(asked: Asked) -> str:
    return "owner_id" if asked.by == "owner" else "source"


def tables(user: User, asked: Asked) -> list[Table]:
    """The pace, and the days in each stage of each pipeline."""
    found, stood = paces(user, asked), stays(user, asked)
    if not (found[ALL].closed or found[ALL].open):
        return []
    split = sees(user, DEAL, asked.by)
    keys = [ALL, *(key for key in found if key is not ALL)] if split else [ALL]
    name = _names(asked, keys)
    first = label_of(user, asked.by) if split else ""
    return [
        _pace_table(user, asked, {key: found[key] for key in keys}, name, first),
        *_stage_tables(stood, keys, name, first),
    ]


def _names(asked: Asked, keys: list[Any]) -> Callable[[Any], str]:
    numbers = [key for key in keys if isinstance(key, int)]
    users = User.objects.in_bulk(numbers) if asked.by == "owner" and numbers else {}
    sources = dict(Source.choices)

    def name(key: Any) -> str:
        if key is ALL:
            return gettext("All")
        if asked.by == "owner":
            return str(users[key]) if key in users else gettext("Nobody")
        return str(sources.get(key, key)) if key else gettext("Not said")

    return name


def _chosen(asked: Asked, key: Any) -> list[tuple[str, str]]:
    if key is ALL:
        return []
    return [(f"{asked.by}.is", str(key)) if key else (f"{asked.by}.empty", "1")]


def _pace_table(
    user: User, asked: Asked, found: dict[Any, Pace], name: Callable[[Any], str], first: str
) -> Table:
    money = sees(user, DEAL, "value")
    heads = [
        pgettext("sales report", "Open now"),
        pgettext("number of deals", "Won"),
        gettext("Win rate"),
        pgettext("sales report", "Days to win (median)"),
        pgettext("sales report", "Days to win (mean)"),
    ]
    heads += [gettext("Mean value won"), pgettext("sales report", "A day brings")] if money else []
    span = ("closed_on.between", asked.span.listed)
    rows = []
    for key, one in found.items():
        of = _chosen(asked, key)
        cells = [
            counted(one.open, asked.list_url(("status.is", "open"), *of)),
            counted(one.won, asked.list_url(("status.is", "won"), span, *of)),
            rate(one.won, one.closed),
            days(one.middle),
            days(one.mean),
        ]
        brings = amount(one.a_day)
        cells += [amount(one.value), brings if brings.text else _too_few(one)] if money else []
        rows.append(Row(name(key), cells, total=key is ALL))
    note = gettext(
        "A day brings: what is open now × win rate × mean value won ÷ mean days to win, the usual"
        " formula of sales velocity."
    )
    title = pgettext("sales report", "Velocity")
    return Table("pace", title, first, heads, rows, note=note if money else "")


def _too_few(one: Pace) -> Cell:
    return Cell(note=gettext("few")) if one.won else Cell()


def _stage_tables(
    stood: dict[Any, dict[int, Stay]], keys: list[Any], name: Callable[[Any], str], first: str
) -> list[Table]:
    """Of each pipeline in which stays ended: a column for each stage, middle above mean."""
    everybody = stood.get(ALL, {})
    several = len(known().pipelines) > 1
    made = []
    for pipeline in known().pipelines:
        stages = [one for one in known().stages_of(pipeline.pk) if one.pk in everybody]
        if stages:
            rows = [_stage_row(name(key), stood[key], stages, key) for key in keys if key in stood]
            title = pgettext("sales report", "Days in each stage (median)")
            title += f" · {pipeline.name}" if several else ""
            heads = [one.name for one in stages]
            note = gettext(
                "Stays that ended in this time. Beside the median: the mean, and how many."
            )
            made.append(Table(f"stages-{pipeline.pk}", title, first, heads, rows, note=note))
    return made


def _stage_row(name: str, mine: dict[int, Stay], stages: list[Stage], key: Any) -> Row:
    cells = []
    for stage in stages:
        stay = mine.get(stage.pk)
        if stay is None:
            cells.append(Cell())
            continue
        said = ngettext(
            "mean %(days)s, %(number)s stay", "mean %(days)s, %(number)s stays", stay.number
        )
        words = {"days": days(stay.mean).text, "number": number_text(stay.number)}
        cells.append(days(stay.middle, said % words))
    return Row(name, cells, total=key is ALL)
