"""Search keys that a room made of its records, written into their column `search`."""

from collections.abc import Sequence

from django.db import connection, models

WRITE = """
UPDATE {table} t SET search = array_to_tsvector(string_to_array(found.keys, E'\\n'))
FROM unnest(%s::bigint[], %s::text[]) AS found(id, keys)
WHERE t.id = found.id
"""


def write_keys(model: type[models.Model], found: Sequence[tuple[int, list[str]]]) -> None:
    """Give the rows (id, keys) of a table the keys they are found by."""
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE.format(table=model._meta.db_table),
            [[pk for pk, _keys in found], ["\n".join(keys) for _pk, keys in found]],
        )
