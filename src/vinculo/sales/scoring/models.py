"""What was learned from decided deals and leads, and what that says of the open ones."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead


class Verdict(models.TextChoices):
    """What came of learning."""

    FEW = "few", _("Too little has been decided")
    SPLIT = "split", _("Decided on too few different days")
    NONE = "none", _("No signal")
    SIGNAL = "signal", _("Signal")


class ScoreTraining(Row):
    """One time that a worker learned from decided records; its number is the version of the scores.

    Not in the journal, nor are the scores: both follow from records, and are made anew each night.
    """

    journalled: ClassVar[bool] = False
    reach = Reach()
    told_by = ()

    #: The record type.
    entity = models.CharField(max_length=80, default="sales.deal")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    #: How many ended well, and how many did not.
    won = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    #: See `statistics.training.learn`; besides, `left_out` with what never was a feature.
    report = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Training of scores")
        verbose_name_plural = _("Trainings of scores")
        indexes: ClassVar = [models.Index(fields=["entity", "-id"], name="score_training_latest")]

    def __str__(self) -> str:
        return str(self.get_verdict_display())


class _Score(Row):
    """How likely it is that an open record ends well, in percent, and why."""

    journalled: ClassVar[bool] = False
    told_by = ()

    training = models.ForeignKey(ScoreTraining, on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(pgettext_lazy("a chance", "Score"))
    #: [[feature, hundredths of chance, how it compares, the value of a word]], weightiest first.
    why = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.percent} %"


class DealScore(_Score):
    """How likely an open deal is won."""

    reach = Reach(inside=("record",), like=True)

    record = models.OneToOneField(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="scored"
    )

    class Meta:
        verbose_name = _("Score of a deal")
        verbose_name_plural = _("Scores of deals")


class LeadScore(_Score):
    """How likely a lead is converted."""

    reach = Reach(inside=("record",), like=True)

    record = models.OneToOneField(
        Lead, verbose_name=_("Lead"), on_delete=models.CASCADE, related_name="scored"
    )

    class Meta:
        verbose_name = _("Score of a lead")
        verbose_name_plural = _("Scores of leads")


#: Record type → its scores.
SCORES: dict[str, type[DealScore] | type[LeadScore]] = {
    "sales.deal": DealScore,
    "sales.lead": LeadScore,
}
