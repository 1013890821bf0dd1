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

        watch(("products_bookscurrency",), currency.told)
