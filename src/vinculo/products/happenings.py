"""What this room tells of, in the words of those who choose events for a webhook."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.events import catalogue

catalogue(
    {
        "products.product_changed": _("A product was changed"),
        "products.product_deleted": _("A product was deleted"),
    },
    about="products.product",
)
catalogue(
    {
        "products.pricelist_changed": _("A price list was changed"),
        "products.pricelist_deleted": _("A price list was deleted"),
    },
    about="products.pricelist",
)
catalogue(
    {
        "products.listedprice_changed": _("A listed price was changed"),
        "products.listedprice_deleted": _("A listed price was deleted"),
    },
    about="products.listedprice",
)
catalogue({"products.rates_changed": _("Exchange rates were changed")})
