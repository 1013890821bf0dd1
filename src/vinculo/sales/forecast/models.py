"""What is to be sold, what managers expect instead of what is computed, and what deals once were."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.products.models import DECIMALS, DIGITS
from vinculo.sales.pipelines.models import Category, Ends

#: These rows are reached as the deals are: by whoever sees or edits deals of the team.
AS_DEALS = Reach(team="team", granted="sales.deal")


class _OfPeriod(Row):
    """Something said of a person, or of a team, for a period; amounts in the books' currency."""

    reach = AS_DEALS
    told_by: ClassVar[tuple[str, ...]] = ("period",)

    #: Null: it is said of the team.
    person = models.ForeignKey(
        "platform.User",
        verbose_name=_("Colleague"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    #: Of a person, the team they mainly worked in when it was said.
    team = models.ForeignKey(
        "platform.Team",
        verbose_name=_("Team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    #: 2026, 2026-Q3 or 2026-07: see `periods.Period`.
    period = models.CharField(_("Period"), max_length=7)
    amount = models.DecimalField(_("Amount"), max_digits=DIGITS, decimal_places=DECIMALS)

    class Meta:
        abstract = True


class Target(_OfPeriod):
    """What a person or a team is to sell in a period: of everything, of a product, or of a family."""

    product = models.ForeignKey(
        "products.Product", verbose_name=_("Product"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="targets",
    )  # fmt: skip
    family = models.CharField(_("Product family"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("Target")
        verbose_name_plural = _("Targets")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period", "product", "family"], name="target_of_person_once",
                condition=models.Q(person__isnull=False), nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["team", "period", "product", "family"], name="target_of_team_once",
                condition=models.Q(person__isnull=True), nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(family=""),
                name="target_of_product_or_family",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(team__isnull=False),
                name="target_of_somebody",
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="target_not_negative"),
        ]  # fmt: skip

    def __str__(self) -> str:
        of = self.product or self.family
        return " ".join(str(one) for one in (self.person or self.team, of, self.period) if one)


class Adjustment(_OfPeriod):
    """What a manager expects a person to close in a period, beside what is computed, and why."""

    note = models.CharField(_("Note"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        "platform.User",
        verbose_name=pgettext_lazy("a forecast", "Adjusted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(pgettext_lazy("a forecast", "Adjusted"))

    class Meta:
        verbose_name = _("Adjusted forecast")
        verbose_name_plural = _("Adjusted forecasts")
        constraints = [
            models.UniqueConstraint("person", "period", name="adjustment_once"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False), name="adjustment_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.period}"


class Snapshot(Row):
    """A day of which is kept what every deal was; see `DealSnapshot`."""

    journalled: ClassVar[bool] = False
    reach = Reach(everyone=True)
    told_by = ("day",)

    day = models.DateField(unique=True)
    taken_at = models.DateTimeField()
    deals = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("Snapshot of the forecast")
        verbose_name_plural = _("Snapshots of the forecast")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class DealSnapshot(Row):
    """What a deal was on a day: one row for each deal that was open, or won not long before.

    Nothing refers to it and it refers to nothing by a constraint, so that the table can be divided
    by days and its oldest part dropped. It says what was, also of deals that are gone.
    """

    journalled: ClassVar[bool] = False
    reach = Reach(owner="owner", team="team", granted="sales.deal")
    told_by = ()

    day = models.DateField()
    deal_number = models.BigIntegerField()
    owner = models.ForeignKey(
        "platform.User", null=True, db_constraint=False, db_index=False,
        on_delete=models.DO_NOTHING, related_name="+",
    )  # fmt: skip
    team = models.ForeignKey(
        "platform.Team", null=True, db_constraint=False, db_index=False,
        on_delete=models.DO_NOTHING, related_name="+",
    )  # fmt: skip
    pipeline_id = models.BigIntegerField()
    stage_id = models.BigIntegerField()
    status = models.CharField(max_length=4, choices=Ends.choices)
    category = models.CharField(max_length=10, choices=Category.choices, blank=True)
    #: Whether it had an amount: one without a value had no rate then.
    has_amount = models.BooleanField()
    value = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    weighted = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    #: The share of deals won from its stage by what was known that day; null where too few.
    rate = models.DecimalField(null=True, max_digits=9, decimal_places=8)
    #: The day it was won, else the day it was to be decided.
    on = models.DateField(null=True)

    class Meta:
        verbose_name = _("Deal as it was")
        verbose_name_plural = _("Deals as they were")
        constraints = [models.UniqueConstraint("day", "deal_number", name="deal_snapshot_once")]
        indexes = [models.Index("day", "on", name="deal_snapshot_on")]

    def __str__(self) -> str:
        return f"{self.deal_number} {self.day:%Y-%m-%d}"
