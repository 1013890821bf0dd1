"""What we sell, and what one currency is worth in another."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Owned, Row
from vinculo.platform.models.custom import new_stamp

#: Digits before and after the point of an amount: more decimals than any currency has.
DIGITS, DECIMALS = 18, 4


class Product(Owned):
    """Something we sell: goods, a service, a licence."""

    journal_ignore = ("updated_at", "search")

    name = models.CharField(_("Name"), max_length=200)
    code = models.CharField(_("Code"), max_length=60, blank=True)
    family = models.CharField(_("Product family"), max_length=80, blank=True)
    unit = models.CharField(_("Unit"), max_length=30, blank=True)
    price = models.DecimalField(
        _("List price"), null=True, blank=True, max_digits=DIGITS, decimal_places=DECIMALS
    )
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    tax_rate = models.DecimalField(
        _("Tax rate (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    is_active = models.BooleanField(_("Offered"), default=True)
    description = models.TextField(_("Description"), blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Product")
        verbose_name_plural = _("Products")
        indexes = [
            models.Index("name", "id", name="product_name"),
            GinIndex(fields=["search"], name="product_search", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                name="product_code_once",
                condition=~models.Q(code=""),
                violation_error_message=_("There is a product with this code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0),
                name="product_price_not_negative",
                violation_error_message=_("A price is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Search keys follow what was restored."""
        from vinculo.products.derived import refresh

        refresh(ids)


class BooksCurrency(Row):
    """The currency that all sums are told in; at most one row."""

    reach = Reach(everyone=True)
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)
    told_by = ("code",)

    code = models.CharField(_("Currency"), max_length=3)
    #: Changes with every change: see `platform.versions`.
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        verbose_name = _("Currency of the books")
        verbose_name_plural = _("Currency of the books")

    def __str__(self) -> str:
        return self.code

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read it anew."""
        from vinculo.products.currency import forget

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        forget()


class ExchangeRate(Row):
    """From a day on, one unit of a currency is worth so much in the currency of the books."""

    reach = Reach(everyone=True)
    told_by = ("currency",)

    currency = models.CharField(_("Currency"), max_length=3)
    on = models.DateField(_("From"))
    rate = models.DecimalField(_("Rate"), max_digits=20, decimal_places=10)

    class Meta:
        verbose_name = _("Exchange rate")
        verbose_name_plural = _("Exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}"


# Price lists have a folder of their own; Django looks for tables here.
from vinculo.products.pricelists.models import ListedPrice as ListedPrice  # noqa: E402
from vinculo.products.pricelists.models import PriceList as PriceList  # noqa: E402
