"""Search keys that a room made of its records, written into their column `search`."""

from collections.abc import Sequence

from django.db import connection, models

# Most changes leave the keys as they are: a row is not written for those.
WRITE = """
UPDATE {table} t SET search = found.search
FROM (
    SELECT id, array_to_tsvector(string_to_array(keys, E'\\n')) AS search
    FROM unnest(%s::bigint[], %s::text[]) AS said(id, keys)
) found
WHERE t.id = found.id AND t.search IS DISTINCT FROM found.search
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
