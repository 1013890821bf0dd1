"""Rules of care, and the occasions for which a task was made."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.base import Row


class What(models.TextChoices):
    """On what occasion a task is made."""

    BIRTHDAY = "birthday", _("Birthday")
    CUSTOMER_SINCE = "customer_since", _("Anniversary as a customer")
    NO_CONTACT = "no_contact", _("Not contacted for long")


class CareRule(Row):
    """An administrator's rule: on what occasion the owner of a customer gets a task."""

    what = models.CharField(_("Occasion"), max_length=16, choices=What.choices)
    #: So many days before an anniversary, or without contact.
    days = models.PositiveIntegerField(_("Days"))
    party_kind = models.CharField(max_length=10, blank=True)
    #: Only customers in these states; all where it is empty.
    states = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    active = models.BooleanField(_("On"), default=False)

    class Meta:
        verbose_name = _("Rule of care")
        verbose_name_plural = _("Rules of care")

    def __str__(self) -> str:
        from vinculo.interactions.care.telling import title_of

        return title_of(self)


class CareOccasion(Row):
    """A rule has made a task for this party and this day: it makes no other, also after an undo.

    Not in the journal and without foreign keys: what was once done is not done again.
    """

    journalled: ClassVar[bool] = False

    rule_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("Occasion of care")
        verbose_name_plural = _("Occasions of care")
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "party_id", "day"], name="care_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.party_id}, {self.day}"
