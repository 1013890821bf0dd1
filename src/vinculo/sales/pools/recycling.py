"""Back to the pool by rules, each night and in sets: first the owner is warned, then it goes.

A record goes only if its owner was warned so many days before, is still its owner, and what the
rule says still holds. What changed hands lately, and what has an open deal, stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.events import emit
from vinculo.platform.jobs import job
from vinculo.platform.models import Membership, Team, User
from vinculo.platform.models.journal import Change
from vinculo.platform.notifications import notify
from vinculo.platform.patience import patience
from vinculo.records.registry import entity
from vinculo.sales.conditions import rows_of
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.pools.membership import POOLED
from vinculo.sales.pools.models import Pool, RecycleRule, RecycleWarning
from vinculo.sales.pools.wording import reason_of

VERB = "sales.recycle"
OTHER_VERBS[VERB] = _t("Back to the pool")
#: One statement over a million records may take so long.
SECONDS = 600


def fitting(rule: RecycleRule, at: datetime, *, early: int = 0) -> Any:
    """The records that a rule would take off their owners at an instant, or so many days later if
    nothing happens until then (`early`)."""
    pool, sort = rule.pool, POOLED[rule.pool.entity]
    rows = rows_of(pool.entity, pool.query, {**sort.still, **_passed(rule, at, early)})
    rows = rows.filter(owner__in=members_of(pool))
    if rule.query:
        meets = rows_of(pool.entity, rule.query).order_by()
        rows = rows.filter(pk__in=meets.values("pk"))
    if rule.classes:
        rows = rows.filter(value_class__in=rule.classes)
    if sort.is_customer:
        rows = rows.exclude(Exists(_deals(Q(status=Ends.OPEN))))
    since = at - timedelta(days=max(rule.longest - early, 0))
    # Nobody loses what they have had for less time than the rule speaks of.
    rows = rows.filter(created_at__lt=since).exclude(Exists(_handed_over(pool, since)))
    if rule.no_contact is not None:
        silent = at - timedelta(days=max(rule.no_contact - early, 0))
        quiet = sort.quiet_since
        rows = rows.filter(Q(**{f"{quiet}__isnull": True}) | Q(**{f"{quiet}__lt": silent}))
    if rule.no_deal is not None:
        day = timezone.localdate(at - timedelta(days=max(rule.no_deal - early, 0)))
        rows = rows.exclude(Exists(_deals(Q(closed_on__gte=day))))
    return rows


def _passed(rule: RecycleRule, at: datetime, early: int) -> dict[str, str]:
    """As a list asks it: the rule's date lies so many days back, or will so many days later."""
    if rule.days_after is None:
        return {}
    last = last_day(timezone.localdate(at), rule.days_after, early)
    return {f"{rule.date_field}.before": (last + timedelta(days=1)).isoformat()}


def last_day(today: date, days_after: int, early: int = 0) -> date:
    """The latest date of a record that goes today, or so many days later if nothing changes."""
    return today - timedelta(days=days_after - early)


def members_of(pool: Pool) -> Any:
    """The people who work in a team of the pool or below one."""
    teams = set(pool.teams.values_list("team_id", flat=True))
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    below = {pk for pk in parents if teams.intersection(_line(pk, parents))}
    return Membership.objects.filter(team__in=below).values("user_id")


def _line(team: int | None, parents: Mapping[int, int | None]) -> set[int]:
    """A team with all those it is part of."""
    found: set[int] = set()
    while team is not None and team not in found:
        found.add(team)
        team = parents.get(team)
    return found


def _deals(which: Q) -> Any:
    """Deals of the record at hand."""
    return Deal.objects.filter(Q(company=OuterRef("pk")) | Q(person=OuterRef("pk"))).filter(which)


def _handed_over(pool: Pool, since: datetime) -> Any:
    """Changes of whose a record is, since an instant."""
    table = entity(pool.entity).model._meta.db_table
    return Change.objects.filter(
        table=table, row_id=OuterRef("pk"), op="U", at__gte=since, before__has_key="owner_id"
    )


@job("sales.recycle", every="17 2 * * *", lock=VERB, retry=2)
def recycle_nightly() -> None:
    """The rules of all open pools, each night."""
    recycle()


def recycle(at: datetime | None = None) -> dict[int, int]:
    """Warn, and take off their owners what is due; rule → how many records went back."""
    instant = at or now()
    rules = RecycleRule.objects.filter(is_active=True, pool__is_active=True)
    went: dict[int, int] = {}
    with transaction.atomic(), patience(SECONDS):
        for rule in rules.select_related("pool").order_by("pk"):
            _forget_warnings(rule, instant)
            gone = _take_off(rule, instant)
            if gone:
                went[rule.pk] = gone
            _warn(rule, instant)
    return went


