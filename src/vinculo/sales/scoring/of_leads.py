"""Chances of leads: to become a customer, by what was known when they came in."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.sales.leads.models import ALIVE, Status
from vinculo.sales.scoring.reading import rewind, select
from vinculo.sales.scoring.subject import Facts, Feature, Subject

LEAD = "sales.lead"


def _of(name: str, label: object, column: str = "", only_given: bool = False) -> Feature:
    return Feature(name, label, ((LEAD, name),), column=column or name, only_given=only_given)  # type: ignore[arg-type]


FEATURES = (
    _of("source", _("Source")),
    _of("channel", pgettext_lazy("of a lead", "Channel")),
    _of("campaign", _("Campaign")),
    _of("interest", pgettext_lazy("of a lead", "Interested in")),
    _of("country", _("Country")),
    _of("city", _("City")),
    _of("owner", _("Owner"), "owner_id"),
    _of("team", _("Team"), "team_id"),
    Feature("month", _("Month it came in"), ((LEAD, "created_at"),)),
    _of("company_name", _("Company name"), only_given=True),
    _of("email", _("E-mail"), only_given=True),
    _of("phone", _("Phone"), only_given=True),
    _of("website", _("Website"), only_given=True),
)

# The day a lead was disqualified is the day its status last changed; one that was brought along so
# was decided before it came.
FACTS = """
SELECT l.id, l.status, l.created_at::date,
    CASE l.status WHEN 'converted' THEN coalesce(l.converted_at, l.created_at)::date
        WHEN 'disqualified' THEN coalesce(last.at, l.created_at)::date END,
    l.source, l.channel, l.campaign, l.interest, l.country, l.city, l.owner_id, l.team_id,
    l.company_name, l.email, l.phone, l.website
FROM sales_lead l
LEFT JOIN LATERAL (
    SELECT max(c.at) AS at FROM platform_change c
    WHERE c.table_name = 'sales_lead' AND c.row_id = l.id AND c.op = 'U' AND c.before ? 'status'
) last ON TRUE
WHERE l.id = ANY(%s)
"""
NAMES = (
    "id", "status", "came_on", "ended", "source", "channel", "campaign", "interest", "country",
    "city", "owner", "team", "company_name", "email", "phone", "website",
)  # fmt: skip


def read(ids: Sequence[int]) -> list[Facts]:
    """Leads as they came in: see `Subject.read`."""
    rows = select(FACTS, NAMES, ids)
    rewind("sales_lead", rows, LEADS.rewound)
    for row in rows:
        row["month"] = f"{row['came_on'].month:02}"
    return rows


LEADS = Subject(
    key=LEAD,
    features=FEATURES,
    ended=("why", "why_note", "converted_at", "converted_company", "converted_person",
           "converted_deal"),
    on_the_way=("status", "rating", "points", "last_contact_at", "updated_at"),
    good=Status.CONVERTED,
    bad=Status.DISQUALIFIED,
    open=tuple(ALIVE),
    latest=("-pk",),
    read=read,
    explained=_("How likely it is converted, learned from your decided leads, of which %(share)s %% were converted. The points say by how much each fact moves it."),
)  # fmt: skip
