"""Indexes of custom fields: made and dropped beside the work of everybody else."""

from django.db import connection

from vinculo.platform.custom import known
from vinculo.platform.custom.columns import COLUMN, written
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import CustomField
from vinculo.records.computed.filed import Indexes, computed_indexes
from vinculo.records.computed.plans import users_of
from vinculo.records.custom.fields import shape_of
from vinculo.records.registry import find


def index_again(field: CustomField) -> None:
    """Have the indexes made anew that a change of a field's definition asks for: its own, and those
    of the computed fields that read it."""
    for one in (field, *users_of(field.entity, field.name)):
        if one.indexed or (one.computed and one.searched):
            enqueue(index_custom_field, field=one.pk)


@job("records.index_custom_field", lock="records.index_custom_field", atomic=False, retry=2)
def index_custom_field(*, field: int) -> None:
    """Make the indexes that a field shall have, and drop those it shall not have any more."""
    known.forget()
    found = CustomField.objects.filter(pk=field).first()
    wanted = indexes_of(found) if found is not None and found.deleted_at is None else {}
    with connection.cursor() as cursor:
        cursor.execute(OF_FIELD, [f"custom\\_{int(field)}\\_%"])
        for name, valid in cursor.fetchall():
            if name not in wanted or not valid:  # one that was broken off half-way is of no use
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        for name, (table, over) in wanted.items():
            cursor.execute(f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" {over}')


OF_FIELD = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname LIKE %s AND c.relnamespace = current_schema()::regnamespace
"""


def indexes_of(field: CustomField) -> Indexes:
    """The indexes that a field shall have: name → the table, and over what.

    In the order of a list, which settles ties by the id. A value that is typed otherwise, or that
    follows otherwise, has an index of another name.
    """
    entity = find(field.entity)
    assert entity is not None
    if field.computed:
        return computed_indexes(field)
    table, shape = entity.model._meta.db_table, shape_of(field)
    value = written(shape, f'"{table}"."{COLUMN}"', field.slug)
    over = f"USING gin (({value}))" if shape == "list" else f"(({value}), id)"
    return {f"custom_{field.pk}_{shape}": (table, over)} if field.indexed else {}
