"""The rules of standardising on the rows of a file, with what each row said kept beside.

The part for rows runs in the workers, without database or settings; the part for what is known
already is one statement each, whatever the number of rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vinculo.kernel.addresses import Address, one_line
from vinculo.kernel.errors import _
from vinculo.kernel.text import clean, fold
from vinculo.parties.facts import ContactFacts
from vinculo.parties.standardising.applying import (
    ADDRESS_FIELDS,
    Altered,
    PointSheet,
    Sheet,
    Standards,
)
from vinculo.parties.standardising.catalogue import EMAIL, RULES, settled
from vinculo.parties.standardising.keeping import AsTyped, with_typed

if TYPE_CHECKING:
    from vinculo.parties.importing.rows import PartyRow

#: Somebody has set a known record back to what the file says again: the file has nothing new.
_SET_BACK = """
UPDATE import_party s SET as_typed = NULL,
    salutation = CASE WHEN s.as_typed::jsonb ? 'salutation'
        THEN nullif(s.as_typed::jsonb #>> '{salutation,typed}', '') ELSE s.salutation END,
    name = coalesce(s.as_typed::jsonb #>> '{name,typed}', s.name),
    given_name = coalesce(s.as_typed::jsonb #>> '{given_name,typed}', s.given_name),
    family_name = coalesce(s.as_typed::jsonb #>> '{family_name,typed}', s.family_name)
FROM import_write w JOIN parties_party p ON p.id = w.party_id
WHERE w.row = s.row AND NOT w.is_new AND s.as_typed IS NOT NULL AND EXISTS (
    SELECT FROM jsonb_each(s.as_typed::jsonb) e
    WHERE e.value ->> 'typed' <> '' AND p.as_typed #>> ARRAY[e.key, 'typed'] = e.value ->> 'typed'
    AND to_jsonb(p) ->> e.key = e.value ->> 'typed')
"""
_PLACE_SET_BACK = """
UPDATE import_point t SET as_typed = NULL, typed = c.typed, value = c.value,
    street = coalesce(t.as_typed::jsonb #>> '{street,typed}', t.street),
    postal_code = coalesce(t.as_typed::jsonb #>> '{postal_code,typed}', t.postal_code),
    city = coalesce(t.as_typed::jsonb #>> '{city,typed}', t.city),
    region = coalesce(t.as_typed::jsonb #>> '{region,typed}', t.region)
FROM import_write w JOIN parties_contactpoint c ON c.party_id = w.party_id
WHERE w.row = t.row AND NOT w.is_new AND t.kind = 'address' AND c.kind = 'address' AND c.is_primary
AND t.as_typed IS NOT NULL AND EXISTS (
    SELECT FROM jsonb_each(t.as_typed::jsonb) e
    WHERE c.as_typed #>> ARRAY[e.key, 'typed'] = e.value ->> 'typed'
    AND to_jsonb(c) ->> e.key = e.value ->> 'typed')
"""


#: Rows that become something, and that the rules have written otherwise.
_WRITTEN = """
SELECT count(*) FROM import_party s JOIN import_outcome o ON o.row = s.row
WHERE o.outcome IN ('created', 'updated') AND (
    s.as_typed IS NOT NULL
    OR EXISTS (SELECT FROM import_point t WHERE t.row = s.row AND t.as_typed IS NOT NULL)
    OR EXISTS (SELECT FROM import_contact n WHERE n.row = s.row AND n.as_typed IS NOT NULL))
"""
WRITTEN = _("Rules of standardising write something otherwise than the file; both are kept.")


def rows_written(cursor: Any) -> list[tuple[str, dict[str, Any], int]]:
    """How many rows of a file the rules have changed: sentence, parameters, rows."""
    cursor.execute(_WRITTEN)
    rows = cursor.fetchone()[0]
    return [(WRITTEN, {}, rows)] if rows else []


def leave_set_back(cursor: Any) -> None:
    """Known records that somebody has set back to what the file says stay as they are."""
    cursor.execute(_SET_BACK)
    cursor.execute(_PLACE_SET_BACK)


@dataclass
class Made:
    """What rules made of a row, and for each value what the row said."""

    as_typed: AsTyped = field(default_factory=dict)
    #: By the place of a contact point.
    points: dict[int, AsTyped] = field(default_factory=dict)
    #: The contact person that a row of companies names.
    contact: dict[str, str] = field(default_factory=dict)
    contact_typed: AsTyped = field(default_factory=dict)


class RowStandards:
    """The rules that are on, for the rows of one file; `at` is when it is read."""

    def __init__(self, keys: Sequence[str], home: str, language: str) -> None:
        self._standards = Standards(RULES[key] for key in keys if key in RULES)
        self._home, self._language = home, language
        self._at = datetime.now(UTC)

    def bare(self, text: str) -> str:
        """An e-mail address as the rules write it, so that it can be read at all."""
        return str(settled(clean(text), self._standards.of(EMAIL), self._home)[0])

    def over(self, row: PartyRow) -> Made:
        """Write a row's names and contact points as the rules want them."""
        made = Made()
        country = row.country or self._home
        texts = {
            "name": row.name or "",
            "given_name": row.given_name or "",
            "family_name": row.family_name or "",
            "salutation": row.salutation or "",
        }
        points = [
            PointSheet(place, point.kind, _texts(point))
            for place, (point, _label, _valid) in enumerate(row.points)
        ]
        sheet = Sheet(0, row.recipe.kind, country, texts, {}, points)
        for one in self._standards.over(sheet).altered:
            if one.point is not None:
                self._point(row, one.point, one)
                held = made.points.get(one.point, {})
                made.points[one.point] = self._noted(held, one)
            else:
                setattr(row, one.field, one.new)
                made.as_typed = self._noted(made.as_typed, one)
        if row.contact_name:
            self._contact(row, country, made)
        return made

    def _contact(self, row: PartyRow, country: str, made: Made) -> None:
        given, family = row.contact_parts()
        named = {"name": row.contact_name, "given_name": given, "family_name": family}
        for one in self._standards.over(Sheet(0, "person", country, named)).altered:
            made.contact[one.field] = one.new
            made.contact_typed = self._noted(made.contact_typed, one)

    def _noted(self, as_typed: AsTyped, one: Altered) -> AsTyped:
        return with_typed(as_typed, one.field, one.old, one.new, one.rules, self._at)

    def _point(self, row: PartyRow, place: int, one: Altered) -> None:
        point, label, valid = row.points[place]
        changed: dict[str, Any] = {one.field: one.new}
        new = replace(point, **changed)
        if point.kind == "address":
            parts = {name: getattr(new, name) for name in ADDRESS_FIELDS}
            line = one_line(Address(country=new.country, **parts), self._language)[:300]
            new = replace(new, typed=line, value=fold(line)[:300])
        row.points[place] = (new, label, valid)


def _texts(point: ContactFacts) -> dict[str, str]:
    parts = ("typed", *ADDRESS_FIELDS, "country")
    return {name: getattr(point, name) for name in parts}


def as_json(as_typed: AsTyped | None) -> str | None:
    """What was typed, as the staging tables carry it."""
    return json.dumps(as_typed, ensure_ascii=False) if as_typed else None
