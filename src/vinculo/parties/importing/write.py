"""Staged rows become parties: a handful of statements whatever the number of rows.

All of it runs inside the caller's transaction and change-set; the journal's triggers write down
every row, so that one undo takes everything back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vinculo.kernel.clock import now
from vinculo.parties.derived import refresh
from vinculo.parties.importing import colliding, merge, people
from vinculo.parties.importing.links import linked_people
from vinculo.parties.importing.standards import leave_set_back

if TYPE_CHECKING:
    from vinculo.platform.models import User

LINES_AT_ONCE = 20_000
_WORK_LIST = """
CREATE TEMPORARY TABLE import_write ON COMMIT DROP AS
SELECT min(row) AS row, first_row, party_id, NOT known AS is_new, count(*) AS size
FROM import_outcome WHERE outcome IN ('created', 'updated')
GROUP BY first_row, party_id, known
"""

_CREATE = """
INSERT INTO parties_party (
    id, kind, name, native_name, legal_name, state, value_class, source, language, tags, interests,
    preferences, tax_id, iban, national_id, website, external_id, description, industry, size, given_name,
    family_name, salutation, job_title, birthday, company_id, owner_id, team_id, created_at,
    updated_at, search, sort_name, phone, email, city, region, country, completeness, custom,
    as_typed)
SELECT w.party_id, %(kind)s, s.name, coalesce(s.native_name, ''), '', 'lead', coalesce(s.value_class, ''),
    coalesce(s.source, 'import'), coalesce(s.language, ''), coalesce(s.tags::varchar[], '{}'),
    coalesce(s.interests::varchar[], '{}'), '', coalesce(s.tax_id, ''),
    coalesce(s.iban, ''), coalesce(s.national_id, ''), coalesce(s.website, ''),
    coalesce(s.external_id, ''), coalesce(s.description, ''), coalesce(s.industry, ''),
    coalesce(s.size, ''), coalesce(s.given_name, ''), coalesce(s.family_name, ''),
    coalesce(s.salutation, ''), coalesce(s.job_title, ''), s.birthday, k.party_id,
    coalesce(s.owner_id, %(owner)s),
    CASE WHEN s.owner_id IS NULL THEN %(team)s ELSE s.team_id END, %(at)s, %(at)s,
    array_to_tsvector(string_to_array(s.search, E'\\x1f')), s.sort_name, s.phone, s.email, s.city,
    s.region, s.country, s.completeness, coalesce(s.custom::jsonb, '{}'),
    coalesce(s.as_typed::jsonb, '{}')
FROM import_write w JOIN import_party s ON s.row = w.row
LEFT JOIN import_employer k ON k.match_key = s.company_key
WHERE w.is_new AND w.row > %(after)s AND w.row <= %(upto)s ORDER BY w.row
"""

_UPDATE = """
UPDATE parties_party p SET
    name = coalesce(s.name, p.name), given_name = coalesce(s.given_name, p.given_name),
    family_name = coalesce(s.family_name, p.family_name),
    native_name = coalesce(s.native_name, p.native_name),
    salutation = coalesce(s.salutation, p.salutation),
    job_title = coalesce(s.job_title, p.job_title), birthday = coalesce(s.birthday, p.birthday),
    value_class = coalesce(s.value_class, p.value_class), source = coalesce(s.source, p.source),
    language = coalesce(s.language, p.language), tax_id = coalesce(s.tax_id, p.tax_id),
    iban = coalesce(s.iban, p.iban), national_id = coalesce(s.national_id, p.national_id),
    tags = p.tags || ARRAY(SELECT unnest(s.tags::varchar[]) EXCEPT SELECT unnest(p.tags)),
    interests =
        p.interests || ARRAY(SELECT unnest(s.interests::varchar[]) EXCEPT SELECT unnest(p.interests)),
    website = coalesce(s.website, p.website), external_id = coalesce(s.external_id, p.external_id),
    description = coalesce(s.description, p.description),
    industry = coalesce(s.industry, p.industry), size = coalesce(s.size, p.size),
    company_id = coalesce(k.party_id, p.company_id),
    custom = p.custom || coalesce(s.custom::jsonb, '{}'),
    as_typed = p.as_typed || coalesce(s.as_typed::jsonb, '{}'),
    owner_id = coalesce(s.owner_id, p.owner_id),
    team_id = CASE WHEN s.owner_id IS NULL THEN p.team_id ELSE s.team_id END
FROM import_write w JOIN import_party s ON s.row = w.row
LEFT JOIN import_employer k ON k.match_key = s.company_key
WHERE NOT w.is_new AND p.id = w.party_id
"""

_POINTS_OF_NEW = """
INSERT INTO parties_contactpoint (party_id, kind, label, typed, value, is_primary, is_valid,
    do_not_contact, street, postal_code, city, region, country, as_typed)
SELECT w.party_id, t.kind, t.label, t.typed, t.value, t.is_primary, t.is_valid, false, t.street,
    t.postal_code, t.city, t.region, t.country, coalesce(t.as_typed::jsonb, '{}')
