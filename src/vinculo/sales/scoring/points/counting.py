"""Counting points: one statement for a record type, for all its records or for those just saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection

from vinculo.kernel.errors import DomainError
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User
from vinculo.platform.patience import patience
from vinculo.records.filters import Filter, narrowing, parse_filters
from vinculo.records.registry import entity
from vinculo.sales.scoring.points.known import forget, known
from vinculo.sales.scoring.points.models import PointRule

KEYS = ("sales.deal", "sales.lead")
#: One statement over a million records may take so long.
SECONDS = 600

COUNT = """
UPDATE {table} d SET points = found.points, point_rules = found.rules
FROM (
    SELECT one.id, {total} AS points,
        coalesce(array_agg(hits.rule ORDER BY hits.rule) FILTER (WHERE hits.rule IS NOT NULL), '{{}}')
            AS rules
    FROM {table} one LEFT JOIN ({hits}) AS hits (id, rule, points) ON hits.id = one.id
    {which} GROUP BY one.id
) found
WHERE d.id = found.id AND (d.points, d.point_rules) IS DISTINCT FROM (found.points, found.rules)
"""
HIT = "SELECT rows.id, %s::bigint, %s::integer FROM ({rows}) AS rows (id)"
NO_HITS = "SELECT NULL::bigint, NULL::bigint, NULL::integer WHERE false"
TOTAL, NOTHING = "coalesce(sum(hits.points), 0)", "NULL::integer"


def filters_of(key: str, where: str, user: User) -> list[Filter]:
    """The filters of a rule as `user` may ask them; DomainError where they may not, or where they
    make no sense (any more)."""
    found = parse_filters(entity(key), user, parse_qsl(where, keep_blank_values=True))
    narrowing(found, user)
    return found


def count_points(key: str, ids: Sequence[int] | None = None) -> None:
    """Bring the points of the records `ids` of a type up to date, or those of all its records.

    Where there are no rules, saving a record asks nothing."""
    rules = known().of(key)
    if ids is not None and not rules:
        return
    table = entity(key).model._meta.db_table
    hits, values = [], []
    for author in {one.author for one in rules}:
        author.forget_rights()  # what they may see may be another since the rules were read
    for rule in rules:
        rows = _found_by(key, rule, ids)
        if rows is not None:
            hits.append(HIT.format(rows=rows[0]))
            values += [rule.pk, rule.points, *rows[1]]
    sql = COUNT.format(
        table=table,
        total=TOTAL if rules else NOTHING,
        hits=" UNION ALL ".join(hits) or NO_HITS,
        which="" if ids is None else "WHERE one.id = ANY(%s)",
    )
    with patience(SECONDS), connection.cursor() as cursor:
        cursor.execute(sql, values if ids is None else [*values, list(ids)])


def _found_by(key: str, rule: PointRule, ids: Sequence[int] | None) -> tuple[str, Any] | None:
    """The query of a rule; None for one that can no longer be asked, which gives no points."""
    try:
        conditions = narrowing(filters_of(key, rule.where, rule.author), rule.author)
    except DomainError:
        return None
    rows = entity(key).model._default_manager.filter(*conditions)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    found: tuple[str, Any] = rows.order_by().values("pk").query.sql_with_params()
    return found


def count_again() -> None:
    """The rules are others: this process forgets them, and a worker counts all points anew."""
    forget()
    enqueue(count_all)


@job("sales.count_points", lock="sales.points")
def count_all() -> None:
    """Count the points of all records."""
    forget()
    for key in KEYS:
        count_points(key)


@job("sales.count_points_nightly", every="23 2 * * *", lock="sales.points", retry=1)
def count_nightly() -> None:
    """Each night: what rules ask of related records and of days changes by itself."""
    count_all()
