"""The products room: what is sold, its prices, and currencies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """Declares products when the application starts."""

    name = "vinculo.products"
    label = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        from vinculo.platform.versions import watch
        from vinculo.products import (  # noqa: F401
            currency,
            entities,
            happenings,
            modules,
            nouns,
            rates,
        )
        from vinculo.products.pricelists import entities as lists  # noqa: F401
        from vinculo.products.pricelists import nouns as list_nouns  # noqa: F401
        from vinculo.products.pricelists.panels import LISTS, PRICES_OF_PRODUCT
        from vinculo.records.registry import extend

        extend("products.product", panels=[PRICES_OF_PRODUCT])
        extend("parties.company", panels=[LISTS], module="products")

        watch(("products_bookscurrency",), currency.told)
