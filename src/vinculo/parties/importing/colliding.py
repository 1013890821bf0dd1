"""Staged rows and the rules of collisions: one statement for a rule, whatever the number of rows.

Rows bring their keys along from the workers that read them (`import_collision`). A refusing rule
refuses its rows with the reason; of rules that warn, the report counts the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vinculo.kernel.errors import RowsRefused, _
from vinculo.parties.collisions.comparing import Rule
from vinculo.parties.collisions.finding import FOR_REFUSALS, find
from vinculo.parties.collisions.keeping import TAKE_BESIDE, hold
from vinculo.parties.collisions.refusing import MASKED, SEEN, refuse
from vinculo.parties.collisions.rules import active_rules
from vinculo.parties.derived import facts_of
from vinculo.parties.models import Party
from vinculo.platform.access import rights_of

if TYPE_CHECKING:
    from vinculo.platform.models import User

#: A rule and one of its keys, for each row of the file.
COLLISION = ("row", "rule_id", "key")
REASONS: dict[str, str] = {
    "collides": _("A rule allows only one such record, and it is here already."),
    "collides_masked": _("A rule allows only one such record, and a colleague has it."),
    "collides_before": _(
        "A rule allows only one such record, and an earlier row of the file is it."
    ),
}
WARNED = _("New, but like a record that is here already: rule “%(rule)s”")
CHUNK = 2_000

_HITS = """
INSERT INTO import_hit
SELECT c.row, c.rule_id, k.party_id
FROM import_collision c JOIN import_outcome o ON o.row = c.row
JOIN parties_collisionkey k ON k.rule_id = c.rule_id AND k.key = c.key AND k.party_id <> o.party_id
WHERE c.rule_id = %(rule)s AND o.outcome IN ('created', 'updated')
AND NOT (o.known AND EXISTS (SELECT FROM parties_collisionkey mine
    WHERE mine.rule_id = c.rule_id AND mine.key = c.key AND mine.party_id = o.party_id))
"""
_REFUSE = """
UPDATE import_outcome o SET outcome = 'refused', reason = CASE WHEN h.seen THEN 'collides'
    WHEN %(tells)s THEN 'collides_masked' ELSE 'hidden' END
FROM (SELECT i.row, bool_or(v.party_id IS NOT NULL) AS seen
    FROM import_hit i LEFT JOIN import_hit_seen v ON v.party_id = i.party_id
    WHERE i.rule_id = %(rule)s GROUP BY i.row) h
WHERE o.row = h.row AND o.outcome IN ('created', 'updated')
"""
_REFUSE_REPEATED = """
UPDATE import_outcome o SET outcome = 'refused', reason = 'collides_before'
FROM import_collision c
JOIN (SELECT DISTINCT ON (k.key) k.key, k.row, b.party_id
    FROM import_collision k JOIN import_outcome b ON b.row = k.row
    WHERE k.rule_id = %(rule)s AND b.outcome IN ('created', 'updated')
    ORDER BY k.key, k.row) first ON first.key = c.key
WHERE c.rule_id = %(rule)s AND o.row = c.row AND o.outcome IN ('created', 'updated')
AND o.row > first.row AND o.party_id <> first.party_id
"""
_SUBJECTS = """
SELECT s.row, s.name, s.native_name, s.given_name, s.family_name, s.job_title, s.birthday::text,
    s.tax_id, s.external_id, s.website, s.city, o.party_id,
    ARRAY(SELECT t.value FROM import_point t WHERE t.row = s.row AND t.kind = 'email'),
    ARRAY(SELECT t.value FROM import_point t WHERE t.row = s.row AND t.kind = 'phone')