FROM import_write w JOIN import_point t ON t.row = w.row
WHERE w.is_new AND w.row > %(after)s AND w.row <= %(upto)s ORDER BY w.row, t.place
"""

# A known party: what the file calls its phone or e-mail comes first from now on; what it was
# reached by before stays in the list.
_STEP_DOWN = """
UPDATE parties_contactpoint c SET is_primary = false
FROM import_write w JOIN import_point t ON t.row = w.row
WHERE NOT w.is_new AND t.is_primary AND t.kind <> 'address'
AND c.party_id = w.party_id AND c.kind = t.kind AND c.is_primary AND c.value <> t.value
"""
_STEP_UP = """
UPDATE parties_contactpoint c SET is_primary = true
FROM (
    SELECT DISTINCT ON (c.party_id, c.kind) c.id
    FROM import_write w JOIN import_point t ON t.row = w.row
    JOIN parties_contactpoint c ON c.party_id = w.party_id AND c.kind = t.kind
         AND c.value = t.value
    WHERE NOT w.is_new AND t.is_primary AND t.kind <> 'address'
    ORDER BY c.party_id, c.kind, c.is_primary DESC, c.id
) same
WHERE c.id = same.id AND NOT c.is_primary
"""
_ADDRESS = """
UPDATE parties_contactpoint c SET
    typed = t.typed, value = t.value,
    street = coalesce(nullif(t.street, ''), c.street),
    postal_code = coalesce(nullif(t.postal_code, ''), c.postal_code),
    city = coalesce(nullif(t.city, ''), c.city), region = coalesce(nullif(t.region, ''), c.region),
    country = coalesce(nullif(t.country, ''), c.country),
    as_typed = c.as_typed || coalesce(t.as_typed::jsonb, '{}')
FROM import_write w JOIN import_point t ON t.row = w.row
WHERE NOT w.is_new AND t.kind = 'address'
AND c.party_id = w.party_id AND c.kind = 'address' AND c.is_primary
"""
_POINTS_OF_KNOWN = """
INSERT INTO parties_contactpoint (party_id, kind, label, typed, value, is_primary, is_valid,
    do_not_contact, street, postal_code, city, region, country, as_typed)
SELECT w.party_id, t.kind, t.label, t.typed, t.value,
    t.is_primary AND NOT EXISTS (
        SELECT 1 FROM parties_contactpoint c
        WHERE c.party_id = w.party_id AND c.kind = t.kind AND c.is_primary),
    t.is_valid, false, t.street, t.postal_code, t.city, t.region, t.country,
    coalesce(t.as_typed::jsonb, '{}')
FROM import_write w JOIN import_point t ON t.row = w.row
WHERE NOT w.is_new AND NOT EXISTS (
    SELECT 1 FROM parties_contactpoint c WHERE c.party_id = w.party_id AND c.kind = t.kind
    AND (c.value = t.value OR (t.kind = 'address' AND c.is_primary)))
ORDER BY w.row, t.place
"""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who imports, what, and whose the new records are."""

    actor: User
    kind: str

    def place(self) -> dict[str, Any]:
        """The parameters of the statements."""
        return {
            "kind": self.kind,
            "owner": self.actor.pk,
            "team": self.actor.main_team_id(),
            "at": now(),
        }


def write(cursor: Any, writing: Writing) -> None:
    """Create and update what `decide` found; derived columns of updated parties follow."""
    place = writing.place()
    # Otherwise the database remembers each row until the commit, to look at its references then.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_write")
    cursor.execute(_WORK_LIST)
    cursor.execute("CREATE UNIQUE INDEX ON import_write (row)")
    cursor.execute("ANALYZE import_write")
    merged = merge.merge_repeated(cursor)
    leave_set_back(cursor)
    people.resolve_companies(cursor, writing.actor, place, "company_key")
    employers = people.known_employers(cursor)
    linked = linked_people(cursor)
    for part in _parts(cursor):
        cursor.execute(_CREATE, place | part)
        cursor.execute(_POINTS_OF_NEW, part)
    cursor.execute(_UPDATE, place)
    changed = _known(cursor)
    if changed:
        for statement in (_STEP_DOWN, _STEP_UP, _ADDRESS, _POINTS_OF_KNOWN):
            cursor.execute(statement)
    people.write_relations(cursor, writing.kind)
    if writing.kind == "company":
        people.write_contacts(cursor, writing.actor, place)
        people.link_parents(cursor, writing.actor, place)
    colliding.take_keys(cursor, writing.kind)
    colliding.take_keys_beside(cursor, writing.kind)
    refresh([*changed, *merged, *employers, *linked])
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _parts(cursor: Any) -> Iterator[dict[str, int]]:
    """The lines of the file in parts: what the database remembers of a statement stays small."""
    cursor.execute("SELECT min(row) - 1, max(row) FROM import_write WHERE is_new")
    after, last = cursor.fetchone()
    while after is not None and after < last:
        yield {"after": after, "upto": after + LINES_AT_ONCE}
        after += LINES_AT_ONCE


def _known(cursor: Any) -> list[int]:
    cursor.execute("SELECT DISTINCT party_id FROM import_write WHERE NOT is_new")
    return [row[0] for row in cursor.fetchall()]
