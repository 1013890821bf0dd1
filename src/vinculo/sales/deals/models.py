"""Deals and what their way was: the stages they stood in, the reasons they ended for."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.choices import Source
from vinculo.platform.access import Reach
from vinculo.platform.base import Owned, Row
from vinculo.products.models import DECIMALS, DIGITS
from vinculo.sales.lines.models import PricedLine
from vinculo.sales.pipelines.models import Category, Ends, Pipeline, Stage, _Shaped
from vinculo.sales.scoring.columns import LEARNED, Scored
from vinculo.sales.scoring.points.columns import COUNTED, Pointed

#: Columns of a deal that are computed from its other columns.
DERIVED = ("updated_at", "search", "by_lines", "value", "weighted", *LEARNED, *COUNTED)


class CloseReason(_Shaped):
    """Why deals are won, or lost: one of the company's own list."""

    told_by = ("name",)

    name = models.CharField(_("Name"), max_length=80)
    ends = models.CharField(_("Deals are"), max_length=4, choices=Ends.choices[1:])
    place = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("of winning or losing", "Reason")
        verbose_name_plural = pgettext_lazy("of winning or losing", "Reasons")

    def __str__(self) -> str:
        return self.name


class Deal(Owned, Scored, Pointed):
    """A qualified interest of a customer: what it is worth, where it stands, when it is decided."""

    journal_ignore = DERIVED

    name = models.CharField(_("Name"), max_length=200)
    company = models.ForeignKey(
        "parties.Company",
        verbose_name=_("Company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,
    )
    person = models.ForeignKey(
        "parties.Person",
        verbose_name=_("Contact person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals_as_contact",
        db_index=False,
    )
    product = models.ForeignKey(
        "products.Product",
        verbose_name=_("Product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,
    )
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("Pipeline"), on_delete=models.PROTECT, related_name="deals",
        db_index=False,
    )  # fmt: skip
    stage = models.ForeignKey(
        Stage, verbose_name=pgettext_lazy("of a pipeline", "Stage"), on_delete=models.PROTECT,
        related_name="deals", db_index=False,
    )  # fmt: skip
    #: What its stage says, kept beside it for lists and sums.
    status = models.CharField(
        _("Status"), max_length=4, choices=Ends.choices, default=Ends.OPEN, editable=False
    )
    stage_since = models.DateTimeField(_("In this stage since"), editable=False)
    amount = models.DecimalField(
        _("Amount"), null=True, blank=True, max_digits=DIGITS, decimal_places=DECIMALS
    )
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    #: It has lines: amount, product and currency are theirs, and not typed.
    by_lines = models.BooleanField(default=False, editable=False)
    #: The amount in the currency of the books; null where there is none, or no rate.
    value = models.DecimalField(
        _("Value"), null=True, editable=False, max_digits=DIGITS, decimal_places=DECIMALS
    )
    probability = models.PositiveSmallIntegerField(_("Probability"), default=0)
    #: Value × probability.
    weighted = models.DecimalField(
        _("Weighted value"), null=True, editable=False, max_digits=DIGITS, decimal_places=DECIMALS
    )
    category = models.CharField(
        _("Forecast category"), max_length=10, choices=Category.choices, blank=True
    )
    opened_on = models.DateField(_("Opened"))
    close_on = models.DateField(_("Close date"), null=True, blank=True)
    #: The day it was won or lost.
    closed_on = models.DateField(_("Closed"), null=True, blank=True)
    #: Days from its opening until it was decided; null while it is open.
    cycle_days = models.PositiveIntegerField(_("Sales cycle (days)"), null=True, editable=False)
    next_step = models.CharField(_("Next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("Next step on"), null=True, blank=True)
    #: The task that the next step was promised as.
    next_task_id = models.BigIntegerField(null=True, editable=False)
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices, blank=True)
    campaign = models.CharField(_("Campaign"), max_length=120, blank=True)
    reason = models.ForeignKey(
        CloseReason,
        verbose_name=_("Reason it ended"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,
    )
    close_note = models.CharField(_("How it ended"), max_length=500, blank=True)
    lesson = models.CharField(_("What we learn from it"), max_length=500, blank=True)
    #: Ids of the checklist's entries that are done.
    checked = ArrayField(models.CharField(max_length=12), default=list, blank=True, editable=False)
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Tags"), default=list, blank=True
    )
    external_id = models.CharField(_("External id"), max_length=80, blank=True)
    description = models.TextField(_("Description"), blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Deal")
        verbose_name_plural = _("Deals")
        indexes = [
            models.Index("stage", "close_on", "id", name="deal_stage"),
            models.Index("owner", "status", "close_on", "id", name="deal_owner"),
            models.Index("team", "status", "close_on", "id", name="deal_team"),
            models.Index("status", "close_on", "id", name="deal_status"),
            models.Index("score", "id", name="deal_score"),
            models.Index("points", "id", name="deal_points"),
            models.Index("company", "id", name="deal_company"),
            models.Index("person", "id", name="deal_person"),
            models.Index("product", "id", name="deal_product"),
            models.Index("name", "id", name="deal_name"),
            models.Index("close_on", "id", name="deal_close_on"),
            models.Index("closed_on", "id", name="deal_closed_on"),
            models.Index(fields=["-created_at", "-id"], name="deal_newest"),
            models.Index("external_id", name="deal_external", condition=~models.Q(external_id="")),
            GinIndex(fields=["search"], name="deal_search", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Ends.WON)
                | models.Q(company__isnull=False)
                | models.Q(person__isnull=False),
                name="deal_won_has_customer",
                violation_error_message=_("A deal that is won needs a company or a person."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=Ends.OPEN, closed_on__isnull=True)
                | (~models.Q(status=Ends.OPEN) & models.Q(closed_on__isnull=False)),
                name="deal_closed_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100), name="deal_probability_percent"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="deal_amount_not_negative",
                violation_error_message=_("An amount is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party_id(self) -> int | None:
        """The customer: the company, or else the person."""
        return self.company_id or self.person_id

    @property
    def customer(self) -> Any:
        """The company, or else the person."""
        return self.company if self.company_id else self.person

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """What follows from lines that stay is theirs to say, not the journal's."""
        from vinculo.sales.deals.worth_of_lines import leave_to_lines

        leave_to_lines(cursor, kept)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Amounts, search keys and values follow what was restored."""
        from vinculo.sales.deals.worth_of_lines import follow_lines

        follow_lines(ids)


class DealLine(PricedLine):
    """One line of a deal: so much of a product, or of something without one, at a price."""

    reach = Reach(inside=("deal",), like=True)

    journal_ignore = ("net",)

    deal = models.ForeignKey(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="lines"
    )
    #: What it comes to in the deal's currency: kept for sums over many deals.
    net = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, default=0, editable=False)

    class Meta:
        verbose_name = _("Deal line")
        verbose_name_plural = _("Deal lines")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0, quantity__gt=0), name="deal_line_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__isnull=True)
                | models.Q(discount_amount__isnull=True),
                name="deal_line_one_discount",
            ),
        ]

    def told_to(self, user: Any) -> tuple[str, ...]:
        """All of it, for who may see what the deal is worth and what it is about."""
        from vinculo.platform.access import rights_of

        rights = rights_of(user)
        if "hidden" in (rights.field_rule("sales.deal", name) for name in ("amount", "product")):
            return ()
        return ("name", "description", "quantity", "unit", "price", "discount_percent",
                "discount_amount")  # fmt: skip

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """What their deals are worth follows."""
        from vinculo.sales.deals.worth_of_lines import follow_deals_of

        follow_deals_of(ids)


class StageVisit(Row):
    """A deal's stay in a stage, from when to when."""

    reach = Reach(inside=("deal",), like=True)
    told_by = ()

    deal = models.ForeignKey(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="visits"
    )
    stage = models.ForeignKey(
        Stage,
        verbose_name=pgettext_lazy("of a pipeline", "Stage"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_at = models.DateTimeField(_("From"))
    left_at = models.DateTimeField(_("Until"), null=True)

    class Meta:
        verbose_name = _("Stay in a stage")
        verbose_name_plural = _("Stays in stages")
        constraints = [
            models.UniqueConstraint(
                "deal", name="deal_in_one_stage", condition=models.Q(left_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.stage)