def _forget_warnings(rule: RecycleRule, at: datetime) -> None:
    """Those whose record no longer fits: something happened, or it is somebody else's."""
    still = fitting(rule, at, early=rule.warn).filter(
        pk=OuterRef("row_id"), owner=OuterRef("owner_id")
    )
    RecycleWarning.objects.filter(~Exists(still.order_by()), rule=rule).delete()


def _take_off(rule: RecycleRule, at: datetime) -> int:
    """Take what is due off its owners, in a change-set that says why."""
    due = fitting(rule, at).order_by()
    if rule.warn:
        warned = RecycleWarning.objects.filter(
            rule=rule,
            row_id=OuterRef("pk"),
            owner=OuterRef("owner_id"),
            goes_on__lte=timezone.localdate(at),
        )
        due = due.filter(Exists(warned))
    held = due.select_for_update(of=("self",), no_key=True)
    taken = list(held.values_list("pk", "owner_id"))
    if not taken:
        return 0
    ids = [pk for pk, _owner in taken]
    pool = rule.pool
    with journal.change_set(actor=None, verb=VERB):
        rows = entity(pool.entity).model._default_manager.filter(pk__among=ids)
        rows.update(owner=None, team=None, updated_at=at)
        journal.relabel(f"{pool.name}: {rule} ({len(ids):,})")
        emit("sales.recycled", {"pool": pool.pk, "rule": rule.pk, "records": len(ids)})
    RecycleWarning.objects.filter(row_id__in=ids, rule=rule).delete()
    _tell(rule, Counter(owner for _pk, owner in taken))
    return len(ids)


def _tell(rule: RecycleRule, lost: Counter[int]) -> None:
    """Each former owner learns how many went, and why; not which: they no longer see them."""
    for owner in User.objects.filter(pk__in=lost):
        notify(
            owner,
            _("%(n)s of your records went back to the pool “%(pool)s”: %(why)s."),
            params={"n": lost[owner.pk], "pool": rule.pool.name, "why": _reason(rule, owner)},
            url="/pools",
            kind="pool",
        )


def _reason(rule: RecycleRule, reader: User) -> str:
    """A rule's reason in the language of whoever is told."""
    with translation.override(reader.language or translation.get_language()):
        return reason_of(rule, reader)


def _warn(rule: RecycleRule, at: datetime) -> None:
    """Tell owners, once, what goes on which day unless something happens."""
    if not rule.warn:
        return
    told = RecycleWarning.objects.filter(
        rule=rule, row_id=OuterRef("pk"), owner=OuterRef("owner_id")
    )
    rows = fitting(rule, at, early=rule.warn).order_by().exclude(Exists(told))
    fresh = list(rows.values_list("pk", "owner_id"))
    day = timezone.localdate(at) + timedelta(days=rule.warn)
    RecycleWarning.objects.bulk_create(
        [
            RecycleWarning(rule=rule, row_id=pk, owner_id=owner, at=at, goes_on=day)
            for pk, owner in fresh
        ],
        batch_size=1000,
    )
    warned = Counter(owner for _pk, owner in fresh)
    for owner in User.objects.filter(pk__in=warned):
        notify(
            owner,
            _("%(n)s of your records go back to the pool “%(pool)s” in %(days)s days unless"
              " something happens: %(why)s."),
            params={
                "n": warned[owner.pk],
                "pool": rule.pool.name,
                "days": rule.warn,
                "why": _reason(rule, owner),
            },
            url="/pools",
            kind="pool",
        )  # fmt: skip


def leaving(user: User) -> list[tuple[RecycleWarning, Any, str, str]]:
    """What goes back to a pool soon unless its owner does something: (warning, record, address,
    why)."""
    warnings = RecycleWarning.objects.visible_to(user).select_related("rule__pool")
    found = []
    listed = list(warnings.order_by("goes_on", "pk")[:50])
    by_type: dict[str, list[RecycleWarning]] = {}
    for one in listed:
        by_type.setdefault(one.rule.pool.entity, []).append(one)
    for key, some in by_type.items():
        declared = entity(key)
        rows = declared.visible(user).filter(pk__in=[one.row_id for one in some])
        records = {record.pk: record for record in rows}
        found += [
            (one, records[one.row_id], declared.url(records[one.row_id]), reason_of(one.rule, user))
            for one in some
            if one.row_id in records
        ]
    return found
