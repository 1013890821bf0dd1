"""Chances of deals: to be won, by what was known when they were opened."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vinculo.sales.pipelines.models import Ends
from vinculo.sales.scoring.reading import history, rewind, select
from vinculo.sales.scoring.subject import Facts, Feature, Subject

DEAL, COMPANY = "sales.deal", "parties.company"

FEATURES = (
    Feature("amount", _("Amount"), ((DEAL, "amount"),), True, "amount"),
    Feature("owner", _("Owner"), ((DEAL, "owner"),), column="owner_id"),
    Feature("team", _("Team"), ((DEAL, "team"),), column="team_id"),
    Feature("pipeline", _("Pipeline"), ((DEAL, "pipeline"),), column="pipeline_id"),
    Feature("product", _("Product"), ((DEAL, "product"),), column="product_id"),
    Feature("source", _("Source"), ((DEAL, "source"),), column="source"),
    Feature("campaign", _("Campaign"), ((DEAL, "campaign"),), column="campaign"),
    Feature("month", _("Month it was opened in"), ((DEAL, "opened_on"),)),
    Feature("industry", _("Industry"), ((DEAL, "company"), (COMPANY, "industry"))),
    Feature("size", _("Size"), ((DEAL, "company"), (COMPANY, "size"))),
    Feature("country", _("Country"), ((DEAL, "company"), (COMPANY, "country"))),
    Feature(
        "known_for",
        _("Days since the customer was created"),
        ((DEAL, "company"), (COMPANY, "created_at")),
        True,
    ),
    Feature("contact", _("Days since the last contact"), ((DEAL, "company"),), True),
    Feature("decided", _("Earlier deals with the customer"), ((DEAL, "company"),), True),
    Feature(
        "won",
        _("Share of earlier deals won with the customer"),
        ((DEAL, "company"), (DEAL, "status")),
        True,
    ),
)

# What is known of each deal from its columns, its customer's, and what was before it.
FACTS = """
SELECT d.id, d.status, d.opened_on, d.closed_on, d.amount, d.value, d.owner_id, d.team_id,
    d.pipeline_id, d.product_id, d.source, d.campaign, p.id, p.industry, p.size, p.country,
    d.opened_on - p.created_at::date, d.opened_on - last.day, before.decided, before.won
FROM sales_deal d
LEFT JOIN parties_party p ON p.id = coalesce(d.company_id, d.person_id)
LEFT JOIN LATERAL (
    SELECT max(i.at)::date AS day FROM interactions_interaction i
    WHERE i.party_id = p.id AND i.status = 'done' AND i.at < d.opened_on
) last ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) AS decided, count(*) FILTER (WHERE o.status = 'won') AS won
    FROM sales_deal o WHERE o.company_id = d.company_id AND o.closed_on < d.opened_on
) before ON TRUE
WHERE d.id = ANY(%s)
"""
NAMES = (
    "id", "status", "opened_on", "ended", "amount", "value", "owner", "team", "pipeline", "product",
    "source", "campaign", "party", "industry", "size", "country", "known_for", "contact", "decided",
    "won",
)  # fmt: skip
CUSTOMERS = ("industry", "size")


def read(ids: Sequence[int]) -> list[Facts]:
    """Deals as they stood when they were opened: see `Subject.read`."""
    rows = select(FACTS, NAMES, ids)
    for row in rows:
        # In the currency of the books, by the rate that the deal's value has now.
        row["rate"] = (
            float(row["value"] / row["amount"]) if row["value"] and row["amount"] else None
        )
    rewind("sales_deal", rows, DEALS.rewound)
    customers = history("parties_party", {row["party"] for row in rows}, CUSTOMERS)
    for row in rows:
        row["amount"] = _worth(row)
        for name in CUSTOMERS:
            past = customers.get((row["party"], name), [])
            since = [was for day, was in past if day >= row["opened_on"]]
            if since:
                row[name] = since[0]
        row["month"] = f"{row['opened_on'].month:02}"
        # A customer that was brought along after their deals were opened has been known for long.
        row["known_for"] = row["known_for"] if (row["known_for"] or 0) > 0 else None
        row["won"] = row["won"] / row["decided"] if row["decided"] else None
    return rows


def _worth(row: Facts) -> float | None:
    amount = row["amount"]
    if amount is None:
        return None
    if float(amount) == 0:
        return 0.0
    return float(amount) * row["rate"] if row["rate"] else None


DEALS = Subject(
    key=DEAL,
    features=FEATURES,
    ended=("closed_on", "reason", "close_note", "lesson", "cycle_days"),
    on_the_way=("stage", "status", "stage_since", "probability", "weighted", "category", "close_on",
                "next_step", "next_step_on", "points", "updated_at"),
    good=Ends.WON,
    bad=Ends.LOST,
    open=(Ends.OPEN,),
    latest=("-closed_on", "-pk"),
    read=read,
    explained=_("How likely it is won, learned from your decided deals, of which %(share)s %% were won. The points say by how much each fact moves it."),
)  # fmt: skip
