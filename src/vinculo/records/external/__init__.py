"""External ids: by which other systems know our records, and by which they are found again.

These functions ask for no right: an id says nothing, and whoever has found a record by it still
has to reach the record through its entity.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection, models

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean

LONGEST_SOURCE = 40
LONGEST_VALUE = 120


def clean_source(source: str) -> str:
    """The name of another system as it is kept: lower case; DomainError for none or a long one."""
    found = clean(source).lower()
    if not found or len(found) > LONGEST_SOURCE:
        raise DomainError(
            _("Name the system that the ids come from, in 1 to %(most)s characters."),
            "source",
            most=LONGEST_SOURCE,
        )
    return found


def clean_value(value: str) -> str:
    """An external id as it is kept; DomainError for an empty or a long one."""
    found = clean(value)
    if not found or len(found) > LONGEST_VALUE:
        raise DomainError(
            _("An external id has 1 to %(most)s characters."), "external_id", most=LONGEST_VALUE
        )
    return found


KNOWN = """
SELECT source, value, row_id FROM records_externalid
WHERE entity = %s AND (source, value) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""

NOTE = """
INSERT INTO records_externalid (entity, source, value, row_id)
SELECT %s, told.* FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS told
ON CONFLICT (entity, source, value) DO UPDATE SET row_id = excluded.row_id
WHERE records_externalid.row_id <> excluded.row_id
"""


def known(entity: str, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The rows that these (source, value) pairs stand for, as far as they are known.

    A row may be gone meanwhile (deleted along with another): whoever looks for it will see.
    """
    wanted = list(names)
    if not wanted:
        return {}
    sources, values = [name[0] for name in wanted], [name[1] for name in wanted]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [entity, sources, values])
        return {(source, value): row_id for source, value, row_id in cursor.fetchall()}


def note(entity: str, rows: Mapping[tuple[str, str], int]) -> None:
    """Remember which rows these (source, value) pairs stand for, in one statement."""
    if not rows:
        return
    from vinculo.records.external.panel import look_again

    look_again()
    sources, values = [name[0] for name in rows], [name[1] for name in rows]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [entity, sources, values, list(rows.values())])


def names_of(entity: str, row_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What other systems call these rows: row → (source, value) pairs in order."""
    from vinculo.records.external.models import ExternalId

    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = ExternalId.objects.filter(entity=entity, row_id__among=row_ids)
    for row_id, source, value in rows.order_by("source", "value").values_list(
        "row_id", "source", "value"
    ):
        found[row_id].append((source, value))
    return dict(found)


def any_of(entity: str) -> bool:
    """Whether any record of this type is known by an external id."""
    from vinculo.records.external.models import ExternalId

    return bool(ExternalId.objects.filter(entity=entity).exists())


def forget(entity: str, row_ids: Iterable[int]) -> None:
    """Drop the ids of rows that are about to be deleted, in the same change-set."""
    from vinculo.records.external.models import ExternalId

    queryset: models.QuerySet[ExternalId] = ExternalId.objects.filter(
        entity=entity, row_id__among=row_ids
    )
    queryset._raw_delete(queryset.db)
