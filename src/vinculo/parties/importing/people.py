"""People and companies that the rows of a file only name: employers, contacts, parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vinculo.kernel.clock import now
from vinculo.parties import hierarchy
from vinculo.parties.importing import links
from vinculo.parties.importing.decide import drop_false_friends
from vinculo.parties.models import Company, Person

if TYPE_CHECKING:
    from vinculo.platform.models import User

_FOUND = """
CREATE TEMPORARY TABLE import_namesake ON COMMIT DROP AS
SELECT k.match_key, p.id AS party_id
FROM (SELECT DISTINCT match_key, sort_name FROM import_company) k
JOIN parties_party p ON p.kind = 'company' AND p.sort_name = k.sort_name
WHERE p.id IN ({visible})
"""
_SUSPECTS = """
    SELECT m.ctid::text, p.name, m.match_key
    FROM import_namesake m JOIN parties_party p ON p.id = m.party_id
"""
# Of several companies of one name the oldest is meant.
_EMPLOYERS = """
CREATE TEMPORARY TABLE import_employer ON COMMIT DROP AS
SELECT wanted.match_key, coalesce(found.party_id, k.new_id) AS party_id,
       found.party_id IS NULL AS is_new, k.new_id
FROM (SELECT DISTINCT s.{column} AS match_key FROM import_write w
      JOIN import_party s ON s.row = w.row WHERE s.{column} IS NOT NULL) wanted
JOIN (SELECT match_key, min(new_id) AS new_id FROM import_company GROUP BY match_key) k
  ON k.match_key = wanted.match_key
LEFT JOIN (SELECT match_key, min(party_id) AS party_id FROM import_namesake GROUP BY match_key)
  found ON found.match_key = wanted.match_key
"""
_NEW_PARTY = """
INSERT INTO parties_party (
    id, kind, name, native_name, legal_name, state, value_class, source, language, tags, interests,
    preferences, tax_id, website, external_id, description, industry, size, given_name,
    family_name, salutation, job_title, company_id, owner_id, team_id, created_at, updated_at,
    search, sort_name, phone, email, city, region, country, completeness, as_typed)
"""
_NEW_COMPANIES = f"""
{_NEW_PARTY}
SELECT e.party_id, 'company', k.name, '', '', 'lead', '', 'import', '', '{{}}', '{{}}', '', '', '',
    '', '', '', '', '', '', '', '', NULL, %(owner)s, %(team)s, %(at)s, %(at)s,
    array_to_tsvector(string_to_array(k.search, E'\\x1f')), k.sort_name, '', '', '', '', '',
    k.completeness, '{{}}'
FROM import_employer e JOIN import_company k ON k.new_id = e.new_id WHERE e.is_new
"""  # noqa: S608

_LEFT = """
UPDATE parties_relation r SET ended_on = greatest(%s, r.started_on)
FROM import_write w JOIN import_party s ON s.row = w.row
JOIN import_employer k ON k.match_key = s.company_key
WHERE NOT w.is_new AND r.person_id = w.party_id AND r.company_id <> k.party_id
AND r.ended_on IS NULL
"""
_EMPLOYED = """
INSERT INTO parties_relation (person_id, company_id, role, title)
SELECT w.party_id, k.party_id, 'employee', coalesce(s.job_title, '')
FROM import_write w JOIN import_party s ON s.row = w.row
JOIN import_employer k ON k.match_key = s.company_key
WHERE NOT EXISTS (SELECT 1 FROM parties_relation r
                  WHERE r.person_id = w.party_id AND r.company_id = k.party_id
                  AND r.ended_on IS NULL)
ORDER BY w.row
"""

_TITLES = """
UPDATE parties_relation r SET title = s.job_title
FROM import_write w JOIN import_party s ON s.row = w.row JOIN parties_party p ON p.id = w.party_id
WHERE NOT w.is_new AND s.job_title IS NOT NULL AND r.person_id = p.id
AND r.company_id = p.company_id AND r.ended_on IS NULL AND r.title <> s.job_title
"""

_KNOWN_CONTACTS = """
CREATE TEMPORARY TABLE import_known_contact ON COMMIT DROP AS
SELECT DISTINCT ON (n.row, n.match_key) n.row, n.match_key, q.id AS person_id, n.job_title
FROM import_contact n JOIN import_write w ON w.row = n.row
JOIN parties_party q ON q.company_id = w.party_id AND q.kind = 'person'
     AND q.sort_name = n.sort_name
WHERE NOT w.is_new
ORDER BY n.row, n.match_key, q.id
"""
_CONTACT_TITLES = """
UPDATE parties_party q SET job_title = k.job_title
FROM import_known_contact k
WHERE q.id = k.person_id AND k.job_title <> '' AND q.job_title <> k.job_title
AND q.id IN ({editable})
"""
_CONTACT_RELATION_TITLES = """
UPDATE parties_relation r SET title = k.job_title
FROM import_known_contact k JOIN parties_party q ON q.id = k.person_id
WHERE r.person_id = q.id AND r.company_id = q.company_id AND r.ended_on IS NULL
AND k.job_title <> '' AND r.title <> k.job_title AND q.id IN ({editable})
"""
_NEW_CONTACTS = f"""
{_NEW_PARTY}
SELECT n.new_id, 'person', n.name, '', '', 'lead', '', 'import', '', '{{}}', '{{}}', '', '', '', '',
    '', '', '', n.given_name, n.family_name, n.salutation, n.job_title, w.party_id, c.owner_id, c.team_id,
    %(at)s, %(at)s, array_to_tsvector(string_to_array(n.search, E'\\x1f')), n.sort_name, '', '',
    '', '', '', n.completeness, coalesce(n.as_typed::jsonb, '{{}}')
