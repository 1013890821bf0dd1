"""How much a person may take from a pool, counted by what they took."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.periods import start_of_day
from vinculo.platform.formats import date_text
from vinculo.platform.models import User
from vinculo.platform.models.journal import Change
from vinculo.records.registry import entity
from vinculo.sales.conditions import rows_of
from vinculo.sales.pools.membership import POOLED
from vinculo.sales.pools.models import Period, Pool, PoolUse

#: First part of the lock under which one person's takings are counted.
LOCK = 77_041


def one_at_a_time(user: User) -> None:
    """Until the transaction ends, nothing else is taken in this person's name: counted is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, user.pk % 2**31])


def period_of(pool: Pool, at: datetime) -> tuple[datetime, date]:
    """When the running period of a pool's quota began, and the day on which the next one does."""
    today = timezone.localdate(at)
    first = today if pool.period == Period.DAY else today - timedelta(days=today.weekday())
    length = 1 if pool.period == Period.DAY else 7
    return start_of_day(first, timezone.get_current_timezone()), first + timedelta(days=length)


def claimed(user: User, pool: Pool, at: datetime) -> int:
    """How many records they claimed in the running period, whatever became of them."""
    since, _next = period_of(pool, at)
    return _uses(user, pool, PoolUse.What.CLAIM).filter(at__gte=since).count()


def held(user: User, pool: Pool) -> int:
    """How many records that they claimed from the pool they have still; what is over is not
    counted."""
    ids = _uses(user, pool, PoolUse.What.CLAIM).values("row_id")
    rows = rows_of(pool.entity, "", POOLED[pool.entity].still)
    return int(rows.filter(owner=user.pk, pk__in=ids).count())


def looked_at(user: User, pool: Pool, at: datetime) -> int:
    """How many records they have looked at today."""
    today = start_of_day(timezone.localdate(at), timezone.get_current_timezone())
    looks = _uses(user, pool, PoolUse.What.LOOK).filter(at__gte=today)
    return looks.values("row_id").distinct().count()


def has_looked(user: User, pool: Pool, row_id: int, at: datetime) -> bool:
    """Whether they looked at a record today: to look again costs nothing."""
    today = start_of_day(timezone.localdate(at), timezone.get_current_timezone())
    return _uses(user, pool, PoolUse.What.LOOK).filter(at__gte=today, row_id=row_id).exists()


def _uses(user: User, pool: Pool, what: str) -> Any:
    return PoolUse.objects.filter(user=user, pool=pool, what=what)


def waits_until(user: User, pool: Pool, ids: list[int], at: datetime) -> dict[int, date]:
    """Of these records, those that this person had not long ago: record → the day from which they
    may claim it again. The journal tells, through whatever door it was taken off them."""
    if not pool.cooldown or not ids:
        return {}
    lost = Change.objects.filter(
        table=entity(pool.entity).model._meta.db_table,
        row_id__in=ids,
        op="U",
        at__gt=at - timedelta(days=pool.cooldown),
        before__owner_id=user.pk,
    )
    found: dict[int, date] = {}
    for row_id, when in lost.order_by("at").values_list("row_id", "at"):
        found[row_id] = timezone.localdate(when + timedelta(days=pool.cooldown)) + timedelta(days=1)
    return found


def check_claim(user: User, pool: Pool, row_id: int) -> None:
    """Refuse a claim beyond a quota, or of what was theirs not long ago; says when it frees."""
    at = now()
    waits = waits_until(user, pool, [row_id], at).get(row_id)
    if waits is not None:
        raise DomainError(
            _("This was yours not long ago. You may claim it again from %(day)s on."),
            day=date_text(waits),
        )
    if pool.most_claims is not None and claimed(user, pool, at) >= pool.most_claims:
        _since, free = period_of(pool, at)
        raise DomainError(
            _("You have claimed %(most)s from this pool, which is all for now. You may claim again"
              " from %(day)s on."),
            most=pool.most_claims,
            day=date_text(free),
        )  # fmt: skip
    if pool.most_held is not None and held(user, pool) >= pool.most_held:
        raise DomainError(
            _("You hold %(most)s from this pool, which is the most. Release one first."),
            most=pool.most_held,
        )


def check_look(user: User, pool: Pool, row_id: int) -> None:
    """Refuse to show one more record than may be looked at in a day."""
    at = now()
    if pool.most_views is None or has_looked(user, pool, row_id, at):
        return
    if looked_at(user, pool, at) >= pool.most_views:
        raise DomainError(
            _("You have looked at %(most)s records of this pool today, which is all for one day."
              " Tomorrow you may look again."),
            most=pool.most_views,
        )  # fmt: skip
