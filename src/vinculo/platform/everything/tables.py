"""Which tables and columns are the company's own data, told from the models."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

#: Tables that are of no use elsewhere: open doors, and what workers note for themselves.
LEFT_OUT = {
    "parties_register": "registers of companies are loaded anew from their files",
    "platform_apikey": "keys are made anew",
    "platform_firstlink": "one-time links are made anew",
    "platform_jobreceipt": "the workers' own notes",
    "platform_jobfailure": "the workers' own notes",
    "platform_work": "the workers' own notes",
    "platform_oncekey": "answers to calls of an hour ago",
    "platform_ratebucket": "the calls of this minute",
    "platform_seal": "the chain of seals begins anew in each installation",
    "platform_seallayout": "the chain of seals begins anew in each installation",
}
#: Columns that open doors, with what stands in their place when the data comes back in.
SECRET_COLUMNS = {"password": "!", "secret": ""}

COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""


@dataclass(frozen=True)
class Table:
    """One table: its columns with their types, and the model that says what they mean."""

    name: str
    columns: tuple[tuple[str, str], ...]
    secret: tuple[str, ...]
    model: type[models.Model]

    @property
    def key(self) -> str:
        """The column its rows are ordered by."""
        column = self.model._meta.pk.column
        # The journal's key is two columns, of which the number is enough.
        return str(column) if column else "id"

    @property
    def meaning(self) -> str:
        """One line about its rows."""
        written = inspect.getdoc(self.model) or ""
        first = written.split("\n\n")[0].replace("\n", " ")
        # Django's own docstring of a model without one is its signature.
        return "" if first.startswith(f"{self.model.__name__}(") else first

    def labels(self) -> dict[str, str]:
        """What each column is called on the screen."""
        return {
            field.column: str(field.verbose_name)
            for field in self.model._meta.concrete_fields
            if field.column
        }


def tables(cursor: Any) -> list[Table]:
    """Every table of ours that goes along, in the order of names."""
    found: dict[str, Table] = {}
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.db_table
        if model._meta.proxy or name in LEFT_OUT or name in found or not _is_ours(model):
            continue
        cursor.execute(COLUMNS, [name])
        columns = tuple((column, kind) for column, kind in cursor.fetchall())
        secret = tuple(column for column, _ in columns if column in SECRET_COLUMNS)
        if columns:
            kept = tuple(pair for pair in columns if pair[0] not in secret)
            found[name] = Table(name, kept, secret, model)
    return [found[name] for name in sorted(found)]


def migrations_of_ours(cursor: Any) -> list[str]:
    """The migrations that made these tables, as "room.name"."""
    labels = [
        config.label for config in apps.get_app_configs() if config.name.startswith("vinculo.")
    ]
    cursor.execute("SELECT app || '.' || name FROM django_migrations WHERE app = ANY(%s)", [labels])
    return sorted(row[0] for row in cursor.fetchall())


def _is_ours(model: type[models.Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name.startswith("vinculo.")
