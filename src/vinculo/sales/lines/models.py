"""What a line with a price is, whatever it stands in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.base import Row
from vinculo.products.models import DECIMALS, DIGITS


class PricedLine(Row):
    """So much of a product, or of something without one, at a price."""

    told_by = ()

    place = models.PositiveIntegerField(default=0)
    product = models.ForeignKey(
        "products.Product", verbose_name=_("Product"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="%(class)ss",
    )  # fmt: skip
    name = models.CharField(pgettext_lazy("of a line", "What"), max_length=200)
    description = models.TextField(_("Description"), blank=True)
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=4, default=1)
    unit = models.CharField(_("Unit"), max_length=30, blank=True)
    price = models.DecimalField(_("Unit price"), max_digits=DIGITS, decimal_places=DECIMALS)
    #: What the product cost by our lists when the line was written; a lower price gives away the rest.
    list_price = models.DecimalField(
        _("List price"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, editable=False
    )
    discount_percent = models.DecimalField(
        _("Discount (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    discount_amount = models.DecimalField(
        _("Discount (amount)"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def named_for(self, user: object) -> str:
        """What it is, for who may see what it comes to."""
        return self.name if self.told_to(user) else ""
