"""What was counted each day, and who wants to be told."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.base import Row


class QualityFigures(Row):
    """What one record type came to on one day, in all or for one value of a group.

    Counted over everything there is, and so for administrators alone. Of groups only the latest
    day is kept. `counts` says by measure how many records are amiss.
    """

    journalled: ClassVar[bool] = False

    entity = models.CharField(max_length=80)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    records = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Data quality")
        verbose_name_plural = _("Data quality")
        constraints = [
            models.UniqueConstraint("entity", "day", "by", "value", name="quality_figures_once")
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.day:%Y-%m-%d}: {self.records}"


class QualityAlert(Row):
    """Somebody is told when a figure crosses a line, and again when it is back."""

    class Line(models.TextChoices):
        """Which side of the line is bad."""

        BELOW = "below", pgettext_lazy("data quality", "The share in order is below")
        ABOVE = "above", pgettext_lazy("data quality", "The number amiss is above")

    #: Whether it is crossed follows from what is counted each night.
    journal_ignore: ClassVar[tuple[str, ...]] = ("crossed_at",)
    told_by: ClassVar[tuple[str, ...]] = ("entity", "measure")

    entity = models.CharField(_("Records"), max_length=80)
    measure = models.CharField(_("Figure"), max_length=80)
    line = models.CharField(_("Line"), max_length=8, choices=Line.choices)
    #: Percent for a share, else a number of records.
    threshold = models.DecimalField(_("Threshold"), max_digits=12, decimal_places=1)
    #: The numbers of the people who are told.
    tells = models.JSONField(_("Who is told"), default=list)
    active = models.BooleanField(_("On"), default=True)
    crossed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Alert about data quality")
        verbose_name_plural = _("Alerts about data quality")

    def __str__(self) -> str:
        from vinculo.records.quality.alerts import title_of

        return title_of(self)
