"""The rows a table begins with in a new installation; from then on they are the company's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model


def ensure_usual(
    model: type[Model], rows: Iterable[dict[str, Any]], using: str = DEFAULT_DB_ALIAS
) -> None:
    """Give a table that never had a row these ones, once it and the journal are there."""
    from vinculo.platform import journal
    from vinculo.platform.models.journal import Change

    table = model._meta.db_table
    if not {table, Change._meta.db_table} <= set(connections[using].introspection.table_names()):
        return
    # What was deleted once is not to come back: the journal remembers.
    if model._default_manager.exists() or Change.objects.filter(table=table).exists():
        return
    with journal.change_set(actor=None, verb="platform.set_up"):
        model._default_manager.bulk_create(model(**row) for row in rows)
