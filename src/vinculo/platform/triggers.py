"""Puts the journal's triggers on every table that is to be watched; idempotent."""

from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from vinculo.platform.types import table_models

FUNCTIONS = Path(__file__).with_name("journal.sql")
OF_CUSTOM_FIELDS = Path(__file__).with_name("custom") / "functions.sql"

EVENTS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS stale NEW TABLE AS fresh",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS stale",
}

INSTALLED = """
SELECT c.relname, t.tgname, encode(t.tgargs, 'escape')
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname LIKE 'vinculo_journal_%%' AND NOT t.tgisinternal
"""


def install_after_migrate(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Bring functions, months and triggers up to date once the tables are."""
    tables = set(connections[using].introspection.table_names())
    if "platform_change" not in tables:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(FUNCTIONS.read_text("utf-8"))
        cursor.execute(OF_CUSTOM_FIELDS.read_text("utf-8"))
        cursor.execute("SELECT vinculo_journal_months(2)")
        cursor.execute(INSTALLED)
        installed = {(table, name): args for table, name, args in cursor.fetchall()}
        for table, model in table_models().items():
            if table in tables and model.journalled:  # type: ignore[attr-defined]
                _install(cursor, table, model, installed)


def _install(
    cursor: Any, table: str, model: type[models.Model], installed: dict[tuple[str, str], str]
) -> None:
    ignored: tuple[str, ...] = model.journal_ignore  # type: ignore[attr-defined]
    for event, clause in EVENTS.items():
        name = f"vinculo_journal_{event}"
        arguments = ignored if event == "update" else ()
        wanted = "".join(f"{argument}\\000" for argument in arguments)
        if installed.get((table, name)) == wanted:
            continue
        quoted_table = f'"{table}"'
        quoted = ", ".join(f"'{argument}'" for argument in arguments)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {name} {clause.format(table=quoted_table)} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}({quoted})"
        )
