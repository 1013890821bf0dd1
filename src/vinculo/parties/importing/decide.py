"""What becomes of each staged row: created, updated, skipped or refused, and why.

Nothing is written here, so a dry run and the real run decide by the same statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vinculo.kernel.errors import _
from vinculo.kernel.text import fold
from vinculo.parties.importing import colliding, elsewhere
from vinculo.parties.importing.links import find_orphans
from vinculo.parties.importing.rows import OF_COMPANY
from vinculo.parties.models import Party
from vinculo.parties.portraits.importing import find_first_pictures
from vinculo.platform.access import Scope, rights_of

if TYPE_CHECKING:
    from vinculo.platform.models import User

REASONS: dict[str, str] = {
    # The same words whatever is behind it: a refusal must not tell what the user may not know.
    "hidden": _("The row cannot be imported. Ask an administrator."),
    "ambiguous": _("Several records match this row. Choose another field to recognise them by."),
    "readonly": _("You may see the matching record but not change it."),
    "exists": _("There is such a record already."),
    "unknown": _("No record matches this row."),
    "repeated": _("An earlier row of the file is the same record."),
    "same": _("Nothing to change: the record says the same already."),
    "orphan": _("The company this row belongs to is not here. Import the companies first."),
    "nameless": _("The row has no name."),
    "of_company": OF_COMPANY,
    "owner": _("You may not give records to this colleague."),
    **elsewhere.REASONS,
    **colliding.REASONS,
}

_MATCH_BY_COLUMN = """
    SELECT s.row, p.id AS party_id FROM import_party s
    JOIN parties_party p ON p.{column} = s.match_key AND p.{column} <> ''
    WHERE p.kind = %(kind)s AND s.match_key IS NOT NULL
"""
_MATCH_BY_POINT = """
    SELECT s.row, p.id AS party_id FROM import_party s
    JOIN parties_contactpoint c ON c.kind = %(key)s AND c.value = s.match_key AND c.value <> ''
    JOIN parties_party p ON p.id = c.party_id
    WHERE p.kind = %(kind)s AND s.match_key IS NOT NULL
"""
_MATCH_BY_NAME = """
    SELECT s.row, p.id AS party_id FROM import_party s
    JOIN parties_party p ON p.kind = %(kind)s AND p.sort_name = s.sort_name
    WHERE s.match_key IS NOT NULL
"""
_NO_MATCH = "SELECT NULL::bigint AS row, NULL::bigint AS party_id WHERE false"

# Names that sort alike need not be the same (上海 and 伤害 do): each pair is compared in full.
_SUSPECTS = """
    SELECT m.ctid::text, p.name, s.match_key FROM import_match m
    JOIN import_party s ON s.row = m.row JOIN parties_party p ON p.id = m.party_id
    WHERE lower(p.name) <> lower(s.name)
