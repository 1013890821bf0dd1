"""The columns that the generator fills, table by table, in the order of its rows."""

from __future__ import annotations

from collections.abc import Iterable

PARTY = (
    "id", "kind", "name", "native_name", "state", "value_class", "source", "language", "tags",
    "interests", "preferences", "tax_id", "website", "external_id", "description", "legal_name",
    "industry", "size", "parent_id", "given_name", "family_name", "salutation", "job_title",
    "birthday", "company_id", "search", "sort_name", "phone", "email", "city", "region", "country",
    "completeness", "last_contact_at", "owner_id", "team_id", "created_at", "updated_at",
)  # fmt: skip
CONTACT_POINT = (
    "party_id", "kind", "label", "typed", "value", "is_primary", "is_valid", "verified_at",
    "do_not_contact", "street", "postal_code", "city", "region", "country",
)  # fmt: skip
RELATION = ("person_id", "company_id", "role", "title", "started_on", "ended_on")
INTERACTION = (
    "id", "kind", "party_id", "company_id", "at", "status", "direction", "outcome", "minutes",
    "subject", "body", "place", "latitude", "longitude", "checked_in_at", "mentions", "search",
    "owner_id", "team_id", "created_at", "updated_at",
)  # fmt: skip
TASK = (
    "title", "notes", "party_id", "company_id", "interaction_id", "due_on", "due_at", "remind_at",
    "reminded_at", "snoozed_until", "priority", "repeat", "repeats_from", "done_at", "search",
    "owner_id", "team_id", "created_at", "updated_at",
)  # fmt: skip

DEAL = (
    "id", "name", "company_id", "person_id", "product_id", "pipeline_id", "stage_id", "status",
    "stage_since", "by_lines", "amount", "currency", "probability", "category", "opened_on", "close_on",
    "closed_on", "cycle_days", "next_step", "next_step_on", "source", "campaign", "reason_id",
    "close_note", "lesson", "checked", "tags", "external_id", "description", "owner_id", "team_id",
    "created_at", "updated_at",
)  # fmt: skip
VISIT = ("deal_id", "stage_id", "entered_at", "left_at")

#: In the order in which rows may refer to each other.
TABLES: dict[str, tuple[str, ...]] = {
    "parties_party": PARTY,
    "parties_contactpoint": CONTACT_POINT,
    "parties_relation": RELATION,
    "interactions_interaction": INTERACTION,
    "interactions_task": TASK,
}

#: What no block holds: deals are drawn of customers who are there.
DEALS: dict[str, tuple[str, ...]] = {"sales_deal": DEAL, "sales_stagevisit": VISIT}

#: Table → lines in COPY's text format.
Rows = dict[str, list[str]]


def tsvector(keys: Iterable[str]) -> str:
    """Search keys as PostgreSQL writes a tsvector; the same set as `array_to_tsvector` makes."""
    joined = "' '".join(keys)
    if "\\" in joined or joined.count("'") != 2 * joined.count("' '"):
        raise ValueError(f"A key of the generator would have to be quoted: {joined!r}")
    return f"'{joined}'" if joined else ""


def copy_statement(table: str) -> str:
    """The COPY that takes this table's rows."""
    return f"COPY {table} ({', '.join((TABLES | DEALS)[table])}) FROM STDIN"
