"""What an installation can do without of this room."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

PRODUCTS = declare_module(
    Module(
        "products",
        _("Products"),
        _("What is sold, with prices and currencies."),
        "package",
        order=16,
        entities=("products.product", "products.pricelist", "products.listedprice"),
        routes=("settings/currencies",),
        actions=("products.choose_currency", "products.set_rates", "products.delete_rate"),
    )
)