"""

_OUTCOME = """
CREATE TEMPORARY TABLE import_outcome ON COMMIT DROP AS
WITH hits AS (
    SELECT m.row, min(m.party_id) FILTER (WHERE r.seen) AS party_id,
           count(DISTINCT m.party_id) FILTER (WHERE r.seen) AS seen,
           count(*) AS matches, bool_and(r.editable) FILTER (WHERE r.seen) AS editable
    FROM import_match m JOIN import_reach r USING (party_id) GROUP BY m.row
), judged AS (
    SELECT s.row, s.match_key, s.new_id, h.party_id, CASE
        WHEN h.matches > 0 AND h.seen = 0 THEN 'hidden'
        WHEN h.seen > 1 THEN 'ambiguous'
        WHEN h.party_id IS NULL AND %(mode)s <> 'update' AND NOT ({add_reach}) THEN 'owner'
        WHEN h.party_id IS NULL AND %(mode)s <> 'update'
            AND NOT bool_or(s.name IS NOT NULL AND ({add_reach})) OVER (
                PARTITION BY s.match_key, CASE WHEN s.match_key IS NULL THEN s.row END)
            THEN CASE WHEN %(kind)s = 'person' AND s.company_key IS NOT NULL
                THEN 'of_company' ELSE 'nameless' END
        WHEN EXISTS (SELECT 1 FROM import_orphan a WHERE a.row = s.row) THEN 'orphan'
        WHEN h.party_id IS NOT NULL AND %(mode)s <> 'create' AND NOT h.editable THEN 'readonly'
        WHEN h.party_id IS NOT NULL AND %(mode)s <> 'create' AND NOT ({edit_reach}) THEN 'owner'
    END AS refusal
    FROM import_party s LEFT JOIN hits h ON h.row = s.row
), grouped AS (
    SELECT *, min(row) OVER same AS first_row,
           first_value(new_id) OVER (same ORDER BY row) AS first_new_id
    FROM judged
    WINDOW same AS (PARTITION BY party_id, CASE WHEN party_id IS NULL THEN match_key END, CASE
        WHEN refusal IS NOT NULL OR (party_id IS NULL AND match_key IS NULL) THEN row END)
), decided AS (
    SELECT row, first_row, coalesce(party_id, first_new_id) AS party_id,
           party_id IS NOT NULL AS known, refusal, CASE
        WHEN party_id IS NOT NULL AND %(mode)s = 'create' THEN 'exists'
        WHEN party_id IS NULL AND %(mode)s = 'update' THEN 'unknown'
        WHEN party_id IS NULL AND %(mode)s = 'create' AND row > first_row THEN 'repeated'
    END AS skipped
    FROM grouped
)
SELECT row, first_row, party_id, known, coalesce(refusal, skipped) AS reason, CASE
    WHEN refusal IS NOT NULL THEN 'refused'
    WHEN skipped IS NOT NULL THEN 'skipped'
    WHEN known OR row > first_row THEN 'updated'
    ELSE 'created' END AS outcome
FROM decided
"""

_COMPARED = (
    "name", "native_name", "given_name", "family_name", "salutation", "job_title", "value_class", "source", "language",
    "tax_id", "website", "external_id", "description", "industry", "size",
)  # fmt: skip
_SAME = """
UPDATE import_outcome o SET outcome = 'skipped', reason = 'same'
FROM import_party s, parties_party p
WHERE o.outcome = 'updated' AND o.known AND s.row = o.row AND p.id = o.party_id
AND {same_columns}
AND (s.iban IS NULL OR split_part(s.iban, '.', 3) = split_part(p.iban, '.', 3))
AND (s.national_id IS NULL
    OR split_part(s.national_id, '.', 3) = split_part(p.national_id, '.', 3))
AND (s.custom IS NULL OR p.custom || s.custom::jsonb = p.custom)
AND (s.birthday IS NULL OR s.birthday IS NOT DISTINCT FROM p.birthday)
AND (s.owner_id IS NULL OR s.owner_id IS NOT DISTINCT FROM p.owner_id)
AND (s.tags IS NULL OR s.tags::varchar[] <@ p.tags)
AND (s.interests IS NULL OR s.interests::varchar[] <@ p.interests)
AND (s.company_key IS NULL OR EXISTS (
    SELECT 1 FROM import_company k JOIN parties_party e ON e.sort_name = k.sort_name
    WHERE k.match_key = s.company_key AND e.id = p.company_id))
AND (s.parent_key IS NULL OR EXISTS (
    SELECT 1 FROM import_company k JOIN parties_party e ON e.sort_name = k.sort_name
    WHERE k.match_key = s.parent_key AND e.id = p.parent_id))
AND (s.company_ref IS NULL OR EXISTS (SELECT 1 FROM parties_party e
    WHERE e.id = p.company_id AND e.external_id = s.company_ref))
AND (s.parent_ref IS NULL OR EXISTS (SELECT 1 FROM parties_party e
    WHERE e.id = p.parent_id AND e.external_id = s.parent_ref))
AND NOT EXISTS (SELECT 1 FROM import_point t WHERE t.row = s.row AND NOT EXISTS (
    SELECT 1 FROM parties_contactpoint c WHERE c.party_id = p.id AND c.kind = t.kind
    AND (NOT t.is_primary OR c.is_primary) AND CASE t.kind
        WHEN 'address' THEN (t.street IN ('', c.street) AND t.city IN ('', c.city)
             AND t.postal_code IN ('', c.postal_code) AND t.region IN ('', c.region)
             AND t.country IN ('', c.country))
        ELSE c.value = t.value END))
