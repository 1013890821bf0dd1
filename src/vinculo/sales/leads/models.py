"""Leads, and what the company asks of one before it is worth a deal."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.choices import Language, Source
from vinculo.platform.base import Owned
from vinculo.sales.pipelines.models import _Shaped
from vinculo.sales.scoring.columns import LEARNED, Scored
from vinculo.sales.scoring.points.columns import COUNTED, Pointed


class Status(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", pgettext_lazy("of a lead", "New")
    WORKING = "working", pgettext_lazy("of a lead", "Being worked on")
    QUALIFIED = "qualified", pgettext_lazy("of a lead", "Qualified")
    DISQUALIFIED = "disqualified", pgettext_lazy("of a lead", "Disqualified")
    CONVERTED = "converted", pgettext_lazy("of a lead", "Converted")


#: Those that somebody has still to do something about.
ALIVE = (Status.NEW, Status.WORKING, Status.QUALIFIED)


class Why(models.TextChoices):
    """Why a lead is none."""

    NO_NEED = "no_need", pgettext_lazy("of a lead", "No need")
    NO_BUDGET = "no_budget", pgettext_lazy("of a lead", "No budget")
    NO_ANSWER = "no_answer", pgettext_lazy("of a lead", "Cannot be reached")
    NO_FIT = "no_fit", pgettext_lazy("of a lead", "Does not fit")
    KNOWN = "known", pgettext_lazy("of a lead", "Known already")
    SPAM = "spam", pgettext_lazy("of a lead", "Spam")
    OTHER = "other", pgettext_lazy("of a lead", "Something else")


class Channel(models.TextChoices):
    """How a lead reached us."""

    FORM = "form", pgettext_lazy("channel", "Web form")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    CHAT = "chat", pgettext_lazy("channel", "Chat")
    IN_PERSON = "in_person", pgettext_lazy("channel", "Face to face")
    LIST = "list", pgettext_lazy("channel", "Bought or given list")


class Criterion(_Shaped):
    """An entry of the checklist by which leads are qualified."""

    name = models.CharField(_("Name"), max_length=120)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Criterion")
        verbose_name_plural = _("Criteria")

    def __str__(self) -> str:
        return self.name


class Lead(Owned, Scored, Pointed):
    """A first interest of somebody: who it is, what it is about, whether it is worth pursuing."""

    journal_ignore = ("updated_at", "search", "last_contact_at", *LEARNED, *COUNTED)

    name = models.CharField(pgettext_lazy("of a lead", "About"), max_length=200)
    given_name = models.CharField(_("Given name"), max_length=100, blank=True)
    family_name = models.CharField(_("Family name"), max_length=100, blank=True)
    company_name = models.CharField(_("Company name"), max_length=200, blank=True)
    email = models.CharField(_("E-mail"), max_length=254, blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    website = models.CharField(_("Website"), max_length=300, blank=True)
    city = models.CharField(_("City"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    language = models.CharField(_("Language"), max_length=8, choices=Language.choices, blank=True)
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices, blank=True)
    channel = models.CharField(
        pgettext_lazy("of a lead", "Channel"), max_length=12, choices=Channel.choices, blank=True
    )
    campaign = models.CharField(_("Campaign"), max_length=120, blank=True)
    interest = models.CharField(
        pgettext_lazy("of a lead", "Interested in"), max_length=200, blank=True
    )
    status = models.CharField(
        _("Status"), max_length=12, choices=Status.choices, default=Status.NEW
    )
    why = models.CharField(
        _("Disqualified because"), max_length=12, choices=Why.choices, blank=True
    )
    why_note = models.CharField(_("Note on that"), max_length=500, blank=True)
    #: Numbers of the criteria that are met.
    met = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    #: The part of the checklist that was met when it was last ticked, in percent.
    rating = models.PositiveSmallIntegerField(
        pgettext_lazy("of a lead", "Rating"), default=0, editable=False
    )
    notes = models.TextField(_("Notes"), blank=True)
    #: What an address on the web said of where it was found: utm_source and the like.
    utm = models.JSONField(default=dict, blank=True, editable=False)
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Tags"), default=list, blank=True
    )
    external_id = models.CharField(_("External id"), max_length=80, blank=True)
    #: The latest of its contacts that is no note.
    last_contact_at = models.DateTimeField(_("Last contact"), null=True, editable=False)
    converted_at = models.DateTimeField(
        pgettext_lazy("of a lead", "Converted"), null=True, editable=False
    )
    converted_company = models.ForeignKey(
        "parties.Company", verbose_name=_("Company made of it"), null=True, editable=False,
        on_delete=models.SET_NULL, related_name="leads_as_company",
    )  # fmt: skip
    converted_person = models.ForeignKey(
        "parties.Person", verbose_name=_("Person made of it"), null=True, editable=False,
        on_delete=models.SET_NULL, related_name="leads_as_person",
    )  # fmt: skip
    converted_deal = models.ForeignKey(
        "sales.Deal", verbose_name=_("Deal made of it"), null=True, editable=False,
        on_delete=models.SET_NULL, related_name="leads_before",
    )  # fmt: skip
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Lead")
        verbose_name_plural = _("Leads")
        indexes: ClassVar = [
            models.Index("owner", "status", "id", name="lead_owner"),
            models.Index("team", "status", "id", name="lead_team"),
            models.Index("status", "id", name="lead_status"),
            models.Index("name", "id", name="lead_name"),
            models.Index(fields=["-created_at", "-id"], name="lead_newest"),
            models.Index("score", "id", name="lead_score"),
            models.Index(
                models.F("last_contact_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="lead_by_contact",
            ),
            models.Index("points", "id", name="lead_points"),
            models.Index("external_id", name="lead_external", condition=~models.Q(external_id="")),
            GinIndex(fields=["search"], name="lead_search", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.DISQUALIFIED) | ~models.Q(why=""),
                name="lead_disqualified_has_reason",
            ),
            models.CheckConstraint(condition=models.Q(rating__lte=100), name="lead_rating_percent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Something has still to be done about it."""
        return self.status in ALIVE

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Search keys and the last contact follow what was restored."""
        from vinculo.sales.leads.contacts.derived import refresh_last_contact
        from vinculo.sales.leads.rules import refresh

        refresh(ids)
        refresh_last_contact(ids)
