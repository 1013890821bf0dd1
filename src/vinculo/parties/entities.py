"""What companies and people are, declared once."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties import actions, contacts
from vinculo.parties.confirming.panel import CONFIRMING
from vinculo.parties.cycle.keeping import in_states
from vinculo.parties.cycle.panel import STATES
from vinculo.parties.derived import refresh, refresh_new
from vinculo.parties.header import badges, completeness, last_contact
from vinculo.parties.importing.writer import PartyWriter
from vinculo.parties.models import Company, ContactPoint, Person, Relation
from vinculo.parties.panels import COMPANIES, CONTACTS, GROUP, PEOPLE, REACH, WHO
from vinculo.parties.portraits.keeping import picture_url
from vinculo.parties.registry.actions import note_form_origins
from vinculo.parties.remarks import remarks
from vinculo.parties.rules import (
    company_created,
    company_warnings,
    neighbours,
    person_created,
    person_warnings,
    prepare_company,
    prepare_person,
)
from vinculo.parties.standardising.panel import AS_TYPED
from vinculo.parties.writing import write_elsewhere, write_one
from vinculo.records.entity import Board, Entity, Link, Section
from vinculo.records.external.panel import ELSEWHERE
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import register

#: Registered by being imported: the verbs of this room.
VERBS = actions.BOTH

MERGE_WITH = Link(_("Merge with another record"), "merge", "merge", "edit")
COMPANY_DOUBLES = Link(_("Duplicates"), "copy", "/duplicates?kind=company", "edit")
PERSON_DOUBLES = Link(_("Duplicates"), "copy", "/duplicates?kind=person", "edit")
MERGE = Link(_("Merge"), "merge", "merge", "edit")
ASK = Link(_("Ask to confirm data"), "mail-plus", "confirm", "edit")
ASK_MANY = Link(_("Ask to confirm data"), "mail-plus", "confirm", "export")
COMPANY_PROPOSALS = Link(_("Proposed changes"), "clipboard-check", "/proposed?kind=company", "edit")
PERSON_PROPOSALS = Link(_("Proposed changes"), "clipboard-check", "/proposed?kind=person", "edit")
CARD = Link(_("vCard and QR code"), "qr-code", "vcard")
CARDS = Link(_("vCards"), "contact", "vcards", "export")

SHARED = (
    Field("name", sort="sort_name", searched=True),
    Field("native_name", searched=True),
    Field("state", past=in_states),
    "value_class",
    "owner",
    "team",
    "source",
    Field("phone", kind=Kind.PHONE, searched=True, write=write_one("phone")),
    Field("email", kind=Kind.EMAIL, searched=True, write=write_one("email")),
    Field("street", column="", label=_("Street"), read=contacts.read_street,
          write=write_one("street"), max_length=200),
    Field("postal_code", column="", label=_("Postal code"), read=contacts.read_postal_code,
          write=write_one("postal_code"), max_length=20),
    Field("city", searched=True, write=write_one("city")),
    Field("region", write=write_one("region")),
    Field("country", kind=Kind.COUNTRY, write=write_one("country")),
    "language",
    "tags",
    "interests",
    "preferences",
    Field("tax_id", searched=True),
    Field("iban", sensitive=True),
    Field("website", kind=Kind.URL, searched=True),
    Field("external_id", searched=True),
    "description",
    Field("completeness", kind=Kind.PERCENT),
    "last_contact_at",
    "confirmed_at",
    "created_at",
    Field("updated_at", editable=False),
)  # fmt: skip

#: Companies are looked up in the registers that are kept here by these.
LOOKED_UP = ("name", "tax_id")
LOOK_UP = "/companies/register/suggest"
OF_COMPANIES = tuple(
    replace(one, suggests=LOOK_UP) if isinstance(one, Field) and one.name in LOOKED_UP else one
    for one in SHARED
)
FROM_REGISTER = Link(_("Fill in from the register"), "book-open-check", "register", "edit")

COMPANY = register(
    Entity(
        key="parties.company",
        model=Company,
        path="companies",
        icon="building-2",
        nav="customers",
        nav_order=10,
        add_label=_("New company"),
        fields=(*OF_COMPANIES, Field("legal_name", searched=True), "industry", "size", "parent"),
        columns=("name", "state", "industry", "city", "owner", "value_class", "last_contact_at"),
        form=("name", "tax_id", "industry", "website", "phone", "email", "street", "city", "country",
              "owner"),
        sections=(
            Section(
                _("Facts"),
                ("owner", "team", "state", "value_class", "phone", "email", "website", "tax_id"),
            ),
            Section(_("Address"), ("street", "postal_code", "city", "region", "country")),
            Section(
                pgettext_lazy("of a customer", "Profile"),
                ("industry", "size", "source", "language", "tags", "interests", "preferences",
                 "native_name", "legal_name", "parent", "external_id", "description"),
            ),
            Section(_("Sensitive"), ("iban",)),
        ),
        subtitle=("native_name", "industry", "city"),
        needs=("state", "value_class", "completeness", "portrait"),
        default_sort="name",
        search="search",
        bulk_writer=PartyWriter("company"),
        derive=refresh,
        derive_new=refresh_new,
        write_elsewhere=write_elsewhere,
        prepare=prepare_company,
        warnings=company_warnings,
        created=company_created,
        created_from=note_form_origins,
        notes=remarks,
        neighbours=neighbours,
        badges=badges,
        picture=picture_url,
        figures=[last_contact, completeness],
        history=((ContactPoint, "party_id"), (Relation, "company_id")),
        panels=[CONTACTS, STATES, CONFIRMING, PEOPLE, GROUP, WHO, REACH, ELSEWHERE, AS_TYPED],
        links=(CARD, FROM_REGISTER, ASK, MERGE_WITH),
        bulk_links=(MERGE, CARDS, ASK_MANY),
        list_links=(COMPANY_DOUBLES, COMPANY_PROPOSALS),
        hints_url="/companies/hints",
        board=Board("state", facts=("industry", "city", "last_contact_at")),
    )
)  # fmt: skip

PERSON = register(
    Entity(
        key="parties.person",
        model=Person,
        path="people",
        icon="users",
        nav="customers",
        nav_order=20,
        add_label=_("New person"),
        fields=(
            *SHARED,
            Field("given_name", searched=True),
            Field("family_name", searched=True),
            "salutation",
            Field("job_title", write=write_one("job_title")),
            "birthday",
            Field("national_id", sensitive=True),
            # A person is found by the name of their company, too.
            Field("company", write=write_one("company"), searched=True),
        ),
        columns=("name", "job_title", "company", "city", "owner", "last_contact_at"),
        form=("given_name", "family_name", "company", "job_title", "phone", "email", "owner"),
        sections=(
            Section(
                _("Facts"),
                ("owner", "team", "company", "job_title", "state", "value_class", "phone", "email"),
            ),
            Section(_("Address"), ("street", "postal_code", "city", "region", "country")),
            Section(
                pgettext_lazy("of a customer", "Profile"),
                ("given_name", "family_name", "salutation", "native_name", "birthday", "language",
                 "source", "website", "tags", "interests", "preferences", "tax_id", "external_id",
                 "description"),
            ),
            Section(_("Sensitive"), ("national_id", "iban")),
        ),
        subtitle=("job_title", "company", "city"),
        needs=("state", "value_class", "completeness", "portrait"),
        default_sort="name",
        search="search",
        bulk_writer=PartyWriter("person"),
        derive=refresh,
        derive_new=refresh_new,
        write_elsewhere=write_elsewhere,
        prepare=prepare_person,
        warnings=person_warnings,
        created=person_created,
        notes=remarks,
        neighbours=neighbours,
        badges=badges,
        picture=picture_url,
        figures=[last_contact, completeness],
        history=((ContactPoint, "party_id"), (Relation, "person_id")),
        panels=[CONTACTS, STATES, CONFIRMING, COMPANIES, WHO, REACH, ELSEWHERE, AS_TYPED],
        links=(CARD, ASK, MERGE_WITH),
        bulk_links=(MERGE, CARDS, ASK_MANY),
        list_links=(PERSON_DOUBLES, PERSON_PROPOSALS),
        hints_url="/people/hints",
        board=Board("state", facts=("job_title", "company", "last_contact_at")),
    )
)  # fmt: skip
