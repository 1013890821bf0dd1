"""The staging tables of an import of parties: temporary, gone with its transaction."""

from __future__ import annotations

from typing import Any

from vinculo.parties.importing.recipe import TABLES

_TYPES = {
    "row": "bigint",
    "place": "integer",
    "rule_id": "bigint",
    "key": "uuid",
    "birthday": "date",
    "owner_id": "bigint",
    "team_id": "bigint",
    "completeness": "smallint",
    "is_primary": "boolean",
    "is_valid": "boolean",
}
#: What rows are matched and joined by.
_JOINED = frozenset(
    (
        "row", "match_key", "name", "sort_name", "kind", "value", "is_primary", "owner_id",
        "team_id", "parent_key", "company_key", "parent_ref", "company_ref",
    )
)  # fmt: skip
_WITH_ID = ("import_party", "import_contact", "import_company")


def create_tables(cursor: Any) -> None:
    """Create the empty staging tables; rows that may become parties get their future id at once."""
    cursor.execute("SELECT pg_get_serial_sequence('parties_party', 'id')")
    sequence = cursor.fetchone()[0]
    for table, columns in TABLES.items():
        # Arrays stay in their text form here: aggregates cannot join arrays of different length.
        parts = [f"{name} {_TYPES.get(name, 'text')}" for name in columns]
        if table in _WITH_ID:
            parts.append(f"new_id bigint NOT NULL DEFAULT nextval('{sequence}')")
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({', '.join(parts)}) ON COMMIT DROP")


def finish_tables(cursor: Any) -> None:
    """Index and measure what has been copied, so that the planner sees what it joins."""
    cursor.execute("CREATE INDEX ON import_party (row)")
    cursor.execute("CREATE INDEX ON import_point (row)")
    for table, columns in TABLES.items():
        # Not what is only carried along: search keys and notes are most of a row.
        joined = ", ".join(column for column in columns if column in _JOINED)
        cursor.execute(f"ANALYZE {table} ({joined})")
