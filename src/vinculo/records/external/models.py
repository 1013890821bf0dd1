"""What other systems call our records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.base import Row


class ExternalId(Row):
    """One record's number in one other system: a web shop's customer A-17 is our company 7.

    It belongs to its record and is reached through it. A record may have several, in one system
    too; the same number of the same system never means two records of a type.
    """

    entity = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    source = models.CharField(_("System"), max_length=40)
    value = models.CharField(_("External id"), max_length=120)

    class Meta:
        verbose_name = _("External id")
        verbose_name_plural = _("External ids")
        constraints = [
            models.UniqueConstraint("entity", "source", "value", name="external_id_unique")
        ]
        indexes = [models.Index("entity", "row_id", name="external_id_row")]

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"
