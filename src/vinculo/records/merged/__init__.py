"""Merged records: what pointed to the one that is gone points to the one that was kept.

These functions ask for no right: the action that merges has asked. Everything they write is in the
journal, so that an undo of the change-set separates the records again.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from vinculo.platform.custom.columns import COLUMN, Put, path_of
from vinculo.platform.models import CustomField
from vinculo.platform.undo import referrers
from vinculo.records.registry import find

KEPT = "SELECT kept_id FROM records_mergedrecord WHERE entity = %s AND gone_id = %s"

# Who kept both as favourites keeps one.
SAME_FAVOURITE = """
DELETE FROM records_favourite f WHERE f.entity = %(entity)s AND f.row_id = ANY(%(gone)s)
AND EXISTS (
    SELECT 1 FROM records_favourite o WHERE o.user_id = f.user_id AND o.entity = f.entity
    AND (o.row_id = %(kept)s OR (o.row_id = ANY(%(gone)s) AND o.id < f.id)))
"""
FAVOURITE = """
UPDATE records_favourite SET row_id = %(kept)s
WHERE entity = %(entity)s AND row_id = ANY(%(gone)s)
"""
EXTERNAL_ID = """
UPDATE records_externalid SET row_id = %(kept)s
WHERE entity = %(entity)s AND row_id = ANY(%(gone)s)
"""
FOLLOWED = """
UPDATE records_mergedrecord SET kept_id = %(kept)s
WHERE entity = %(entity)s AND kept_id = ANY(%(gone)s)
"""
NOTED = """
INSERT INTO records_mergedrecord (entity, gone_id, kept_id)
SELECT %(entity)s, gone, %(kept)s FROM unnest(%(gone)s::bigint[]) AS gone
"""


def kept_instead_of(entity: str, gone: int) -> int | None:
    """The record that a merged one went into; None for one that was never merged."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [entity, gone])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def move_references(entity: str, model: type[models.Model], gone: Sequence[int], kept: int) -> None:
    """Let everything that points to the rows `gone` of `model` point to `kept`, before those are
    deleted: foreign keys of every room, custom fields, external ids, favourites, and addresses.

    Rows that may stand only once per record (a primary phone) are the caller's to settle first.
    """
    place: dict[str, Any] = {"entity": entity, "gone": list(gone), "kept": kept}
    with connection.cursor() as cursor:
        for table, column, _cascades in referrers(model._meta.concrete_model or model):
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = %(kept)s WHERE "{column}" = ANY(%(gone)s)',  # noqa: S608
                place,
            )
        _move_custom_references(entity, gone, kept)
        for statement in (SAME_FAVOURITE, FAVOURITE, EXTERNAL_ID, FOLLOWED, NOTED):
            cursor.execute(statement, place)


def _move_custom_references(entity: str, gone: Sequence[int], kept: int) -> None:
    """Custom fields that hold the number of a record that goes, also those that are deleted and may
    come back."""
    for field in CustomField.objects.filter(target=entity):
        owner = find(field.entity)
        if owner is not None:
            held = {f"{path_of('ref', field.slug)}__in": list(gone)}
            rows = owner.model._base_manager.filter(**held)
            rows.update(**{COLUMN: Put(COLUMN, {field.slug: kept})})
