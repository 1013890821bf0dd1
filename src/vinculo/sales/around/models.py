"""Stakeholders, competitors and shares of credit of deals."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.sales.deals.models import Deal


class Part(models.TextChoices):
    """What a person is in a deal."""

    DECIDER = "decider", pgettext_lazy("in a deal", "Decides")
    CHAMPION = "champion", pgettext_lazy("in a deal", "For us")
    INFLUENCER = "influencer", pgettext_lazy("in a deal", "Has a say")
    BUYER = "buyer", pgettext_lazy("in a deal", "Buys")
    USER = "user", pgettext_lazy("in a deal", "Will use it")
    BLOCKER = "blocker", pgettext_lazy("in a deal", "Against us")


class Stakeholder(Row):
    """A person with a part in a deal; after a merge of people one may have two."""

    reach = Reach(inside=("deal", "person"), like=True)
    told_by = ()

    deal = models.ForeignKey(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="stakeholders"
    )
    person = models.ForeignKey(
        "parties.Person",
        verbose_name=_("Person"),
        on_delete=models.CASCADE,
        related_name="deal_parts",
    )
    part = models.CharField(pgettext_lazy("in a deal", "Part"), max_length=12, choices=Part.choices)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Stakeholder")
        verbose_name_plural = _("Stakeholders")

    def __str__(self) -> str:
        return str(self.get_part_display())

    def told_to(self, user: Any) -> tuple[str, ...]:
        """The part and the note; whose they are only where the person may be seen."""
        return ("part", "note")


class Competitor(Row):
    """Somebody else who wants a deal."""

    reach = Reach(inside=("deal",), like=True)

    deal = models.ForeignKey(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="competitors"
    )
    name = models.CharField(_("Name"), max_length=120)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Competitor")
        verbose_name_plural = _("Competitors")
        constraints = [
            models.UniqueConstraint("deal", "name", name="competitor_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def told_to(self, user: Any) -> tuple[str, ...]:
        """All of it."""
        return ("name", "note")


class Share(Row):
    """A colleague's part of the credit for a deal; what nobody else has is its owner's."""

    reach = Reach(inside=("deal",), like=True)
    told_by = ()

    deal = models.ForeignKey(
        Deal, verbose_name=_("Deal"), on_delete=models.CASCADE, related_name="shares"
    )
    user = models.ForeignKey(
        "platform.User", verbose_name=_("Colleague"), on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(_("Share (%)"))

    class Meta:
        verbose_name = _("Share of credit")
        verbose_name_plural = _("Shares of credit")
        constraints = [
            models.UniqueConstraint("deal", "user", name="share_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=100), name="share_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.percent} %"

    def told_to(self, user: Any) -> tuple[str, ...]:
        """All of it."""
        return ("percent",)
