"""Who we deal with: companies and people in one table, their contact points and relations."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.choices import (
    Industry as Industry,
)
from vinculo.parties.choices import (
    Kind as Kind,
)
from vinculo.parties.choices import (
    Language as Language,
)
from vinculo.parties.choices import (
    Size as Size,
)
from vinculo.parties.choices import (
    Source as Source,
)
from vinculo.parties.choices import (
    State as State,
)
from vinculo.parties.choices import (
    ValueClass as ValueClass,
)
from vinculo.parties.collisions import models as collisions  # noqa: F401 - its tables are this room's
from vinculo.parties.confirming import models as confirming  # noqa: F401 - so are these
from vinculo.parties.cycle import models as cycle  # noqa: F401 - so are these
from vinculo.parties.indexes import PARTY_INDEXES
from vinculo.parties.matching import models as matching  # noqa: F401 - so are these
from vinculo.parties.quality import models as quality  # noqa: F401 - so are these
from vinculo.parties.registry import models as registry  # noqa: F401 - so are these
from vinculo.parties.standardising import models as standardising  # noqa: F401 - so are these
from vinculo.platform.access import Reach
from vinculo.platform.base import Owned, RecordQuerySet, Row
from vinculo.platform.sensitive.fields import EncryptedText

#: Columns of a party that are computed from its other columns and its contact points.
DERIVED = (
    "updated_at", "search", "sort_name", "phone", "email", "city", "region", "country",
    "completeness", "last_contact_at",
)  # fmt: skip


class Party(Owned):
    """A company or a person we deal with."""

    journal_ignore = (*DERIVED, "as_typed")
    told_by = ("name", "kind")

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=200)
    native_name = models.CharField(_("Name in another script"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.LEAD)
    value_class = models.CharField(
        _("Value class"), max_length=1, choices=ValueClass.choices, blank=True
    )
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices, blank=True)
    language = models.CharField(_("Language"), max_length=8, choices=Language.choices, blank=True)
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Tags"), default=list, blank=True
    )
    interests = ArrayField(
        models.CharField(max_length=60), verbose_name=_("Interests"), default=list, blank=True
    )
    preferences = models.CharField(_("Preferences"), max_length=500, blank=True)
    tax_id = models.CharField(_("Tax id"), max_length=40, blank=True)
    iban = EncryptedText(
        _("Bank account (IBAN)"), blank=True, default="", db_default="", max_length=60
    )
    website = models.CharField(_("Website"), max_length=200, blank=True)
    external_id = models.CharField(_("External id"), max_length=80, blank=True)
    #: Token of the picture (see `portraits`), "" for none.
    portrait = models.CharField(_("Picture"), max_length=64, blank=True, default="", db_default="")
    description = models.TextField(_("Description"), blank=True)
    #: When the customer last said that all of this is right (see `confirming`).
    confirmed_at = models.DateTimeField(_("Confirmed by the customer"), null=True, editable=False)

    # A company's own.
    legal_name = models.CharField(_("Legal name"), max_length=200, blank=True)
    industry = models.CharField(_("Industry"), max_length=16, choices=Industry.choices, blank=True)
    size = models.CharField(_("Size"), max_length=8, choices=Size.choices, blank=True)
    parent = models.ForeignKey(
        "parties.Company",
        verbose_name=_("Parent company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subsidiaries",
        db_index=False,
    )

    # A person's own.
    given_name = models.CharField(_("First name"), max_length=100, blank=True)
    family_name = models.CharField(_("Family name"), max_length=100, blank=True)
    salutation = models.CharField(_("Salutation"), max_length=30, blank=True)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    national_id = EncryptedText(
        _("Identity document number"), blank=True, default="", db_default="", max_length=60
    )
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    company = models.ForeignKey(
        "parties.Company",
        verbose_name=_("Company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="people",
        db_index=False,
    )

    #: What was typed where a rule made something else of it: see `standardising.keeping`.
    as_typed = models.JSONField(default=dict, db_default={}, blank=True, editable=False)

    # Derived: computed by `parties.derived.refresh`, see DERIVED.
    search = SearchVectorField(null=True, editable=False)
    sort_name = models.CharField(max_length=90, editable=False, default="", db_collation="C")
    phone = models.CharField(_("Phone"), max_length=60, editable=False, default="")
    email = models.CharField(_("E-mail"), max_length=254, editable=False, default="")
    city = models.CharField(_("City"), max_length=120, editable=False, default="")
    region = models.CharField(_("Region"), max_length=120, editable=False, default="")
    country = models.CharField(_("Country"), max_length=2, editable=False, default="")
    completeness = models.PositiveSmallIntegerField(_("Completeness"), editable=False, default=0)
    last_contact_at = models.DateTimeField(_("Last contact"), null=True, editable=False)

    class Meta:
        verbose_name = _("Party")
        verbose_name_plural = _("Parties")
        indexes = PARTY_INDEXES
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="party_kind_known"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="party_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """What was restored is searched and sorted by what it says now, and stands where it says."""
        from vinculo.parties.cycle.undoing import settle
        from vinculo.parties.derived import refresh_after_undo

        settle(ids)
        refresh_after_undo(ids)


class KindManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Only the parties of one kind."""

    def __init__(self, kind: str = "") -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> "RecordQuerySet[Party]":
        return super().get_queryset().filter(kind=self.kind)


