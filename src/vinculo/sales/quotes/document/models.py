"""What stands on every paper of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class Letterhead(Row):
    """Who we are on the papers that customers get; at most one row."""

    reach = Reach()
    told_by = ()

    name = models.CharField(pgettext_lazy("of a letterhead", "Company"), max_length=200, blank=True)
    address = models.TextField(_("Address"), blank=True)
    tax_id = models.CharField(_("Tax id"), max_length=40, blank=True)
    contact = models.TextField(pgettext_lazy("of a letterhead", "How to reach us"), blank=True)
    bank = models.TextField(_("Bank details"), blank=True)
    footer = models.TextField(pgettext_lazy("of a letterhead", "Footer"), blank=True)
    #: A small PNG that we have drawn ourselves, as base64.
    logo = models.TextField(_("Logo"), blank=True)

    class Meta:
        verbose_name = _("Letterhead")
        verbose_name_plural = pgettext_lazy("many", "Letterheads")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


def letterhead() -> Letterhead:
    """Ours; an empty one where nobody has written it."""
    return Letterhead.objects.order_by("pk").first() or Letterhead()
