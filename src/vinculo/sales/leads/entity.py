"""What a lead is, declared once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import tells
from vinculo.records.entity import Board, Entity, Section
from vinculo.records.external.panel import ELSEWHERE
from vinculo.records.fields import Field, Kind
from vinculo.records.parts import Parts
from vinculo.records.registry import register
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.contacts.panel import CONTACTS
from vinculo.sales.leads.header import badges, last_contact
from vinculo.sales.leads.models import Lead
from vinculo.sales.leads.panels import QUALIFICATION
from vinculo.sales.leads.rules import created, fixed_of, prepare_lead, refresh, warnings
from vinculo.sales.scoring.points.counting import count_points


def derive(ids: Sequence[int]) -> None:
    """Search keys and points follow a lead."""
    refresh(ids)
    count_points("sales.lead", ids)


LEAD = register(
    Entity(
        key="sales.lead",
        model=Lead,
        path="leads",
        icon="sprout",
        nav="sales",
        nav_order=10,
        nav_filter="status.in=new,working,qualified",
        add_label=_("New lead"),
        fields=(
            # Whoever names nobody and nothing is called by how they are reached: see the rules.
            Field("name", searched=True, required=False),
            Field("given_name", searched=True),
            Field("family_name", searched=True),
            Field("company_name", searched=True),
            Field("email", kind=Kind.EMAIL, searched=True),
            Field("phone", kind=Kind.PHONE, searched=True),
            Field("website", kind=Kind.URL),
            "city",
            Field("country", kind=Kind.COUNTRY),
            "language",
            "source",
            "channel",
            Field("campaign", searched=True),
            Field("interest", searched=True),
            Field("status", required=False),
            Field("rating", kind=Kind.PERCENT),
            Field("score", kind=Kind.PERCENT, editable=False),
            Field("points", editable=False),
            "last_contact_at",
            "why",
            "why_note",
            "owner",
            "team",
            "tags",
            "notes",
            Field("external_id", searched=True),
            "converted_at",
            Field("converted_company", sort=""),
            Field("converted_person", sort=""),
            Field("converted_deal", sort=""),
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "company_name", "status", "rating", "source", "owner", "created_at"),
        form=("name", "given_name", "family_name", "company_name", "email", "phone", "city",
              "country", "language", "source", "campaign", "interest", "notes", "owner"),
        sections=(
            Section(_("Facts"), ("given_name", "family_name", "company_name", "email", "phone",
                                 "website", "city", "country", "language")),
            Section(_("Interest"), ("interest", "source", "channel", "campaign", "notes")),
            Section(_("Where it stands"), ("status", "rating", "why", "why_note", "owner", "team")),
            Section(_("What it became"), ("converted_at", "converted_company", "converted_person",
                                          "converted_deal")),
            Section(_("More"), ("tags", "external_id")),
        ),
        subtitle=("company_name", "city"),
        needs=("status", "rating", "why"),
        default_sort="-created_at",
        search="search",
        search_late=True,
        derive=derive,
        prepare=prepare_lead,
        fixed=fixed_of,
        warnings=warnings,
        created=created,
        badges=badges,
        figures=[last_contact],
        panels=[QUALIFICATION, CONTACTS, ELSEWHERE],
        parts=(Parts("contacts", CONTACTS.label, LeadContact, "lead", order=("-at", "-pk")),),
        board=Board(
            "status",
            facts=("company_name", "source", "created_at"),
            moves={
                "qualified": "sales.convert_lead",
                "converted": "sales.convert_lead",
                "disqualified": "sales.disqualify_lead",
            },
        ),
    )
)  # fmt: skip

# What follows from a fact tells it: hidden wherever that one is.
for told in ("why", "why_note", "converted_at", "converted_company", "converted_person",
             "converted_deal"):  # fmt: skip
    tells(LEAD.key, told, of=(LEAD.key, "status"))
