"""The rules by which records get points."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.platform.models.custom import new_stamp

MOST_POINTS = 100


class PointRule(Row):
    """Records that these filters find get these points, for this reason."""

    #: Only their reasons are told, and those by who sees the fields: see `telling`.
    reach = Reach()
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)
    told_by = ("reason",)

    entity = models.CharField(_("Record type"), max_length=80)
    reason = models.CharField(_("Reason"), max_length=120)
    points = models.SmallIntegerField(_("Points"))
    #: Filters as a list's address has them.
    where = models.TextField(pgettext_lazy("a rule of points", "Which"))
    #: With whose eyes it looks: filters ask about records that somebody sees.
    author = models.ForeignKey(
        "platform.User", verbose_name=_("Whose view it is"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    is_active = models.BooleanField(pgettext_lazy("a rule of points", "On"), default=True)
    #: Changes with every change: see `platform.versions`.
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        verbose_name = _("Rule of points")
        verbose_name_plural = _("Rules of points")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=-MOST_POINTS, points__lte=MOST_POINTS),
                name="point_rule_points",
            )
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process reads the rules anew, and points are counted again."""
        from vinculo.sales.scoring.points.counting import count_again

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        count_again()
