"""How soon what was opened in each month was won."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from vinculo.kernel.clock import now
from vinculo.kernel.proportions import share
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.sales.forecast.periods import Period
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.reports.asked import Asked
from vinculo.sales.reports.tables import HUNDRED, Cell, Row, Table, counted, percent

#: The last days of the bands in which something is won; after the last one comes *later*.
BANDS = (30, 60, 90, 120, 180, 365)
LATER = len(BANDS)
#: From so many percent on a cell is a shade darker.
SHADES = (1, 5, 10, 20, 30)


@dataclass
class Cohort:
    """What was opened in a month: how many, and how many of them were won in which band."""

    month: Period
    opened: int = 0
    won: dict[int, int] = field(default_factory=dict)


def cohorts(user: User, asked: Asked) -> list[Cohort]:
    """The months of the time, the first first: one query."""
    bands = [When(cycle_days__lte=last, then=Value(at)) for at, last in enumerate(BANDS)]
    rows = (
        asked.opened(user)
        .annotate(month=TruncMonth("opened_on"), band=Case(*bands, default=Value(LATER)))
        .values("month", "band", "status")
        .annotate(number=Count("pk"))
        .order_by("month")
    )
    found: dict[date, Cohort] = {}
    for row in rows:
        one = found.setdefault(row["month"], Cohort(Period.around(row["month"], "month")))
        one.opened += row["number"]
        if row["status"] == Ends.WON:
            one.won[row["band"]] = one.won.get(row["band"], 0) + row["number"]
    return list(found.values())


def tables(user: User, asked: Asked) -> list[Table]:
    """A row for each month, a column for each band of days."""
    found = cohorts(user, asked)
    if not found:
        return []
    today = timezone.localdate(now())
    heads = [pgettext("sales report", "Opened"), pgettext("number of deals", "Won")]
    heads += [pgettext("sales report", "Won in all")]
    heads += [_band(at) for at in range(LATER + 1)]
    title = pgettext("sales report", "Won after so many days, by month of opening")
    note = gettext(
        "In percent of what was opened in the month. “So far”: for some of them the days are not"
        " over yet; –: for none of them have they begun."
    )
    rows = [_row(asked, one, today) for one in found]
    first = pgettext("period", "Month")
    return [Table("cohorts", title, first, heads, rows, note=note, shaded=True)]


def _ends(at: int) -> tuple[int, int | None]:
    first = 0 if at == 0 else BANDS[at - 1] + 1
    return first, BANDS[at] if at < LATER else None


def _band(at: int) -> str:
    first, last = _ends(at)
    if last is None:
        return gettext("later")
    words = {"first": number_text(first), "last": number_text(last)}
    return gettext("%(first)s–%(last)s days") % words


def _row(asked: Asked, one: Cohort, today: date) -> Row:
    start = max(one.month.start, asked.span.start)
    end = min(one.month.end, asked.span.end)
    opened = ("opened_on.between", f"{start}..{end}")
    is_won = ("status.is", "won")
    won = sum(one.won.values())
    cells = [
        counted(one.opened, asked.list_url(opened)),
        counted(won, asked.list_url(opened, is_won)),
        percent(share(won, one.opened)),
    ]
    for at in range(LATER + 1):
        cells.append(_cell(one, at, start, end, today))
    return Row(one.month.text(), cells)


def _cell(one: Cohort, at: int, start: date, end: date, today: date) -> Cell:
    """The share that was won in a band; nothing where that has not begun even for the oldest."""
    first, last = _ends(at)
    if start + timedelta(days=first) > today:
        return Cell()
    part = share(one.won.get(at, 0), one.opened)
    is_over = last is not None and end + timedelta(days=last) < today
    made = percent(part, "" if is_over or last is None else gettext("so far"))
    dark = sum(1 for edge in SHADES if (part or 0) * HUNDRED >= edge)
    return Cell(made.text, made.raw, note=made.note, shade=dark)
