"""Pools with their members and rules, and what was taken from them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.sales.pipelines.models import _Shaped


class Period(models.TextChoices):
    """What a quota of claims is counted over."""

    DAY = "day", pgettext_lazy("a quota", "Day")
    WEEK = "week", pgettext_lazy("a quota", "Week")


class Pool(_Shaped):
    """Records of one type that have neither owner nor team, as far as they meet its condition."""

    name = models.CharField(_("Name"), max_length=80)
    entity = models.CharField(_("Record type"), max_length=80)
    #: The query of a list: see `sales.conditions`; "" is every record.
    query = models.TextField(blank=True, default="")
    is_active = models.BooleanField(pgettext_lazy("a pool", "Open"), default=False)
    #: The fields that members see before they claim; all others stay on the server.
    shown = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    #: None is as many as one likes, in all of these.
    most_claims = models.PositiveIntegerField(null=True, blank=True)
    period = models.CharField(max_length=4, choices=Period.choices, default=Period.DAY)
    most_held = models.PositiveIntegerField(null=True, blank=True)
    most_views = models.PositiveIntegerField(null=True, blank=True, default=50)
    #: Days for which whoever had a record cannot claim it.
    cooldown = models.PositiveIntegerField(default=30)

    class Meta:
        verbose_name = _("Pool")
        verbose_name_plural = _("Pools")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to ask anew which pools are open."""
        from vinculo.sales.pools.known import forget

        super().after_undo(ids)
        forget()


class PoolTeam(Row):
    """A team whose people are members of a pool, with those of the teams below it."""

    reach = Reach(everyone=True)
    told_by = ("pool",)

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey("platform.Team", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("Team of a pool")
        verbose_name_plural = _("Teams of a pool")
        constraints = [models.UniqueConstraint("pool", "team", name="pool_team_once")]

    def __str__(self) -> str:
        return f"{self.pool}: {self.team}"


class PoolUse(Row):
    """Somebody looked at a record of a pool, or claimed it. Not in the journal: quotas count what
    was done, also where it was undone since."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user", personal=True)

    class What(models.TextChoices):
        """What was taken."""

        LOOK = "look"
        CLAIM = "claim"

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        "platform.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    what = models.CharField(max_length=5, choices=What.choices)
    row_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Use of a pool")
        verbose_name_plural = _("Uses of a pool")
        indexes = [models.Index("pool", "user", "what", "at", name="pool_use_by_user")]

    def __str__(self) -> str:
        return f"{self.what} {self.row_id}"

    def named_for(self, user: Any) -> str:
        """Nothing: it is about a record that may be hidden."""
        return ""


class RecycleRule(Row):
    """When a record of a pool's members goes back to the pool; all that is set must hold."""

    reach = Reach(everyone=True)
    told_by = ("pool",)

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="rules")
    #: No contact for so many days.
    no_contact = models.PositiveIntegerField(null=True, blank=True)
    #: No deal that was open at any time in so many days.
    no_deal = models.PositiveIntegerField(null=True, blank=True)
    #: So many days after what stands in this date field of the record; "" for none.
    date_field = models.CharField(max_length=80, blank=True, default="")
    days_after = models.PositiveIntegerField(null=True, blank=True)
    #: Only records that meet this condition, too: see `sales.conditions`; "" is all.
    query = models.TextField(blank=True, default="")
    #: Only records of these value classes; empty is all.
    classes = ArrayField(models.CharField(max_length=1), default=list, blank=True)
    #: The owner is warned so many days before.
    warn = models.PositiveIntegerField(default=7)
    is_active = models.BooleanField(_("On"), default=False)

    class Meta:
        verbose_name = _("Recycling rule")
        verbose_name_plural = _("Recycling rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(no_contact__isnull=False)
                | Q(no_deal__isnull=False)
                | Q(days_after__isnull=False),
                name="recycle_rule_says_when",
            ),
            models.CheckConstraint(
                condition=Q(date_field="", days_after__isnull=True)
                | (~Q(date_field="") & Q(days_after__isnull=False)),
                name="recycle_rule_days_after_a_date",
            ),
        ]

    @property
    def longest(self) -> int:
        """Of the days that must have passed, the most: nobody loses what they have had for less."""
        said = (self.no_contact, self.no_deal, self.days_after)
        return max(days for days in said if days is not None)

    def __str__(self) -> str:
        from vinculo.sales.pools.wording import reason_of

        return reason_of(self)


class RecycleWarning(Row):
    """An owner was told that a record goes back on a day, unless something happens. Not in the
    journal: it follows from the rule and the record, night by night."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="owner", personal=True)

    rule = models.ForeignKey(
        RecycleRule, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    row_id = models.BigIntegerField()
    owner = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    goes_on = models.DateField()

    class Meta:
        verbose_name = _("Warning before recycling")
        verbose_name_plural = _("Warnings before recycling")
        constraints = [
            models.UniqueConstraint("rule", "row_id", "owner", name="recycle_warned_once")
        ]

    def __str__(self) -> str:
        return f"{self.row_id}: {self.goes_on}"

    def named_for(self, user: Any) -> str:
        """Nothing: it is about a record that may be hidden."""
        return ""