AND NOT EXISTS (SELECT 1 FROM import_contact n WHERE n.row = s.row AND NOT EXISTS (
    SELECT 1 FROM parties_party q WHERE q.company_id = p.id AND q.kind = 'person'
    AND q.sort_name = n.sort_name AND (n.job_title = '' OR n.job_title = q.job_title)))
"""


def decide(
    cursor: Any,
    actor: User,
    kind: str,
    key: str,
    mode: str,
    *,
    lenient: bool = False,
    named: bool = False,
    pictured: bool = False,
) -> None:
    """Fill `import_outcome`: one line per staged row with what becomes of it and why; `named`
    when rows say what other systems call them, `pictured` when they bring pictures."""
    place = {"kind": kind, "key": key, "mode": mode}
    _match(cursor, place)
    _reach(cursor, actor)
    find_orphans(cursor, actor, kind, lenient=lenient)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_outcome")
    entity_key = f"parties.{kind}"
    cursor.execute(
        _OUTCOME.format(
            add_reach=_owner_condition(actor, entity_key, "add", place),
            edit_reach=_owner_condition(actor, entity_key, "edit", place),
        ),
        place,
    )
    cursor.execute("CREATE UNIQUE INDEX ON import_outcome (row)")
    cursor.execute("ANALYZE import_outcome")
    if named:
        elsewhere.refuse_taken(cursor, place)
    colliding.refuse_colliding(cursor, actor, kind)
    if key and mode != "create":
        same = " AND ".join(f"(s.{name} IS NULL OR s.{name} = p.{name})" for name in _COMPARED)
        cursor.execute(_SAME.format(same_columns=same))
        if named:
            elsewhere.find_new_names(cursor, place)
        if pictured:
            find_first_pictures(cursor)


def _match(cursor: Any, place: dict[str, Any]) -> None:
    key = place["key"]
    if key in ("external_id", "tax_id"):
        query = _MATCH_BY_COLUMN.format(column=key)
    elif key in ("email", "phone"):
        query = _MATCH_BY_POINT
    elif key == "elsewhere":
        query = elsewhere.MATCH
    else:
        query = _MATCH_BY_NAME if key == "name" else _NO_MATCH
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_match")
    cursor.execute(f"CREATE TEMPORARY TABLE import_match ON COMMIT DROP AS {query}", place)
    if key == "name":
        drop_false_friends(cursor, _SUSPECTS, "import_match")
    cursor.execute("ANALYZE import_match")


def drop_false_friends(cursor: Any, suspects: str, table: str) -> None:
    """Delete matches whose names only sort alike: (place, name found, folded name wanted)."""
    cursor.execute(suspects)
    false = [place for place, name, wanted in cursor.fetchall() if fold(name) != wanted]
    if false:
        cursor.execute(f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])", [false])  # noqa: S608


def _reach(cursor: Any, actor: User) -> None:
    """Which matched parties the actor may see and change: through the one door."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_reach")
    matched = "SELECT DISTINCT party_id FROM import_match"
    seen, seen_params = _visible_ids(actor, "view")
    editable, editable_params = _visible_ids(actor, "edit")
    cursor.execute(
        f"""CREATE TEMPORARY TABLE import_reach ON COMMIT DROP AS
            SELECT party_id, party_id IN ({seen}) AS seen, party_id IN ({editable}) AS editable
            FROM ({matched}) matched""",  # noqa: S608
        [*seen_params, *editable_params],
    )
    cursor.execute("ANALYZE import_reach")


def _visible_ids(actor: User, verb: str) -> tuple[str, tuple[Any, ...]]:
    from django.db.models.expressions import RawSQL

    matched = RawSQL("SELECT party_id FROM import_match", ())
    rows = Party.objects.filter(pk__in=matched).visible_to(actor, verb)
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    return str(sql), tuple(params)


def _owner_condition(actor: User, entity_key: str, verb: str, place: dict[str, Any]) -> str:
    """SQL: the owner a row names is one whose records the actor reaches with this verb."""
    rights = rights_of(actor)
    scope = rights.scope(entity_key, verb)
    if scope is Scope.ALL:
        return "true"
    if scope is Scope.NONE:
        return "false"
    place["actor"] = actor.pk
    own = "s.owner_id IS NULL OR s.owner_id = %(actor)s"
    if scope is Scope.TEAM:
        place["teams"] = sorted(rights.team_ids)
        own += " OR s.team_id = ANY(%(teams)s)"
    return own
