"""Indexes of custom fields: made and dropped beside the work of everybody else."""

from django.db import connection

from vinculo.platform.custom.columns import COLUMN, written
from vinculo.platform.jobs import job
from vinculo.platform.models import CustomField
from vinculo.records.custom.fields import shape_of
from vinculo.records.registry import find


def index_name(field: CustomField) -> str:
    """What the index of a field is called; another one where its values are typed otherwise."""
    return f"custom_{field.pk}_{shape_of(field)}"


@job("records.index_custom_field", lock="records.index_custom_field", atomic=False, retry=2)
def index_custom_field(*, field: int) -> None:
    """Make the index that a field shall have, or drop those it shall not have any more."""
    found = CustomField.objects.filter(pk=field).first()
    wanted = ""
    if found is not None and found.indexed and found.deleted_at is None:
        wanted = index_name(found)
    with connection.cursor() as cursor:
        cursor.execute(OF_FIELD, [f"custom\\_{int(field)}\\_%"])
        for name, valid in cursor.fetchall():
            if name != wanted or not valid:  # one that was broken off half-way is of no use
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        if found is not None and wanted:
            cursor.execute(statement(found, wanted))


OF_FIELD = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname LIKE %s AND c.relnamespace = current_schema()::regnamespace
"""


def statement(field: CustomField, name: str) -> str:
    """The statement that makes the index: in the order of a list, which settles ties by the id."""
    entity = find(field.entity)
    assert entity is not None
    table, shape = entity.model._meta.db_table, shape_of(field)
    value = written(shape, f'"{table}"."{COLUMN}"', field.slug)
    if shape == "list":
        return (
            f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" USING gin (({value}))'
        )
    return f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" (({value}), id)'
