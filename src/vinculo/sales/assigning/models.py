"""Rules of assignment, what colleagues are good at and can take, and who was given what."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class Way(models.TextChoices):
    """How one of several people is chosen."""

    ROUND_ROBIN = "round_robin", pgettext_lazy("assignment", "In turn")
    LEAST_BUSY = "least_busy", pgettext_lazy("assignment", "Whoever has least open")


class Match(models.TextChoices):
    """What of a lead must be among what a colleague is good at."""

    ANYBODY = "", pgettext_lazy("assignment", "Nothing: anybody of them")
    COUNTRY = "country", _("Country")
    CITY = "city", _("City")
    LANGUAGE = "language", _("Language")
    INTEREST = "interest", pgettext_lazy("of a lead", "Interested in")


class AssignRule(Row):
    """Leads that meet a condition go to a person, or to somebody of a team."""

    reach = Reach(everyone=True)

    name = models.CharField(_("Name"), max_length=80)
    #: The query of a list of leads: see `sales.conditions`; "" is every lead.
    query = models.TextField(blank=True, default="")
    team = models.ForeignKey(
        "platform.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        "platform.User", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    way = models.CharField(max_length=12, choices=Way.choices, default=Way.ROUND_ROBIN)
    match = models.CharField(max_length=8, choices=Match.choices, blank=True, default="")
    #: Somebody else is given a lead that stays untouched for so many hours; None: never.
    untouched_hours = models.PositiveIntegerField(null=True, blank=True)
    #: So many people are tried before the team's lead is told.
    rounds = models.PositiveIntegerField(default=3)
    place = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(_("On"), default=False)

    class Meta:
        verbose_name = _("Assignment rule")
        verbose_name_plural = _("Assignment rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) ^ Q(person__isnull=True), name="assign_to_one"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Colleague(Row):
    """What a colleague is good at, and how many open leads they take."""

    reach = Reach(everyone=True)
    told_by = ("user",)

    user = models.OneToOneField("platform.User", on_delete=models.CASCADE, related_name="+")
    #: None: as many as come.
    most_open = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("Colleague in the assignment")
        verbose_name_plural = _("Colleagues in the assignment")

    def __str__(self) -> str:
        return str(self.user)


class Skill(Row):
    """One thing that a colleague is good at: a country, a city, a language, an interest; in small letters."""

    reach = Reach(everyone=True)
    told_by = ("value",)

    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Match.choices)
    value = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("Skill")
        verbose_name_plural = _("Skills")
        constraints = [models.UniqueConstraint("user", "kind", "value", name="skill_once")]

    def __str__(self) -> str:
        return self.value


class Absence(Row):
    """Days on which a colleague is given nothing, both ends included."""

    reach = Reach(everyone=True)
    told_by = ("user",)

    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    first = models.DateField(pgettext_lazy("absence", "From"))
    last = models.DateField(pgettext_lazy("absence", "Until"))

    class Meta:
        verbose_name = _("Absence")
        verbose_name_plural = _("Absences")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


class Given(Row):
    """A lead was given to somebody by a rule, for the so-manieth time."""

    reach = Reach(inside=("lead",), like=True)
    told_by = ("lead",)

    lead = models.ForeignKey("sales.Lead", on_delete=models.CASCADE, related_name="given")
    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(AssignRule, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    turn = models.PositiveIntegerField(default=1)
    #: When the lead of the team was told that nobody took it up.
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Given lead")
        verbose_name_plural = _("Given leads")
        indexes = [models.Index("at", name="given_at")]
        constraints = [models.UniqueConstraint("lead", "turn", name="given_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.lead}: {self.user}"

    def named_for(self, user: Any) -> str:
        """What the lead is called: who sees this row sees it."""
        return str(self.lead)