class Company(Party):
    """An organisation that buys or may buy, supplies, or partners with us."""

    objects = KindManager(Kind.COMPANY)  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("Company")
        verbose_name_plural = _("Companies")


class Person(Party):
    """A human being: a contact in a company, or a customer in their own right."""

    objects = KindManager(Kind.PERSON)  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("Person")
        verbose_name_plural = _("People")


class ContactKind(models.TextChoices):
    """How a party is reached."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")
    SOCIAL = "social", _("Social network")


class ContactPoint(Row):
    """A phone, e-mail, postal address or social handle of a party, as typed and as understood."""

    journal_ignore = ("as_typed",)
    reach = Reach(inside=("party",), like=True)

    party = models.ForeignKey(
        Party, verbose_name=_("Party"), on_delete=models.CASCADE, related_name="contact_points"
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=ContactKind.choices)
    label = models.CharField(_("Label"), max_length=40, blank=True)
    typed = models.CharField(_("Value"), max_length=300, blank=True)
    value = models.CharField(_("Standard form"), max_length=300, blank=True)
    is_primary = models.BooleanField(_("Primary"), default=False)
    is_valid = models.BooleanField(_("Valid"), null=True)
    verified_at = models.DateTimeField(_("Verified"), null=True, blank=True)
    do_not_contact = models.BooleanField(_("Do not contact"), default=False)
    street = models.CharField(_("Street"), max_length=200, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    city = models.CharField(_("City"), max_length=120, blank=True)
    region = models.CharField(_("Region"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    #: As a party's: what was typed, by field.
    as_typed = models.JSONField(default=dict, db_default={}, blank=True, editable=False)

    class Meta:
        verbose_name = _("Contact point")
        verbose_name_plural = _("Contact points")
        indexes = [
            models.Index("kind", "value", name="contact_value", condition=~models.Q(value="")),
        ]
        constraints = [
            models.UniqueConstraint(
                "party",
                "kind",
                name="contact_one_primary",
                condition=models.Q(is_primary=True),
            )
        ]

    def __str__(self) -> str:
        return self.typed or self.value

    def named_for(self, user: Any) -> str:
        """The way to reach somebody, and whom."""
        from vinculo.parties.telling import name_of_point

        return name_of_point(self, user)

    def told_to(self, user: Any) -> tuple[str, ...]:
        """Nothing where a rule on phone, e-mail or address hides it."""
        from vinculo.parties.telling import columns_of_point

        return columns_of_point(self, user)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """A party's phone, e-mail and place follow its contact points."""
        from vinculo.parties.derived import refresh_owners_of

        refresh_owners_of(cls, ids)


class Role(models.TextChoices):
    """What a person is in a company."""

    EMPLOYEE = "employee", _("Employee")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    BUYER = "buyer", _("Purchasing")
    FINANCE = "finance", _("Finance")
    TECHNICAL = "technical", _("Technical contact")
    OWNER = "owner", _("Owner")
    ADVISER = "adviser", _("Adviser")
    OTHER = "other", _("Other")


class Relation(Row):
    """A person's place in a company, with its dates."""

    reach = Reach(inside=("company", "person"), like=True)

    person = models.ForeignKey(
        Person, verbose_name=_("Person"), on_delete=models.CASCADE, related_name="relations"
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("Company"),
        on_delete=models.CASCADE,
        related_name="person_relations",
    )
    role = models.CharField(
        pgettext_lazy("in a company", "Role"),
        max_length=16,
        choices=Role.choices,
        default=Role.EMPLOYEE,
    )
    title = models.CharField(_("Job title"), max_length=120, blank=True)
    started_on = models.DateField(_("From"), null=True, blank=True)
    ended_on = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Relation")
        verbose_name_plural = _("Relations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="relation_dates_in_order",
                violation_error_message=_("A relation cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_role_display())

    def named_for(self, user: Any) -> str:
        """Who works where."""
        from vinculo.parties.telling import name_of_relation

        return name_of_relation(self, user)

    def told_to(self, user: Any) -> tuple[str, ...]:
        """Nothing where a rule on a person's company hides it."""
        from vinculo.parties.telling import columns_of_relation

        return columns_of_relation(user)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """A person is found by the company; a company is more complete with its people."""
        from vinculo.parties.derived import refresh_owners_of

        refresh_owners_of(cls, ids)
