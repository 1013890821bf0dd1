"""Quotes with their lines, what was issued under which number, and what roles may give away."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Owned, Row
from vinculo.products.models import DECIMALS, DIGITS
from vinculo.sales.lines.models import PricedLine
from vinculo.sales.quotes.keeping import KEEP_LINES, KEEP_QUOTES, keep_issued, keep_numbers

#: Columns of a quote that follow from its lines and others.
DERIVED = ("updated_at", "search", "net", "tax", "gross")


class Status(models.TextChoices):
    """Where a quote stands."""

    DRAFT = "draft", pgettext_lazy("of a quote", "Draft")
    APPROVAL = "approval", pgettext_lazy("of a quote", "Waits for approval")
    SENT = "sent", pgettext_lazy("of a quote", "Issued")
    ACCEPTED = "accepted", pgettext_lazy("of a quote", "Accepted")
    REJECTED = "rejected", pgettext_lazy("of a quote", "Rejected")
    EXPIRED = "expired", pgettext_lazy("of a quote", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a quote", "Withdrawn")
    REPLACED = "replaced", pgettext_lazy("of a quote", "Replaced")


class Quote(Owned):
    """What a customer is offered. Once issued it is never changed: its next version replaces it."""

    journal_ignore = DERIVED

    name = models.CharField(_("Subject"), max_length=200, blank=True)
    deal = models.ForeignKey(
        "sales.Deal", verbose_name=_("Deal"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="quotes", db_index=False,
    )  # fmt: skip
    company = models.ForeignKey(
        "parties.Company", verbose_name=_("Company"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="quotes", db_index=False,
    )  # fmt: skip
    person = models.ForeignKey(
        "parties.Person", verbose_name=_("Contact person"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="quotes_as_contact", db_index=False,
    )  # fmt: skip
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    #: What the customer reads it in.
    language = models.CharField(_("Language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    status = models.CharField(
        _("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    #: Without gaps in its series; all versions of a quote have one number.
    number = models.CharField(
        pgettext_lazy("of a quote", "Number"), max_length=60, blank=True, editable=False
    )
    version = models.PositiveSmallIntegerField(_("Version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", verbose_name=pgettext_lazy("of a quote", "Replaces"), null=True,
        on_delete=models.PROTECT, related_name="next_version", editable=False,
    )  # fmt: skip
    discount_percent = models.DecimalField(
        _("Discount on everything (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    discount_amount = models.DecimalField(
        _("Discount on everything (amount)"), max_digits=DIGITS, decimal_places=DECIMALS,
        null=True, blank=True,
    )  # fmt: skip
    net = models.DecimalField(
        _("Net"), max_digits=DIGITS, decimal_places=DECIMALS, default=0, editable=False
    )
    tax = models.DecimalField(
        _("Tax"), max_digits=DIGITS, decimal_places=DECIMALS, default=0, editable=False
    )
    gross = models.DecimalField(
        pgettext_lazy("of a quote", "Total"), max_digits=DIGITS, decimal_places=DECIMALS,
        default=0, editable=False,
    )  # fmt: skip
    terms = models.TextField(_("Terms"), blank=True)
    issued_on = models.DateField(_("Issued"), null=True, editable=False)
    #: The day it was accepted, rejected or withdrawn.
    decided_on = models.DateField(_("Decided"), null=True, editable=False)
    #: What the customer said, or why it waits for approval was sent back.
    answer = models.CharField(_("Answer"), max_length=500, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Quote")
        verbose_name_plural = _("Quotes")
        indexes = [
            models.Index("status", "valid_until", "id", name="quote_status"),
            models.Index("owner", "status", "id", name="quote_owner"),
            models.Index("team", "status", "id", name="quote_team"),
            models.Index("deal", "id", name="quote_deal"),
            models.Index("company", "id", name="quote_company"),
            models.Index("person", "id", name="quote_person"),
            models.Index(fields=["-created_at", "-id"], name="quote_newest"),
            GinIndex(fields=["search"], name="quote_search", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(
                "number", "version", name="quote_number_once", condition=~models.Q(number="")
            ),
            models.UniqueConstraint(
                "number",
                name="quote_one_version_stands",
                condition=~models.Q(number="")
                & models.Q(status__in=(Status.SENT, Status.ACCEPTED)),
            ),
            models.CheckConstraint(
                condition=models.Q(company__isnull=False) | models.Q(person__isnull=False),
                name="quote_has_customer",
                violation_error_message=_("A quote needs a company or a contact person."),
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__isnull=True)
                | models.Q(discount_amount__isnull=True),
                name="quote_one_discount",
                violation_error_message=_("A discount is a percentage or an amount, not both."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=(Status.DRAFT, Status.APPROVAL))
                | ~models.Q(number=""),
                name="quote_issued_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def customer(self) -> Any:
        """The company, or else the person."""
        return self.company if self.company_id else self.person

    @property
    def full_number(self) -> str:
        """The number as customers read it: later versions say which one they are."""
        return f"{self.number}-{self.version}" if self.version > 1 else self.number

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """What was issued stays as the customer has it."""
        keep_issued(cursor, kept, cls._meta.db_table, KEEP_QUOTES)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Totals and search keys follow what was restored."""
        from vinculo.sales.quotes.derived import refresh

        refresh(ids)


