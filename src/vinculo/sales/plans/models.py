"""Plans of activities and their steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class ActivityPlan(Row):
    """A sequence of tasks that a kind of deal usually asks for."""

    reach = Reach(everyone=True)

    name = models.CharField(_("Name"), max_length=80)
    place = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(pgettext_lazy("a plan", "Offered"), default=True)

    class Meta:
        verbose_name = _("Activity plan")
        verbose_name_plural = _("Activity plans")

    def __str__(self) -> str:
        return self.name


class PlanStep(Row):
    """A task of a plan: so many days after it was begun, by somebody."""

    reach = Reach(everyone=True)
    told_by = ("title",)

    plan = models.ForeignKey(
        ActivityPlan, verbose_name=_("Plan"), on_delete=models.CASCADE, related_name="steps"
    )
    place = models.PositiveIntegerField(default=0)
    title = models.CharField(_("Task"), max_length=160)
    days = models.PositiveIntegerField(_("Days after the start"))
    #: Null: whoever owns the deal.
    doer = models.ForeignKey(
        "platform.User",
        verbose_name=_("Who does it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("Step of a plan")
        verbose_name_plural = _("Steps of plans")

    def __str__(self) -> str:
        return self.title
