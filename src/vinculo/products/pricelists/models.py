"""Price lists and the prices in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.parties.choices import ValueClass
from vinculo.platform.access import Reach
from vinculo.platform.base import Owned
from vinculo.products.models import DECIMALS, DIGITS, Product


class PriceList(Owned):
    """What products cost in a currency, for a time: everybody, customers of a class, or one company
    and those below it."""

    #: A list for a company is told only to who may see that company.
    reach = Reach(owner="owner", team="team", inside=("company",))

    name = models.CharField(_("Name"), max_length=120)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    company = models.ForeignKey(
        "parties.Company", verbose_name=_("Only for"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="price_lists", db_index=False,
    )  # fmt: skip
    value_class = models.CharField(
        _("For customers of class"), max_length=1, choices=ValueClass.choices, blank=True
    )
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    description = models.TextField(_("Description"), blank=True)

    class Meta:
        verbose_name = _("Price list")
        verbose_name_plural = _("Price lists")
        indexes = [
            models.Index("name", "id", name="price_list_name"),
            models.Index("company", "id", name="price_list_company"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="price_list_ends_after_it_begins",
                violation_error_message=_("A price list ends after it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(company__isnull=True) | models.Q(value_class=""),
                name="price_list_for_one_kind",
                violation_error_message=_(
                    "Choose whom it is for or a class of customers, not both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListedPrice(Owned):
    """What a product costs by a price list, from a quantity on."""

    reach = Reach(owner="owner", team="team", inside=("price_list", "product"))
    journal_ignore = ("updated_at", "name")

    #: What the product is called, kept beside it for lists.
    name = models.CharField(_("Name"), max_length=200, blank=True, editable=False)
    price_list = models.ForeignKey(
        PriceList, verbose_name=_("Price list"), on_delete=models.CASCADE, related_name="prices",
        db_index=False,
    )  # fmt: skip
    product = models.ForeignKey(
        Product, verbose_name=_("Product"), on_delete=models.CASCADE, related_name="listed_prices",
    )  # fmt: skip
    from_quantity = models.DecimalField(
        _("From quantity"), max_digits=14, decimal_places=4, default=0
    )
    price = models.DecimalField(_("Unit price"), max_digits=DIGITS, decimal_places=DECIMALS)

    class Meta:
        verbose_name = _("Listed price")
        verbose_name_plural = _("Listed prices")
        indexes = [models.Index("name", "id", name="listed_price_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "from_quantity"],
                name="listed_price_once",
                violation_error_message=_(
                    "The list has a price for this product from this quantity on already."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0, from_quantity__gte=0),
                name="listed_price_not_negative",
                violation_error_message=_("A price is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Names follow the products."""
        from vinculo.products.pricelists.naming import name_prices

        name_prices(ids)