class QuoteLine(PricedLine):
    """One line of a quote: so much of a product, or of something without one, at a price."""

    reach = Reach(inside=("quote",), like=True)

    quote = models.ForeignKey(
        Quote, verbose_name=_("Quote"), on_delete=models.CASCADE, related_name="lines"
    )
    tax_rate = models.DecimalField(_("Tax rate (%)"), max_digits=6, decimal_places=3, default=0)
    #: Offered only: the customer says whether they want it.
    optional = models.BooleanField(pgettext_lazy("of a line", "Optional"), default=False)
    #: Whether an optional line is taken.
    chosen = models.BooleanField(pgettext_lazy("of a line", "Taken"), default=False)

    class Meta:
        verbose_name = _("Quote line")
        verbose_name_plural = _("Quote lines")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0, quantity__gt=0, tax_rate__gte=0),
                name="quote_line_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__isnull=True)
                | models.Q(discount_amount__isnull=True),
                name="quote_line_one_discount",
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether it is part of the total."""
        return not self.optional or self.chosen

    def told_to(self, user: Any) -> tuple[str, ...]:
        """All of it, for who may see what a quote comes to."""
        from vinculo.platform.access import rights_of

        if rights_of(user).field_rule("sales.quote", "gross") == "hidden":
            return ()
        return ("name", "description", "quantity", "unit", "price", "discount_percent",
                "discount_amount", "tax_rate", "optional", "chosen")  # fmt: skip

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """What was issued stays as the customer has it."""
        keep_issued(cursor, kept, cls._meta.db_table, KEEP_LINES)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """The totals of their quotes follow."""
        from vinculo.sales.quotes.derived import refresh_quotes_of

        refresh_quotes_of(ids)


class QuoteSeries(Row):
    """Numbers of quotes that begin alike, given out one after the other without gaps."""

    reach = Reach()

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Series of numbers")
        verbose_name_plural = _("Series of numbers")

    def __str__(self) -> str:
        return self.name


class Issued(Row):
    """A version of a quote was issued: its number is given for good, and it is never deleted."""

    reach = Reach(inside=("quote",), like=True)
    told_by = ()

    quote = models.OneToOneField(
        Quote, verbose_name=_("Quote"), on_delete=models.PROTECT, related_name="issue"
    )
    series = models.ForeignKey(QuoteSeries, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("When"))
    #: Who offered and to whom, as it stands on the paper; empty for issues older than papers.
    parties = models.JSONField(default=dict, db_default={})
    by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = pgettext_lazy("of a quote", "Issue")
        verbose_name_plural = pgettext_lazy("of quotes", "Issues")
        constraints = [
            models.UniqueConstraint("series", "number", "version", name="quote_issued_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.number}/{self.version}"

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """A number that was given is given: a quote is withdrawn, its issue is not undone."""
        keep_numbers(cursor)


class QuoteLimit(Row):
    """How much people of a role may give away on their own; the most of their roles holds."""

    reach = Reach()
    told_by = ()

    role = models.OneToOneField("platform.Role", on_delete=models.CASCADE, related_name="+")
    percent = models.DecimalField(_("Most discount (%)"), max_digits=6, decimal_places=3)

    class Meta:
        verbose_name = _("Discount limit")
        verbose_name_plural = _("Discount limits")

    def __str__(self) -> str:
        return f"{self.percent} %"


class QuoteSettings(Row):
    """How quotes are numbered, and how long they are valid; at most one row."""

    reach = Reach()
    told_by = ()

    #: What numbers begin with; {year} stands for the year of the issue.
    number_prefix = models.CharField(_("Numbers begin with"), max_length=30, default="Q-{year}-")
    number_digits = models.PositiveSmallIntegerField(_("Digits"), default=4)
    valid_days = models.PositiveSmallIntegerField(_("Days a quote is valid"), default=30)

    class Meta:
        verbose_name = _("Quote settings")
        verbose_name_plural = _("Quote settings")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
