"""Web forms, what was sent in by them, and how often they were seen, stored and refused."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.choices import Source
from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class WebForm(Row):
    """A form that strangers fill in: what it asks, what it says of itself, where it may stand."""

    reach = Reach()

    name = models.CharField(_("Name"), max_length=80)
    #: What its address ends with; it is on public pages and no secret.
    token = models.CharField(max_length=40, unique=True)
    is_active = models.BooleanField(pgettext_lazy("a web form", "Switched on"), default=True)
    language = models.CharField(_("Language"), max_length=8)
    #: Name of a field of a lead → "asked" or "required".
    fields = models.JSONField(default=dict)
    #: Name of a field → language → what it is called there, where not as usual.
    labels = models.JSONField(default=dict, blank=True)
    #: Language → the words; "title", "consent" and "thanks".
    title = models.JSONField(default=dict, blank=True)
    consent = models.JSONField(default=dict, blank=True)
    #: Counts up whenever the words of the consent change.
    consent_version = models.PositiveIntegerField(default=1)
    thanks = models.JSONField(default=dict, blank=True)
    redirect_url = models.CharField(_("Send on to"), max_length=300, blank=True)
    #: Origins whose pages may show the form or send it here: https://www.company.com.
    sites = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices, blank=True)
    campaign = models.CharField(_("Campaign"), max_length=120, blank=True)
    owner = models.ForeignKey(
        "platform.User", verbose_name=_("Owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    team = models.ForeignKey(
        "platform.Team", verbose_name=_("Team"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("record", "Web form")
        verbose_name_plural = _("Web forms")

    def __str__(self) -> str:
        return self.name

    def said(self, what: str, language: str) -> str:
        """Its title, consent or thanks in a language, else in its own."""
        words = getattr(self, what)
        return str(words.get(language) or words.get(self.language) or "")


class Submission(Row):
    """What was sent in by a web form: the lead it made, and the consent exactly as it was given."""

    reach = Reach(inside=("lead",), like=True)
    told_by = ()

    form = models.ForeignKey(
        WebForm, verbose_name=pgettext_lazy("record", "Web form"), on_delete=models.PROTECT,
        related_name="submissions",
    )  # fmt: skip
    lead = models.ForeignKey(
        "sales.Lead", verbose_name=_("Lead"), on_delete=models.CASCADE, related_name="submissions"
    )
    at = models.DateTimeField(_("When"))
    address = models.CharField(_("Network address"), max_length=45)
    consented = models.BooleanField(_("Consented"), default=False)
    consent_version = models.PositiveIntegerField(null=True)
    consent_text = models.TextField(blank=True)
    #: When the sender confirmed their address by a second step (double opt-in).
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    #: Of what was sent, to know the same again.
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Submission")
        verbose_name_plural = _("Submissions")
        indexes: ClassVar = [models.Index("form", "digest", "at", name="submission_again")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class What(models.TextChoices):
    """What became of a call of a web form."""

    SEEN = "seen", pgettext_lazy("a web form", "Seen")
    STORED = "stored", pgettext_lazy("a web form", "Stored")
    INVALID = "invalid", pgettext_lazy("a web form", "Refused: something was missing or wrong")
    AGAIN = "again", pgettext_lazy("a web form", "Refused: the same once more")
    ROBOT = "robot", pgettext_lazy("a web form", "Refused: filled in by a program")
    SITE = "site", pgettext_lazy("a web form", "Refused: sent from another site")
    TOO_OFTEN = "too_often", pgettext_lazy("a web form", "Refused: too many calls")
    TOO_BIG = "too_big", pgettext_lazy("a web form", "Refused: too much text")


class WebFormCount(Row):
    """How often something became of the calls of a web form on a day (UTC)."""

    reach = Reach()
    journalled = False
    told_by = ()

    form = models.ForeignKey(
        WebForm, on_delete=models.CASCADE, related_name="counts", db_index=False
    )
    day = models.DateField()
    what = models.CharField(max_length=10, choices=What.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "day", "what"], name="web_form_count")
        ]

    def __str__(self) -> str:
        return self.what
