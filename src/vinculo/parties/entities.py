"""What companies and people are, declared once."""

from django.utils.translation import gettext_lazy as _

from vinculo.parties.models import Company, Person
from vinculo.records.entity import Entity, Section
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import register

SHARED = (
    Field("name", sort="sort_name", searched=True),
    "native_name",
    "state",
    "value_class",
    "owner",
    "team",
    "source",
    Field("phone", kind=Kind.PHONE, searched=True),
    Field("email", kind=Kind.EMAIL, searched=True),
    Field("city", searched=True),
    "region",
    Field("country", kind=Kind.COUNTRY),
    "language",
    "tags",
    "interests",
    "preferences",
    Field("tax_id", searched=True),
    Field("website", kind=Kind.URL),
    Field("external_id", searched=True),
    "description",
    Field("completeness", kind=Kind.PERCENT),
    "last_contact_at",
    "created_at",
    "updated_at",
)

COMPANY = register(
    Entity(
        key="parties.company",
        model=Company,
        path="companies",
        icon="building-2",
        nav="customers",
        nav_order=10,
        fields=(*SHARED, "legal_name", "industry", "size", "parent"),
        columns=("name", "state", "industry", "city", "owner", "value_class", "last_contact_at"),
        form=("name", "industry", "phone", "email", "website", "owner"),
        sections=(
            Section(_("Facts"), ("owner", "team", "phone", "email", "website", "tax_id")),
            Section(_("Profile"), ("industry", "size", "source", "language", "tags")),
        ),
        default_sort="name",
        search="search",
    )
)

PERSON = register(
    Entity(
        key="parties.person",
        model=Person,
        path="people",
        icon="users",
        nav="customers",
        nav_order=20,
        fields=(
            *SHARED,
            "given_name",
            "family_name",
            "salutation",
            "job_title",
            "birthday",
            "company",
        ),
        columns=("name", "job_title", "company", "city", "owner", "last_contact_at"),
        form=("given_name", "family_name", "company", "job_title", "phone", "email", "owner"),
        sections=(
            Section(_("Facts"), ("owner", "team", "company", "job_title", "phone", "email")),
            Section(_("Profile"), ("birthday", "language", "source", "tags", "interests")),
        ),
        default_sort="name",
        search="search",
    )
)