FROM import_party s JOIN import_outcome o ON o.row = s.row
WHERE o.outcome IN ('created', 'updated') AND s.row > %s ORDER BY s.row LIMIT %s
"""
_COLUMNS = ("name", "native_name", "given_name", "family_name", "job_title", "birthday", "tax_id",
            "external_id", "website", "city")  # fmt: skip
# Of a rule that is not ready yet the job gives places later.
_TAKE = """
INSERT INTO parties_collisionkey (rule_id, key, slot, party_id)
SELECT DISTINCT c.rule_id, c.key, CASE WHEN c.rule_id = ANY(%(promising)s) THEN 0
    ELSE o.party_id END, o.party_id
FROM import_collision c JOIN import_outcome o ON o.row = c.row
WHERE NOT o.known AND o.outcome IN ('created', 'updated') AND c.rule_id = ANY(%(rules)s)
ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""
_LOST = """
SELECT DISTINCT o.party_id, c.rule_id, c.key
FROM import_collision c JOIN import_outcome o ON o.row = c.row
WHERE NOT o.known AND o.outcome IN ('created', 'updated') AND c.rule_id = ANY(%(rules)s)
AND NOT EXISTS (SELECT FROM parties_collisionkey k
    WHERE k.rule_id = c.rule_id AND k.key = c.key AND k.party_id = o.party_id)
"""
# Those a row makes beside its own: its contact, the company it names.
_BESIDE = """
UPDATE import_outcome o SET outcome = 'refused', reason = %(reason)s
WHERE o.outcome IN ('created', 'updated') AND (o.party_id = ANY(%(ids)s)
    OR EXISTS (SELECT FROM import_contact n WHERE n.row = o.row AND n.new_id = ANY(%(ids)s))
    OR EXISTS (SELECT FROM import_party s JOIN import_company k
        ON k.match_key IN (s.company_key, s.parent_key)
        WHERE s.row = o.row AND k.new_id = ANY(%(ids)s)))
"""


def refuse_colliding(cursor: Any, actor: User, kind: str) -> None:
    """Refuse the rows that a rule does not let be beside a record, or an earlier row."""
    rules = [rule for rule in active_rules(kind) if rule.promises]
    if not rules:
        return
    _ready_tables(cursor)
    for rule in rules:
        cursor.execute(_HITS, {"rule": rule.pk})
        if any(arm.fuzzy for arm in rule.arms):
            _find_similar(cursor, rule)
    _see(cursor, actor, kind)
    for rule in rules:
        place = {"rule": rule.pk, "tells": rule.tells}
        cursor.execute(_REFUSE, place)
        cursor.execute(_REFUSE_REPEATED, place)


def _ready_tables(cursor: Any) -> None:
    cursor.execute(
        "CREATE INDEX IF NOT EXISTS import_collision_key ON import_collision (rule_id, key)"
    )
    cursor.execute("ANALYZE import_collision")
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_hit")
    cursor.execute(
        "CREATE TEMPORARY TABLE import_hit (row bigint, rule_id bigint, party_id bigint)"
        " ON COMMIT DROP"
    )


def _see(cursor: Any, actor: User, kind: str) -> None:
    """Which of the parties that were hit the actor may know by name: through the one door."""
    from django.db.models.expressions import RawSQL

    named = rights_of(actor).field_rule(f"parties.{kind}", "name") != "hidden"
    hit = RawSQL("SELECT party_id FROM import_hit", ())
    rows = Party.objects.filter(pk__in=hit) if named else Party.objects.none()
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_hit_seen")
    cursor.execute("CREATE TEMPORARY TABLE import_hit_seen (party_id bigint) ON COMMIT DROP")
    if named:
        seen = rows.visible_to(actor).order_by().values("pk")
        sql, params = seen.query.sql_with_params()
        cursor.execute(f"INSERT INTO import_hit_seen {sql}", params)


