"""The verbs of the settings: open a pool, say what it holds and for whom, and what goes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import Team, User
from vinculo.platform.models.custom import new_stamp
from vinculo.records.registry import entity
from vinculo.sales.conditions import checked_condition
from vinculo.sales.pools.known import forget
from vinculo.sales.pools.membership import POOLED, dated, pooled_types, showable
from vinculo.sales.pools.models import Period, Pool, PoolTeam, RecycleRule

MOST_DAYS = 3650
CLASSES = ("A", "B", "C", "D")


@action("sales.create_pool", label=_t("Create a pool"), granted=False)
def create_pool(*, actor: User, name: str, entity_key: str, teams: Sequence[Team]) -> Pool:
    """A new pool, closed until somebody has said what it holds."""
    administrators_only(actor)
    if entity_key not in {one.key for one in pooled_types()}:
        raise DomainError(_("Choose one from the list."), field="entity_key")
    pool = Pool(name=_named(name), entity=entity_key, shown=list(POOLED[entity_key].shown))
    pool.save()
    forget()
    _set_teams(pool, teams)
    journal.relabel(pool.name)
    return pool


@action("sales.change_pool", label=_t("Change a pool"), granted=False)
def change_pool(
    *,
    actor: User,
    pool: Pool,
    name: str,
    query: str,
    teams: Sequence[Team],
    shown: Sequence[str],
    is_active: bool,
    most_claims: int | None = None,
    period: str = Period.DAY,
    most_held: int | None = None,
    most_views: int | None = None,
    cooldown: int = 30,
) -> Pool:
    """Say what a pool holds, for whom, how much they may take, and what they see before."""
    administrators_only(actor)
    held = Pool.objects.select_for_update().get(pk=pool.pk)
    known = {one.name for one in showable(entity(held.entity))}
    if not set(shown) <= known:
        raise DomainError(_("Choose from the list."), field="shown")
    if period not in Period.values:
        raise DomainError(_("Choose one from the list."), field="period")
    held.name, held.query = _named(name), checked_condition(held.entity, query)
    held.shown, held.is_active, held.period = list(shown), is_active, period
    held.most_claims, held.most_held, held.most_views = most_claims, most_held, most_views
    held.cooldown = _days(cooldown, "cooldown") or 0
    held.stamp = new_stamp()
    held.save()
    forget()
    _set_teams(held, teams)
    journal.relabel(held.name)
    return held


@action("sales.delete_pool", label=_t("Delete a pool"), granted=False)
def delete_pool(*, actor: User, pool: Pool) -> None:
    """Delete a pool with its rules; its records stay, and belong to nobody."""
    administrators_only(actor)
    journal.relabel(pool.name)
    pool.delete()
    forget()


@action("sales.save_recycle_rule", label=_t("Change a recycling rule"), granted=False)
def save_recycle_rule(
    *,
    actor: User,
    pool: Pool,
    rule: RecycleRule | None = None,
    no_contact: int | None = None,
    no_deal: int | None = None,
    date_field: str = "",
    days_after: int | None = None,
    query: str = "",
    classes: Sequence[str] = (),
    warn: int = 7,
    is_active: bool = False,
) -> RecycleRule:
    """A new rule of a pool, or another one: when records of its members go back."""
    administrators_only(actor)
    if no_contact is None and no_deal is None and not date_field and days_after is None:
        raise DomainError(_("Say after how many days a record goes back."), field="no_contact")
    _check_date(pool, date_field, days_after)
    if not set(classes) <= set(CLASSES):
        raise DomainError(_("Choose from the list."), field="classes")
    if not POOLED[pool.entity].is_customer and (no_deal is not None or classes):
        raise DomainError(_("A rule asks only customers for their deals and their class."))
    saved = rule or RecycleRule(pool=pool)
    saved.no_contact = _days(no_contact, "no_contact", least=1)
    saved.no_deal = _days(no_deal, "no_deal", least=1)
    saved.date_field, saved.days_after = date_field, _days(days_after, "days_after", least=1)
    saved.warn = _days(warn, "warn") or 0
    # A date may lie ahead, and be warned of before any of the days begins.
    if not date_field and saved.warn >= saved.longest:
        raise DomainError(_("Warn later than the days themselves begin."), field="warn")
    saved.query = checked_condition(pool.entity, query)
    saved.classes, saved.is_active = list(classes), is_active
    saved.save()
    journal.relabel(f"{pool.name}: {saved}")
    return saved


@action("sales.delete_recycle_rule", label=_t("Delete a recycling rule"), granted=False)
def delete_recycle_rule(*, actor: User, rule: RecycleRule) -> None:
    """Delete a rule; what went back stays where it is."""
    administrators_only(actor)
    journal.relabel(f"{rule.pool.name}: {rule}")
    rule.delete()


def _check_date(pool: Pool, date_field: str, days_after: int | None) -> None:
    """A date of the record and a number of days after it belong together."""
    if date_field and date_field not in {one.name for one in dated(entity(pool.entity))}:
        raise DomainError(_("Choose one from the list."), field="date_field")
    if date_field and days_after is None:
        raise DomainError(_("Say how many days after this date."), field="days_after")
    if days_after is not None and not date_field:
        raise DomainError(_("Choose the date that the days are counted from."), field="date_field")


def _named(name: str) -> str:
    called = clean(name)[:80]
    if not called:
        raise DomainError(_("Write a name."), field="name")
    return called


def _days(days: int | None, field: str, *, least: int = 0) -> int | None:
    if days is not None and not least <= days <= MOST_DAYS:
        raise DomainError(
            _("Write a number of days from %(least)s to %(most)s."),
            field=field,
            least=least,
            most=MOST_DAYS,
        )
    return days


def _set_teams(pool: Pool, teams: Sequence[Team]) -> None:
    wanted = {team.pk for team in teams}
    if not wanted:
        raise DomainError(_("Choose at least one team."), field="teams")
    rows: Any = PoolTeam.objects.filter(pool=pool)
    known = {row.team_id: row for row in rows}
    for team_id, row in known.items():
        if team_id not in wanted:
            row.delete()
    for team_id in sorted(wanted - set(known)):
        PoolTeam.objects.create(pool=pool, team_id=team_id)
