"""Many parties at once as the rules read them, and what the rules made of them written back.

Two questions and two writes for two thousand parties.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from vinculo.kernel.addresses import Address
from vinculo.kernel.errors import DomainError
from vinculo.parties.standardising.applying import (
    ADDRESS_FIELDS,
    TEXTS,
    Altered,
    PointSheet,
    Sheet,
)
from vinculo.parties.standardising.keeping import with_typed
from vinculo.parties.understanding import (
    Understood,
    default_country,
    understand,
    understand_address,
)

CHUNK = 2000

PARTIES = """
SELECT p.id, p.kind, coalesce(nullif(p.country, ''), nullif(c.country, ''), %(home)s), p.as_typed,
       p.name, p.legal_name, p.given_name, p.family_name, p.salutation
FROM parties_party p LEFT JOIN parties_party c ON c.id = p.company_id
WHERE p.id = ANY(%(ids)s) ORDER BY p.id
"""
#: The rows stay as they were read until they are written.
LOCKED = f"{PARTIES} FOR NO KEY UPDATE OF p"
POINTS = """
SELECT id, party_id, kind, as_typed, typed, street, postal_code, city, region, country
FROM parties_contactpoint WHERE party_id = ANY(%(ids)s) AND kind <> 'social' ORDER BY id
"""
WRITE_PARTIES = """
UPDATE parties_party p SET name = f.name, legal_name = f.legal_name, given_name = f.given_name,
    family_name = f.family_name, salutation = f.salutation, as_typed = f.as_typed
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
     AS f(id, name, legal_name, given_name, family_name, salutation, as_typed)
WHERE p.id = f.id
"""
WRITE_POINTS = """
UPDATE parties_contactpoint p SET typed = f.typed, value = f.value, is_valid = f.is_valid,
    street = f.street, postal_code = f.postal_code, city = f.city, region = f.region,
    as_typed = f.as_typed
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::jsonb[])
     AS f(id, typed, value, is_valid, street, postal_code, city, region, as_typed)
WHERE p.id = f.id
"""


def sheets_of(ids: Sequence[int], *, lock: bool = False) -> dict[int, Sheet]:
    """What the rules read of these parties, by their ids."""
    home = default_country()
    with connection.cursor() as cursor:
        cursor.execute(LOCKED if lock else PARTIES, {"ids": list(ids), "home": home})
        found = {
            pk: Sheet(pk, kind, country, dict(zip(TEXTS, texts, strict=True)), _decoded(as_typed))
            for pk, kind, country, as_typed, *texts in cursor.fetchall()
        }
        cursor.execute(POINTS, {"ids": list(found)})
        for pk, party, kind, as_typed, *texts in cursor.fetchall():
            named = dict(zip(("typed", *ADDRESS_FIELDS, "country"), texts, strict=True))
            found[party].points.append(PointSheet(pk, kind, named, _decoded(as_typed)))
    return found


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def write(
    sheets: Mapping[int, Sheet], altered: Mapping[int, Sequence[Altered]], at: datetime
) -> None:
    """Write what rules made of these parties, with what was there before beside it; the derived
    columns are the caller's to refresh."""
    parties: list[tuple[Any, ...]] = []
    points: list[tuple[Any, ...]] = []
    for pk, changes in altered.items():
        sheet = sheets[pk]
        own = [one for one in changes if one.point is None]
        if own:
            texts, as_typed = _with(sheet.texts, sheet.as_typed, own, at)
            parties.append((pk, *(texts[name] for name in TEXTS), json.dumps(as_typed)))
        for point in sheet.points:
            theirs = [one for one in changes if one.point == point.pk]
            if theirs:
                points.append(_point(sheet, point, theirs, at))
    with connection.cursor() as cursor:
        if parties:
            cursor.execute(WRITE_PARTIES, _columns(parties))
        if points:
            cursor.execute(WRITE_POINTS, _columns(points))


def _with(
    texts: dict[str, str], as_typed: dict[str, Any], changes: Iterable[Altered], at: datetime
) -> tuple[dict[str, str], dict[str, Any]]:
    texts = dict(texts)
    for one in changes:
        texts[one.field] = one.new
        as_typed = with_typed(as_typed, one.field, one.old, one.new, one.rules, at)
    return texts, as_typed


def _point(
    sheet: Sheet, point: PointSheet, changes: list[Altered], at: datetime
) -> tuple[Any, ...]:
    texts, as_typed = _with(point.texts, point.as_typed, changes, at)
    read = understood(point.kind, texts, sheet.country)
    places = (texts[name] for name in ADDRESS_FIELDS)
    return (point.pk, read.typed, read.value, read.is_valid, *places, json.dumps(as_typed))


def understood(kind: str, texts: Mapping[str, str], country: str) -> Understood:
    """A contact point's texts as they are compared and dialled; what cannot be read stays as it is
    written."""
    try:
        if kind == "address":
            place = Address(**{name: texts[name] for name in (*ADDRESS_FIELDS, "country")})
            return understand_address(place)[1]
        return replace(understand(kind, texts["typed"], country), typed=texts["typed"])
    except DomainError:
        return Understood(texts["typed"], texts["typed"], False)


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
