"""The ways that deals go: pipelines and their stages."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.platform.models.custom import new_stamp


class Ends(models.TextChoices):
    """What reaching a stage means for a deal."""

    OPEN = "open", pgettext_lazy("of a deal", "Open")
    WON = "won", pgettext_lazy("of a deal", "Won")
    LOST = "lost", pgettext_lazy("of a deal", "Lost")


class Category(models.TextChoices):
    """How surely a deal is counted on in a forecast."""

    OMITTED = "omitted", pgettext_lazy("forecast", "Left out")
    PIPELINE = "pipeline", pgettext_lazy("forecast", "Pipeline")
    BEST_CASE = "best_case", pgettext_lazy("forecast", "Best case")
    COMMIT = "commit", pgettext_lazy("forecast", "Commit")
    CLOSED = "closed", pgettext_lazy("forecast", "Closed")


class _Shaped(Row):
    """A row that every process keeps in mind: see `known`."""

    reach = Reach(everyone=True)
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)

    #: Changes with every change: see `platform.versions`.
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read the pipelines anew."""
        from vinculo.sales.pipelines.known import forget

        cls._default_manager.filter(pk__in=ids).update(stamp=new_stamp())
        forget()


class Pipeline(_Shaped):
    """One way that deals go, for everybody or for a team and those below it."""

    name = models.CharField(_("Name"), max_length=80)
    team = models.ForeignKey(
        "platform.Team",
        verbose_name=_("Team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    place = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("Pipeline")
        verbose_name_plural = _("Pipelines")

    def __str__(self) -> str:
        return self.name


class Stage(_Shaped):
    """A step of a pipeline: how likely a deal is won from here, and what it asks of one."""

    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("Pipeline"), on_delete=models.CASCADE, related_name="stages"
    )
    name = models.CharField(_("Name"), max_length=80)
    place = models.PositiveIntegerField(default=0)
    ends = models.CharField(
        _("Deals here are"), max_length=4, choices=Ends.choices, default=Ends.OPEN
    )
    probability = models.PositiveSmallIntegerField(_("Probability (%)"), default=0)
    category = models.CharField(
        _("Forecast category"), max_length=10, choices=Category.choices, default=Category.PIPELINE
    )
    rotten_days = models.PositiveIntegerField(_("Stale after days"), null=True, blank=True)
    #: Names of fields of a deal that must be filled before it comes here.
    required = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    #: What is to be done in this stage: [{"id": …, "text": …}].
    checklist = models.JSONField(default=list, blank=True)
    #: Numbers of the stages that deals may go to from here; empty: to any.
    leads_to = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a pipeline", "Stage")
        verbose_name_plural = pgettext_lazy("of a pipeline", "Stages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__lte=100), name="stage_probability_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name
