"""What the night has judged."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.base import Row


class WrongTaxId(Row):
    """A party's tax id that broke the rules of its country when it was last looked at.

    It says nothing once the party has another one. `party_id` is no foreign key: what is gone is
    forgotten by the next night.
    """

    journalled: ClassVar[bool] = False

    party_id = models.BigIntegerField()
    tax_id = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name = _("Wrong tax id")
        verbose_name_plural = _("Wrong tax ids")
        indexes = [models.Index("party_id", name="wrong_tax_id_party")]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_id}"
