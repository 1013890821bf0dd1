"""All companies, or all people, written out as they are compared."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

from django.db import connection

from vinculo.parties.matching.features import COLUMNS, Features, features_of

RECORDS = """
SELECT p.id, p.name, coalesce(nullif(p.native_name, ''), p.legal_name), p.given_name,
       p.family_name, p.tax_id, coalesce(p.birthday::text, ''), coalesce(a.street, ''),
       coalesce(a.postal_code, ''), p.city, p.website, p.email
FROM parties_party p
LEFT JOIN parties_contactpoint a ON a.party_id = p.id AND a.kind = 'address' AND a.is_primary
WHERE p.kind = %s
"""
# Of people, without what is a company's: colleagues share its switchboard.
POINTS = """
COPY (
    SELECT c.party_id AS unique_id, c.kind, c.value
    FROM parties_contactpoint c JOIN parties_party p ON p.id = c.party_id
    WHERE p.kind = {kind} AND c.kind IN ('email', 'phone') AND length(c.value) > 5
    AND ({kind} = 'company' OR NOT EXISTS (
        SELECT 1 FROM parties_contactpoint o JOIN parties_party q ON q.id = o.party_id
        WHERE o.kind = c.kind AND o.value = c.value AND o.value <> '' AND q.kind = 'company'))
) TO STDOUT (FORMAT csv, HEADER)
"""
AT_ONCE = 5_000


def gather(
    kind: str, records: Path, points: Path, advance: Callable[[int], None] = lambda _rows: None
) -> int:
    """Write `records` and `points` as `scoring.score` reads them; how many records there are.

    Inside a transaction: it reads by a cursor of the server's, so that memory stays flat.
    """
    written = 0
    with connection.cursor() as cursor, records.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        cursor.execute("DECLARE to_compare NO SCROLL CURSOR FOR " + RECORDS, [kind])
        while True:
            cursor.execute(f"FETCH {AT_ONCE} FROM to_compare")
            rows = cursor.fetchall()
            if not rows:
                break
            writer.writerows(astuple(_features(kind, row)) for row in rows)
            written += len(rows)
            advance(len(rows))
        cursor.execute("CLOSE to_compare")
        with points.open("wb") as file, cursor.copy(POINTS.format(kind=f"'{kind}'")) as copy:
            for block in copy:
                file.write(block)
    return written


def _features(kind: str, row: tuple[str, ...]) -> Features:
    (pk, name, other, given, family, tax, born, street, postal, city, website, email) = row
    return features_of(
        str(pk),
        kind=kind,
        name=name,
        other_name=other,
        given=given,
        family=family,
        tax_id=tax,
        born=born,
        street=street,
        postal_code=postal,
        city=city,
        website=website,
        email=email,
    )
