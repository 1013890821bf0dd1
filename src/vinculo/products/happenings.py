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
catalogue({"products.rates_changed": _("Exchange rates were changed")})