def _find_similar(cursor: Any, rule: Rule) -> None:
    """Likeness is judged here, some thousand rows at a time."""
    fuzzy = replace(rule, arms=tuple(arm for arm in rule.arms if arm.fuzzy))
    after = -1
    while True:
        cursor.execute(_SUBJECTS, [after, CHUNK])
        rows = cursor.fetchall()
        if not rows:
            return
        subjects, own = {}, {}
        for row, *texts, party_id, emails, phones in rows:
            found = {name: (text,) for name, text in zip(_COLUMNS, texts, strict=True) if text}
            subjects[row] = {**found, "email": tuple(emails), "phone": tuple(phones)}
            own[row] = party_id
        hits = find([fuzzy], rule.kind, subjects, most=FOR_REFUSALS, besides=own)
        lines = [(row, rule.pk, hit.party_id) for row, some in hits.items() for hit in some]
        if lines:
            columns = [list(column) for column in zip(*lines, strict=True)]
            cursor.execute(
                "INSERT INTO import_hit SELECT * FROM unnest(%s::bigint[], %s::bigint[],"
                " %s::bigint[])",
                columns,
            )
        after = rows[-1][0]


def take_keys(cursor: Any, kind: str) -> None:
    """New parties take the keys of their rows; RowsRefused when somebody was faster."""
    rules = [rule for rule in active_rules(kind) if rule.keyed]
    similar = [rule for rule in rules if rule.promises and any(arm.fuzzy for arm in rule.arms)]
    if similar:
        cursor.execute(
            "SELECT DISTINCT party_id FROM import_outcome"
            " WHERE NOT known AND outcome IN ('created', 'updated') ORDER BY party_id"
        )
        hold_all([row[0] for row in cursor.fetchall()])
    elif rules:
        promising = [rule.pk for rule in rules if rule.promises]
        place = {"rules": [rule.pk for rule in rules], "promising": promising}
        cursor.execute(_TAKE, place)
        cursor.execute(_LOST, place)
        _settle_lost(cursor, cursor.fetchall(), set(promising))


def _settle_lost(cursor: Any, lost: Sequence[tuple[int, int, UUID]], promising: set[int]) -> None:
    late = {party_id for party_id, rule_id, _key in lost if rule_id in promising}
    if late:
        refuse({party_id: [] for party_id in late})
    if lost:
        cursor.execute(TAKE_BESIDE, [list(column) for column in zip(*lost, strict=True)])


def take_keys_beside(cursor: Any, kind: str) -> None:
    """So do the parties that rows only name: contacts of companies, employers, parents."""
    other = "person" if kind == "company" else "company"
    if any(rule.keyed for rule in active_rules(other)) and kind == "company":
        cursor.execute(
            "SELECT n.new_id FROM import_contact n JOIN parties_party p ON p.id = n.new_id"
        )
        hold_all([row[0] for row in cursor.fetchall()])
    if any(rule.keyed for rule in active_rules("company")):
        cursor.execute(
            "SELECT k.new_id FROM import_company k JOIN parties_party p ON p.id = k.new_id"
        )
        hold_all([row[0] for row in cursor.fetchall()])


def hold_all(ids: Sequence[int]) -> None:
    """Take the keys of these parties, some thousand at a time."""
    for start in range(0, len(ids), CHUNK):
        hold(facts_of(ids[start : start + CHUNK]))


def leave_out(cursor: Any, refused: RowsRefused) -> bool:
    """Refuse the rows of what could not be written; whether that was any row's."""
    by_reason: dict[str, list[int]] = {}
    for party_id, why in refused.rows.items():
        reason = {SEEN: "collides", MASKED: "collides_masked"}.get(why.message, "hidden")
        by_reason.setdefault(reason, []).append(party_id)
    changed = 0
    for reason, ids in by_reason.items():
        cursor.execute(_BESIDE, {"reason": reason, "ids": ids})
        changed += cursor.rowcount
    return changed > 0


# --- rules that warn ------------------------------------------------------------------------------

