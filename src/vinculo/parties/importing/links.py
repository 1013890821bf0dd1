"""Rows that name a company by its number in the program they come from: contacts of accounts.

Such a number never makes a company: the companies' file goes first. A row whose company is not
there would become an orphan and is refused, unless it names the company in words as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vinculo.parties.models import Company

if TYPE_CHECKING:
    from vinculo.platform.models import User

#: Which staged number goes with which staged name.
NUMBERS = {"company_key": "company_ref", "parent_key": "parent_ref"}
#: Stands before a number among the keys of names; no folded name contains it.
MARK = "chr(31)"

_KNOWN = """
CREATE TEMPORARY TABLE import_link ON COMMIT DROP AS
SELECT p.external_id AS ref, min(p.id) AS party_id FROM parties_party p
WHERE p.kind = 'company' AND p.external_id <> ''
AND p.external_id IN (SELECT {column} FROM import_party WHERE {column} IS NOT NULL)
AND p.id IN ({visible}) GROUP BY p.external_id
"""
_ORPHANS = """
CREATE TEMPORARY TABLE import_orphan ON COMMIT DROP AS
SELECT s.row FROM import_party s
WHERE s.{column} IS NOT NULL AND s.{name} IS NULL
AND NOT EXISTS (SELECT 1 FROM import_link k WHERE k.ref = s.{column})
AND NOT (%s AND EXISTS (SELECT 1 FROM import_party o WHERE o.external_id = s.{column}))
"""
_BY_NUMBER = f"""
UPDATE import_party s SET {{name}} = {MARK} || s.{{column}}
WHERE EXISTS (SELECT 1 FROM import_link k WHERE k.ref = s.{{column}})
"""  # noqa: S608
_EMPLOYERS = f"""
INSERT INTO import_employer (match_key, party_id, is_new, new_id)
SELECT {MARK} || ref, party_id, false, NULL FROM import_link
WHERE {MARK} || ref IN (SELECT s.{{name}} FROM import_write w JOIN import_party s ON s.row = w.row)
"""  # noqa: S608
_LINKED = """
SELECT w.party_id FROM import_write w JOIN import_party s ON s.row = w.row
JOIN import_link k ON k.ref = s.company_ref
"""


def find_orphans(cursor: Any, actor: User, kind: str, *, lenient: bool) -> None:
    """Fill `import_orphan` with the rows whose company the actor cannot mean; none if lenient."""
    name = "company_key" if kind == "person" else "parent_key"
    _look_up(cursor, actor, NUMBERS[name])
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_orphan")
    # A parent may stand in the same file as its subsidiary.
    cursor.execute(_ORPHANS.format(column=NUMBERS[name], name=name), [kind == "company"])
    if lenient:
        cursor.execute("DELETE FROM import_orphan")


def _look_up(cursor: Any, actor: User, column: str) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_link")
    rows = Company.objects.visible_to(actor).order_by().values("pk")
    sql, params = rows.query.sql_with_params()
    cursor.execute(_KNOWN.format(column=column, visible=sql), params)


def name_by_number(cursor: Any, actor: User, name: str) -> None:
    """Let the rows' numbers stand where names do, as far as the actor sees such a company."""
    _look_up(cursor, actor, NUMBERS[name])
    cursor.execute(_BY_NUMBER.format(column=NUMBERS[name], name=name))


def add_employers(cursor: Any, name: str) -> None:
    """Put the companies that rows which are written mean by number among the employers."""
    cursor.execute(_EMPLOYERS.format(name=name))


def linked_people(cursor: Any) -> list[int]:
    """People whose rows mean their company by number: they are found by its name, too."""
    cursor.execute(_LINKED)
    return [row[0] for row in cursor.fetchall()]
