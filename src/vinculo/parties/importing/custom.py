"""Custom fields in files of companies and people: which there are, and whom their cells name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Lower
from django.utils import timezone

from vinculo.kernel.errors import _
from vinculo.records.custom.fields import searched_keys
from vinculo.records.custom.incoming import Incoming
from vinculo.records.custom.values import rules_of
from vinculo.records.fields import Field
from vinculo.records.registry import entity, find
from vinculo.records.transfer.columns import Style
from vinculo.records.transfer.values import choices_by_label

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.plan import Plan

REASONS: dict[str, str] = {
    "unfound": _("A record that this row names is not here, or there are several of this name."),
}


def fields_of(entity_key: str, user: User) -> list[Field]:
    """The custom fields of a record type that the user may write."""
    own = entity(entity_key)
    return [one for one in own.fields_for(user, list(own.custom_fields)) if one.editable]


def incoming(entity_key: str, plan: Plan, user: User) -> tuple[Incoming, ...]:
    """How the mapped columns of custom fields are read, as plain data."""
    mapped = {key for _at, key in plan.columns}
    searched = searched_keys(entity_key)
    return tuple(
        Incoming(
            key=one.custom,
            rules=rules_of(one),
            style=plan.styles.get(one.name) or Style(),
            zone=timezone.get_current_timezone_name(),
            choices=dict(choices_by_label(_offered(one))),
            searched=one.custom in searched,
        )
        for one in fields_of(entity_key, user)
        if one.name in mapped
    )


def _offered(field: Field) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(label)) for key, label in field.choices or ())


_NAMED = """
SELECT DISTINCT lower(custom_names::jsonb ->> %s) FROM import_party
WHERE custom_names::jsonb ->> %s IS NOT NULL
"""
_PUT = """
UPDATE import_party s
SET custom = (coalesce(s.custom::jsonb, '{}') || jsonb_build_object(%(key)s::text, found.id))::text
FROM unnest(%(names)s::text[], %(ids)s::bigint[]) AS found(name, id)
WHERE lower(s.custom_names::jsonb ->> %(key)s) = found.name
"""
_UNFOUND = """
UPDATE import_outcome o SET outcome = 'refused', reason = 'unfound' FROM import_party s
WHERE s.row = o.row AND o.outcome IN ('created', 'updated')
AND lower(s.custom_names::jsonb ->> %(key)s) <> ALL(%(names)s::text[])
"""


def resolve(cursor: Any, fields: Iterable[Field], user: User) -> dict[str, list[str]]:
    """Put the numbers of the records that cells name into the staged values: of those the user
    sees, and that alone have the name. Returns key → the names that were found."""
    found: dict[str, list[str]] = {}
    for field in fields:
        target = find(field.target) if field.is_reference else None
        if target is None:
            continue
        cursor.execute(_NAMED, [field.custom, field.custom])
        wanted = [row[0] for row in cursor.fetchall()]
        rows = target.visible(user).annotate(wanted_name=Lower(target.title)).order_by()
        by_name: dict[str, list[int]] = {}
        for name, pk in rows.filter(wanted_name__in=wanted).values_list("wanted_name", "pk"):
            by_name.setdefault(name, []).append(pk)
        sure = {name: ids[0] for name, ids in by_name.items() if len(ids) == 1}
        place = {"key": field.custom, "names": list(sure), "ids": list(sure.values())}
        cursor.execute(_PUT, place)
        found[field.custom] = list(sure)
    return found


def refuse_unfound(cursor: Any, found: dict[str, list[str]]) -> None:
    """Refuse the rows that name records which were not found."""
    for key, names in found.items():
        cursor.execute(_UNFOUND, {"key": key, "names": names})
