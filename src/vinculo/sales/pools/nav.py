"""Pools in the navigation."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.nav import NavPage, declare_page
from vinculo.sales.pools.known import may_take

POOLS = declare_page(
    NavPage("customers", 80, _("Pools"), "/pools", "waves-horizontal", "b", may_take)
)
