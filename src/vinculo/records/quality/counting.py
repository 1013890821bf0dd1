"""Counting by set: how many rows there are and how many are amiss, in all and for each group.

Two statements for a record type, however many measures and groups: one that looks at each row once,
and one for the checks that look into other tables, each of which is a join of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from vinculo.platform.plans import planned_anew
from vinculo.records.fields import Field, Kind
from vinculo.records.quality import origins
from vinculo.records.quality.checks import declared_for
from vinculo.records.quality.measures import Measure

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: The group of all rows.
ALL = ("", "")


@dataclass
class Tally:
    """So many rows, and measure → how many of them are amiss."""

    records: int = 0
    counts: dict[str, int] = field(default_factory=dict)


Tallies = dict[tuple[str, str], Tally]


def groups_of(entity: "Entity", reader: "User | None" = None) -> list[str]:
    """By what figures are broken down: fields of the record, or where it came from."""
    names = ["owner", *declared_for(entity.key).by]
    seen = set(entity.all_fields) if reader is None else {f.name for f in entity.fields_for(reader)}
    return [*(name for name in names if name in seen), origins.NAME]


@planned_anew()
def tally(
    entity: "Entity", rows: Any, measures: Iterable[Measure], by: Sequence[str] = ()
) -> Tallies:
    """The figures of `rows`: under ALL, and under (group, value) for each value of each group."""
    measures = list(measures)
    narrow = [one for one in measures if not one.wide]
    found = _at_a_look(entity, rows, narrow, by)
    for one in measures:
        for told in found.values():
            told.counts.setdefault(one.name, 0)
    wide = [one for one in measures if one.wide]
    if wide:
        _by_joins(entity, rows, wide, by, found)
    return found


AT_A_LOOK = """
SELECT {heads} count(*) {counted} FROM ({rows}) AS base ({names}) {joined}
GROUP BY GROUPING SETS ({sets})
"""
BY_JOINS = """
WITH base ({names}) AS ({rows}), amiss (measure, id) AS ({parts})
SELECT {heads} amiss.measure, count(*) FROM amiss JOIN base ON base.c0 = amiss.id {joined}
GROUP BY GROUPING SETS ({sets})
"""
ONE_JOIN = "SELECT {number}, one.id FROM ({rows}) AS one (id)"
BORN = "LEFT JOIN ({rows}) AS born (id, origin) ON born.id = base.c0"


def _at_a_look(entity: "Entity", rows: Any, measures: list[Measure], by: Sequence[str]) -> Tallies:
    columns = _columns(entity, by)
    flags = {f"quality_{at}": one.where for at, one in enumerate(measures)}
    sql, params = _compiled(rows.annotate(**flags).values_list("pk", *columns, *flags))
    joined, more = _join_with_origins(entity, by)
    first = 1 + len(columns)
    width = first + len(measures)
    statement = AT_A_LOOK.format(
        heads=_heads(by),
        counted="".join(f", count(*) FILTER (WHERE base.c{at})" for at in range(first, width)),
        rows=sql,
        names=_names(width),
        joined=joined,
        sets=", ".join(f"({one})" for one in ("", *_expressions(by))),
    )
    found: Tallies = {ALL: Tally()}
    for bits, value, records, *numbers in _run(statement, [*params, *more]):
        counts = {one.name: number for one, number in zip(measures, numbers, strict=True)}
        found[_key(by, bits, value)] = Tally(records, counts)
    return found


def _by_joins(
    entity: "Entity", rows: Any, measures: list[Measure], by: Sequence[str], found: Tallies
) -> None:
    columns = _columns(entity, by)
    sql, params = _compiled(rows.values_list("pk", *columns))
    parts = []
    for number, one in enumerate(measures):
        part, values = _compiled(rows.filter(one.where).values_list("pk"))
        parts.append(ONE_JOIN.format(number=number, rows=part))
        params += values
    joined, more = _join_with_origins(entity, by)
    statement = BY_JOINS.format(
        heads=_heads(by),
        rows=sql,
        names=_names(1 + len(columns)),
        parts=" UNION ALL ".join(parts),
        joined=joined,
        sets=", ".join(
            f"({', '.join(['amiss.measure', *one])})"
            for one in ([], *([e] for e in _expressions(by)))
        ),
    )
    for bits, value, number, records in _run(statement, [*params, *more]):
        told = found.setdefault(_key(by, bits, value), Tally())
        told.counts[measures[number].name] = records


def _columns(entity: "Entity", by: Sequence[str]) -> list[str]:
    """The columns of the record that its groups are made by."""
    return [entity.all_fields[name].id_column for name in by if name != origins.NAME]


def _join_with_origins(entity: "Entity", by: Sequence[str]) -> tuple[str, list[Any]]:
    """The join that brings where a record came from."""
    if origins.NAME not in by:
        return "", []
    sql, params = _compiled(origins.with_origins(entity))
    return BORN.format(rows=sql), params


def _expressions(by: Sequence[str]) -> list[str]:
    found, at = [], 0
    for name in by:
        if name == origins.NAME:
            found.append(f"coalesce(born.origin, '{origins.OTHER}')")
        else:
            at += 1
            found.append(f"base.c{at}::text")
    return found


def _heads(by: Sequence[str]) -> str:
    """Which group a line is of (a number of bits, all set for the whole), and its value."""
    told = _expressions(by)
    if not told:
        return "0, '',"
    return f"GROUPING({', '.join(told)}), coalesce({', '.join(told)}, ''),"


def _key(by: Sequence[str], bits: int, value: str) -> tuple[str, str]:
    """The group of a line: PostgreSQL sets the bit of each expression that it is not grouped by."""
    for at, name in enumerate(reversed(by)):
        if not bits >> at & 1:
            return (name, value)
    return ALL


def _names(width: int) -> str:
    return ", ".join(f"c{at}" for at in range(width))


def _compiled(rows: Any) -> tuple[str, list[Any]]:
    sql, params = rows.order_by().query.sql_with_params()
    return sql, list(params)


def _run(statement: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def value_filter(by: Field, value: str) -> tuple[str, str]:
    """The filter of a list for one value of a group, as an address has it."""
    if by.asks is not None:
        return f"{by.name}.in", value
    if value == "":
        return f"{by.name}.empty", "1"
    return (f"{by.name}.is", value) if by.kind is not Kind.CHOICE else (f"{by.name}.in", value)