_SAME_NAME = "p.sort_name = s.sort_name AND lower(p.name) = lower(s.name)"
#: What each condition asks of a row (s) and a party (p). What no index of the parties leads to, and
#: likeness, is not looked for while a file comes in: `Find duplicates` does that afterwards.
_ASKED: dict[tuple[str, str], str] = {
    ("name", "folded"): _SAME_NAME,
    ("name", "exact"): f"{_SAME_NAME} AND p.name = s.name",
    ("name_city", "folded"): f"{_SAME_NAME} AND s.city <> '' AND lower(p.city) = lower(s.city)",
    ("tax_id", "tax"): "p.tax_id = s.tax_id AND s.tax_id <> ''",
    ("tax_id", "exact"): "p.tax_id = s.tax_id AND s.tax_id <> ''",
    ("external_id", "exact"): "p.external_id = s.external_id AND s.external_id <> ''",
    ("external_id", "folded"): "p.external_id = s.external_id AND s.external_id <> ''",
    ("birthday", "exact"): "p.birthday = s.birthday",
    ("city", "folded"): "s.city <> '' AND lower(p.city) = lower(s.city)",
    ("city", "exact"): "s.city <> '' AND p.city = s.city",
}
_POINT = """
JOIN import_point t{n} ON t{n}.row = s.row AND t{n}.kind = '{kind}' AND t{n}.value <> ''
JOIN parties_contactpoint c{n} ON c{n}.kind = t{n}.kind AND c{n}.value = t{n}.value
    AND c{n}.party_id = p.id
"""
_LEADS = frozenset({"name", "name_city", "tax_id", "external_id", "email", "phone"})
_ARM = """
SELECT s.row, p.id FROM import_party s JOIN parties_party p ON p.kind = %(kind)s AND {where} {points}
"""
_BY_KEY = """
SELECT c.row, k.party_id FROM import_collision c
JOIN parties_collisionkey k ON k.rule_id = c.rule_id AND k.key = c.key WHERE c.rule_id = %(rule)s
"""
_COUNT = """
SELECT count(DISTINCT h.row) FROM ({arms}) h(row, id) JOIN import_outcome o ON o.row = h.row
WHERE o.outcome = 'created' AND h.id <> o.party_id {seen}
"""


def warned(cursor: Any, actor: User, kind: str) -> Iterator[tuple[str, dict[str, Any], int]]:
    """How many new rows each rule warns of: sentence, parameters, rows."""
    for rule in active_rules(kind):
        if rule.promises:
            continue
        arms = (
            [_BY_KEY] if rule.keyed else [sql for arm in rule.arms if (sql := _arm(arm.conditions))]
        )
        if not arms:
            continue
        seen, params = ("", ()) if rule.tells else _only_seen(actor)
        sql = _COUNT.format(arms=" UNION ".join(arms), seen=seen)
        cursor.execute(sql, {"kind": kind, "rule": rule.pk, **dict(params)})
        rows = cursor.fetchone()[0]
        if rows:
            yield WARNED, {"rule": rule.title}, rows


def _arm(conditions: Iterable[Any]) -> str:
    """SQL: the rows and parties that meet all conditions; "" where that is not looked for."""
    where, points, leads = [], [], False
    for number, one in enumerate(conditions):
        leads = leads or one.field in _LEADS
        if one.field in ("email", "phone") and one.how != "domain":
            points.append(_POINT.format(n=number, kind=one.field))
        elif asked := _ASKED.get((one.field, one.how)):
            where.append(asked)
        else:
            return ""
    return (
        _ARM.format(where=" AND ".join(where) or "true", points=" ".join(points)) if leads else ""
    )


def _only_seen(actor: User) -> tuple[str, Sequence[tuple[str, Any]]]:
    """SQL: of a rule that says nothing of what is not theirs to see, only what is."""
    sql, params = Party.objects.visible_to(actor).order_by().values("pk").query.sql_with_params()
    named = {f"seen_{place}": value for place, value in enumerate(params)}
    return f"AND h.id IN ({sql % tuple(f'%({name})s' for name in named)})", tuple(named.items())
