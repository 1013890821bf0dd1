"""Each week, and when somebody asks: keep what every deal is, so that it can be told what it was."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User, Work
from vinculo.platform.patience import patience
from vinculo.platform.work import progress, start_work
from vinculo.sales.forecast.models import DealSnapshot, Snapshot
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.rates import stage_rates

LOCK = WORK = "sales.snapshot"
#: One statement over a million deals may take so long.
SECONDS = 600
#: Company time on Mondays, before anybody looks at it.
HOUR = time(2)

KEEP = """
INSERT INTO sales_dealsnapshot (day, deal_number, owner_id, team_id, pipeline_id, stage_id, status,
                                category, has_amount, value, weighted, rate, "on")
SELECT %s, d.id, d.owner_id, d.team_id, d.pipeline_id, d.stage_id, d.status, d.category,
       d.amount IS NOT NULL, d.value, d.weighted, known.rate,
       CASE WHEN d.status = 'won' THEN d.closed_on ELSE d.close_on END
FROM sales_deal d
LEFT JOIN unnest(%s::bigint[], %s::numeric[]) AS known(stage, rate) ON known.stage = d.stage_id
WHERE d.status = 'open' OR (d.status = 'won' AND d.closed_on >= %s)
"""


def take_snapshot() -> Snapshot:
    """Keep what every deal is today that is open, or was won in this year or the quarter before;
    a second one of a day takes the place of the first."""
    today = timezone.localdate(now())
    rates = {pk: one.rate for pk, one in stage_rates(today).items() if one.rate is not None}
    DealSnapshot.objects.filter(day=today).delete()
    with patience(SECONDS), connection.cursor() as cursor:
        cursor.execute(KEEP, [today, list(rates), list(rates.values()), _since(today)])
        number = cursor.rowcount
    kept, _new = Snapshot.objects.update_or_create(
        day=today, defaults={"taken_at": now(), "deals": number}
    )
    return kept


def _since(day: date) -> date:
    """The first day of which won deals are kept: that of the year, or of the quarter before."""
    return min(Period.around(day, "year").start, Period.around(day, "quarter").step(-1).start)


def snapshot_before(day: date) -> Snapshot | None:
    """The last snapshot on or before a day."""
    return Snapshot.objects.filter(day__lte=day).order_by("-day").first()


def due_since(at: datetime, zone: tzinfo) -> date:
    """The day of the last Monday, two o'clock in the morning, before an instant."""
    local = at.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    if at < datetime.combine(monday, HOUR, zone):
        monday -= timedelta(weeks=1)
    return monday


@job("sales.snapshot_weekly", every="5 * * * *", lock=LOCK, retry=2)
def snapshot_weekly() -> None:
    """The snapshot of the week, on Monday or as soon as a worker runs; asked each hour, because the
    clock that decides is the company's."""
    monday = due_since(now(), timezone.get_default_timezone())
    if not Snapshot.objects.filter(day__gte=monday).exists():
        take_snapshot()


@job("sales.snapshot_asked_for", lock=LOCK)
def snapshot_asked_for(*, actor: User, work_id: int) -> None:
    """The snapshot that an administrator wanted."""
    with progress(work_id, result_url="/forecast") as step:
        take_snapshot()
        step.advance()


@action("sales.snapshot_forecast", label=_t("Keep the forecast as it is"), granted=False)
def snapshot_now(*, actor: User) -> Work:
    """Have a worker keep what every deal is today; one at a time."""
    administrators_only(actor)
    active = [Work.State.WAITING, Work.State.RUNNING]
    if Work.objects.filter(kind=WORK, state__in=active).exists():
        raise DomainError(_("A snapshot is being taken. Wait until it is done."))
    work = start_work(actor, gettext("Keep the forecast as it is"), kind=WORK, total=1)
    enqueue(snapshot_asked_for, actor=actor, work_id=work.pk)
    return work
