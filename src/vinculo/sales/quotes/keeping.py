"""What no undo touches: a quote as the customer has it, and its number."""

from __future__ import annotations

from typing import Any

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, _

#: What an undo may still write of a quote that is no draft: where it stands, whose it is, and
#: which optional lines are taken.
FREE = ["status", "decided_on", "answer", "owner_id", "team_id", "chosen"]

# A quote that was made is kept by its issue, which refers to it; its lines are not.
_KEEP = """
DELETE FROM undo_net n USING sales_quote q
LEFT JOIN sales_issued i ON i.quote_id = q.id
LEFT JOIN platform_user u ON u.id = i.by_id
WHERE n.table_name = %(table)s AND q.status <> 'draft' AND q.id = {quote}
AND {touched}
RETURNING n.row_id, u.name, i.at
"""
_CHANGED = "(n.first_op = 'U' AND n.last_op = 'U' AND n.before - %(free)s::text[] <> '{}'::jsonb)"
KEEP_QUOTES = _KEEP.replace("{quote}", "n.row_id").replace("{touched}", _CHANGED)
KEEP_LINES = _KEEP.replace(
    "{quote}",
    "coalesce((SELECT l.quote_id FROM sales_quoteline l WHERE l.id = n.row_id),"
    " (n.before ->> 'quote_id')::bigint)",
).replace("{touched}", f"({_CHANGED} OR n.first_op = 'I' OR n.last_op = 'D')")


def keep_issued(cursor: Any, kept: list[Any], table: str, statement: str) -> None:
    """Take out of an undo what would change a quote that is no draft any more."""
    from vinculo.platform.undo import Kept

    cursor.execute(statement, {"table": table, "free": FREE})
    for row_id, who, when in cursor.fetchall():
        kept.append(Kept(table, row_id, "", who or "", when or now(), "used"))


def keep_answers(cursor: Any) -> None:
    """Refuse an undo that would take back what a customer said."""
    cursor.execute(
        "SELECT 1 FROM undo_net WHERE table_name = 'sales_quoteanswer' AND first_op = 'I' LIMIT 1"
    )
    if cursor.fetchone():
        raise Conflict(_("What a customer has answered is not undone: it is their word."))


def keep_numbers(cursor: Any) -> None:
    """Refuse an undo that would take the issue of a quote back."""
    cursor.execute(
        "SELECT 1 FROM undo_net WHERE table_name = 'sales_issued' AND first_op = 'I' LIMIT 1"
    )
    if cursor.fetchone():
        raise Conflict(
            _("A quote that was issued keeps its number. Withdraw it, or make its next version.")
        )
