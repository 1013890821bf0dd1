"""Takes the demo company away: what it made, and what visitors hung on that."""

from __future__ import annotations

from typing import Any

from django.db import connection

from vinculo.platform import journal
from vinculo.platform.models import ChangeSet

MADE = "demo.create"
REMOVED = "demo.remove"

# What a demo change-set created; one demo after another may have been here.
GATHER = """
CREATE TEMPORARY TABLE {gone} ON COMMIT DROP AS
SELECT DISTINCT c.row_id AS id
FROM platform_changeset s JOIN platform_change c ON c.changeset_id = s.id AND c.op = 'I'
WHERE s.verb = %s AND c.table_name = %s
"""
GONE = {
    "gone_party": "parties_party",
    "gone_user": "platform_user",
    "gone_team": "platform_team",
    "gone_deal": "sales_deal",
    "gone_product": "products_product",
    "gone_rate": "products_exchangerate",
}

# Deals with demo customers go like everything that hangs on them.
DEALS = (
    "INSERT INTO gone_deal SELECT d.id FROM sales_deal d WHERE coalesce(d.company_id, d.person_id)"
    " IN (SELECT id FROM gone_party)",
    "UPDATE sales_lead SET converted_deal_id = NULL WHERE converted_deal_id IN (SELECT id FROM gone_deal)",
    "UPDATE sales_lead SET converted_company_id = NULL"
    " WHERE converted_company_id IN (SELECT id FROM gone_party)",
    "UPDATE sales_lead SET converted_person_id = NULL"
    " WHERE converted_person_id IN (SELECT id FROM gone_party)",
    "DELETE FROM sales_stagevisit WHERE deal_id IN (SELECT id FROM gone_deal)",
    "DELETE FROM sales_stakeholder WHERE deal_id IN (SELECT id FROM gone_deal)"
    " OR person_id IN (SELECT id FROM gone_party)",
    "DELETE FROM sales_competitor WHERE deal_id IN (SELECT id FROM gone_deal)",
    "DELETE FROM sales_share WHERE deal_id IN (SELECT id FROM gone_deal)",
    "DELETE FROM sales_dealsnapshot WHERE deal_number IN (SELECT id FROM gone_deal)",
    "DELETE FROM sales_deal WHERE id IN (SELECT id FROM gone_deal)",
    "UPDATE sales_deal SET person_id = NULL WHERE person_id IN (SELECT id FROM gone_party)",
    "DELETE FROM products_exchangerate WHERE id IN (SELECT id FROM gone_rate)",
)

# Everything that hangs on a demo customer goes with it, whoever wrote it; what a visitor made and
# merely points at one stays and points nowhere.
CUSTOMERS = (
    "DELETE FROM interactions_task WHERE party_id IN (SELECT id FROM gone_party)",
    "DELETE FROM interactions_file WHERE party_id IN (SELECT id FROM gone_party)",
    "UPDATE interactions_task SET interaction_id = NULL WHERE interaction_id IN"
    " (SELECT id FROM interactions_interaction WHERE party_id IN (SELECT id FROM gone_party))",
    "DELETE FROM interactions_interaction WHERE party_id IN (SELECT id FROM gone_party)",
    "UPDATE interactions_task SET company_id = NULL WHERE company_id IN (SELECT id FROM gone_party)",
    "UPDATE interactions_file SET company_id = NULL WHERE company_id IN (SELECT id FROM gone_party)",
    "UPDATE interactions_interaction SET company_id = NULL WHERE company_id IN (SELECT id FROM gone_party)",
    "DELETE FROM parties_relation WHERE person_id IN (SELECT id FROM gone_party) OR company_id IN (SELECT id FROM gone_party)",
    "DELETE FROM parties_datedstate WHERE party_id IN (SELECT id FROM gone_party)",
    "DELETE FROM parties_contactpoint WHERE party_id IN (SELECT id FROM gone_party)",
    "UPDATE parties_party SET parent_id = NULL WHERE parent_id IN (SELECT id FROM gone_party)"
    " AND id NOT IN (SELECT id FROM gone_party)",
    "UPDATE parties_party SET company_id = NULL WHERE company_id IN (SELECT id FROM gone_party)"
    " AND id NOT IN (SELECT id FROM gone_party)",
    "DELETE FROM parties_party WHERE id IN (SELECT id FROM gone_party)",
)

PEOPLE = (
    "DELETE FROM sales_target WHERE person_id IN (SELECT id FROM gone_user) OR team_id IN (SELECT id FROM gone_team)",
    "DELETE FROM sales_adjustment WHERE person_id IN (SELECT id FROM gone_user)",
    "DELETE FROM platform_recentview WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM platform_notification WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM usersessions_usersession WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM account_emailaddress WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM platform_apikey WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM platform_roleassignment WHERE user_id IN (SELECT id FROM gone_user)",
    "DELETE FROM platform_membership WHERE user_id IN (SELECT id FROM gone_user) OR team_id IN (SELECT id FROM gone_team)",
)


def remove_rows() -> None:
    """Delete the rows; inside the caller's change-set."""
    with connection.cursor() as cursor:
        for gone, table in GONE.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{gone}")
            cursor.execute(GATHER.format(gone=gone), [MADE, table])
            cursor.execute(f"CREATE INDEX ON {gone} (id)")
            cursor.execute(f"ANALYZE {gone}")
        for statement in (*DEALS, *CUSTOMERS, *PEOPLE):
            cursor.execute(statement)
        _remove_unused(cursor, "products_product", "gone_product")
        _remove_unused(cursor, "platform_user", "gone_user")
        _remove_unused(cursor, "platform_team", "gone_team")
        # The journal names personas who did something: they stay in it, and nobody can be them.
        cursor.execute(
            "UPDATE platform_user SET is_active = false, is_demo = false,"
            " session_epoch = session_epoch + 1 WHERE id IN (SELECT id FROM gone_user)"
        )
        for gone in GONE:
            cursor.execute(f"DROP TABLE {gone}")


REFERRERS = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = %s::regclass
"""


def _remove_unused(cursor: Any, table: str, gone: str) -> None:
    """Delete what is gone and nothing refers to any more, from the leaves of a tree upwards."""
    cursor.execute(REFERRERS, [table])
    free = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {other} r WHERE r.{column} = t.id)"  # noqa: S608
        for other, column in cursor.fetchall()
    )
    statement = f"DELETE FROM {table} t USING {gone} g WHERE t.id = g.id AND {free}"  # noqa: S608
    cursor.execute(statement)
    while cursor.rowcount:
        cursor.execute(statement)


def is_there() -> bool:
    """Whether the demo company is here: made, and not taken away since."""
    present = journal.current()
    done = ChangeSet.objects.filter(verb__in=[MADE, REMOVED])
    if present is not None:
        done = done.exclude(pk=present.id)  # what is being done now has not happened yet
    return done.order_by("-id").values_list("verb", flat=True).first() == MADE
