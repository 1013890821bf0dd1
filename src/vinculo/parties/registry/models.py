"""Which registers are kept here, and where values came from."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class Register(Row):
    """An open register of companies that was loaded; its rows lie in a partition of their own.

    No row of it is in the journal: it is reference data, loaded anew as a whole.
    """

    journalled: ClassVar[bool] = False
    told_by: ClassVar[tuple[str, ...]] = ("label",)
    reach = Reach(everyone=True)

    key = models.CharField(max_length=40, unique=True)
    label = models.CharField(_("Name"), max_length=80)
    file_name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField(_("Loaded"), null=True)
    seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("Register")
        verbose_name_plural = _("Registers")

    def __str__(self) -> str:
        return self.label


class ValueOrigin(Row):
    """Where a value of a party came from, and what it was then.

    It holds as long as the value is still that one: whoever writes another has said it themselves.
    """

    reach = Reach(inside=("party",), like=True)

    party = models.ForeignKey(
        "parties.Party", on_delete=models.CASCADE, related_name="value_origins"
    )
    field = models.CharField(_("Field"), max_length=40)
    value = models.CharField(_("Value"), max_length=300)
    source = models.CharField(_("Source"), max_length=80)
    number = models.CharField(_("Number"), max_length=80)
    at = models.DateTimeField(_("When"))

    class Meta:
        verbose_name = _("Origin of a value")
        verbose_name_plural = _("Origins of values")

    def __str__(self) -> str:
        return self.source

    def named_for(self, user: Any) -> str:
        """The register; what it said falls under the rules of the field."""
        return self.source