FROM import_contact n JOIN import_write w ON w.row = n.row JOIN parties_party c ON c.id = w.party_id
WHERE w.is_new OR NOT EXISTS (
    SELECT 1 FROM import_known_contact k WHERE k.row = n.row AND k.match_key = n.match_key)
ORDER BY w.row
"""  # noqa: S608
_NEW_CONTACT_RELATIONS = """
INSERT INTO parties_relation (person_id, company_id, role, title)
SELECT n.new_id, w.party_id, 'employee', n.job_title
FROM import_contact n JOIN import_write w ON w.row = n.row
WHERE w.is_new OR NOT EXISTS (
    SELECT 1 FROM import_known_contact k WHERE k.row = n.row AND k.match_key = n.match_key)
ORDER BY w.row
"""

_WANTED_PARENTS = """
SELECT w.party_id, e.party_id
FROM import_write w JOIN import_party s ON s.row = w.row
JOIN import_employer e ON e.match_key = s.parent_key
JOIN parties_party p ON p.id = w.party_id
WHERE p.parent_id IS DISTINCT FROM e.party_id ORDER BY w.row
"""
_ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM parties_party WHERE id = ANY(%s)
    UNION SELECT p.id, p.parent_id FROM parties_party p JOIN above ON p.id = above.parent_id
)
SELECT id, parent_id FROM above WHERE parent_id IS NOT NULL
"""
_PARENTS = """
UPDATE parties_party p SET parent_id = wanted.parent_id
FROM unnest(%s::bigint[], %s::bigint[]) AS wanted(id, parent_id) WHERE p.id = wanted.id
"""


def resolve_companies(cursor: Any, actor: User, place: dict[str, Any], column: str) -> None:
    """Fill `import_employer` with the companies a column names; make those nobody knows yet.

    Only companies the actor may see are recognised.
    """
    links.name_by_number(cursor, actor, column)
    for table in ("import_namesake", "import_employer"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    rows = Company.objects.visible_to(actor).order_by().values("pk")
    sql, params = rows.query.sql_with_params()
    cursor.execute(_FOUND.format(visible=sql), params)
    drop_false_friends(cursor, _SUSPECTS, "import_namesake")
    cursor.execute(_EMPLOYERS.format(column=column))
    links.add_employers(cursor, column)
    cursor.execute("ANALYZE import_employer")
    cursor.execute(_NEW_COMPANIES, place)


def write_relations(cursor: Any, kind: str) -> None:
    """People work in the companies their rows name, and nowhere else from then on."""
    if kind == "person":
        cursor.execute(_LEFT, [now().date()])
        cursor.execute(_EMPLOYED)
        cursor.execute(_TITLES)


def known_employers(cursor: Any) -> list[int]:
    """Companies that were known before and now have people."""
    cursor.execute("SELECT party_id FROM import_employer WHERE NOT is_new")
    return [row[0] for row in cursor.fetchall()]


def write_contacts(cursor: Any, actor: User, place: dict[str, Any]) -> None:
    """The contact persons that rows of companies name work there, with their title.

    Somebody the company knows already keeps their title where the actor may not change them.
    """
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_known_contact")
    cursor.execute(_KNOWN_CONTACTS)
    rows = Person.objects.visible_to(actor, "edit").order_by().values("pk")
    sql, params = rows.query.sql_with_params()
    cursor.execute(_CONTACT_TITLES.format(editable=sql), params)
    cursor.execute(_CONTACT_RELATION_TITLES.format(editable=sql), params)
    cursor.execute(_NEW_CONTACTS, place)
    cursor.execute(_NEW_CONTACT_RELATIONS)


def link_parents(cursor: Any, actor: User, place: dict[str, Any]) -> None:
    """Companies belong to the parents their rows name, unless that would close a circle."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM import_party"
        " WHERE parent_key IS NOT NULL OR parent_ref IS NOT NULL)"
    )
    if not cursor.fetchone()[0]:
        return
    cursor.execute(hierarchy.LOCK)
    resolve_companies(cursor, actor, place, "parent_key")
    cursor.execute(_WANTED_PARENTS)
    wanted = cursor.fetchall()
    cursor.execute(_ABOVE, [[pk for pair in wanted for pk in pair]])
    links = without_circles(wanted, dict(cursor.fetchall()))
    cursor.execute(_PARENTS, [list(links), list(links.values())])


def without_circles(wanted: list[tuple[int, int]], above: dict[int, int]) -> dict[int, int]:
    """The wanted links (child, parent) that close no circle with the present ones and each other.

    `above` is each company's present parent and is changed on the way.
    """
    links: dict[int, int] = {}
    for child, parent in wanted:
        at: int | None = parent
        seen: set[int] = set()
        while at is not None and at != child and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at is None:
            links[child] = above[child] = parent
    return links
