"""A formula as SQL: one expression over the columns of a row, so that lists can filter, sort, group
and add it up.

What empty values do: reckoning with one gives an empty value, a comparison with one does not hold
(and `!=` is the opposite of `=`), `min` and `max` pass over them, an empty text is one without
letters. What divides by zero is empty, and so is a day outside the years 1 to 9999 and a result of
more than 18 digits before the point.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.expressions import Func, Value

from vinculo.records.computed.formulas.checking import Step
from vinculo.records.computed.formulas.types import What

#: Texts that come out are cut here, like those that are typed: an index holds no longer ones.
LONGEST_TEXT = 500
#: Digits after the point that a division is reckoned to.
DIVIDED = 10
OUTPUTS: dict[What, "models.Field[Any, Any]"] = {
    What.NUMBER: models.DecimalField(max_digits=60, decimal_places=10),
    What.MONEY: models.DecimalField(max_digits=60, decimal_places=10),
    What.TEXT: models.TextField(),
    What.CHOICE: models.TextField(),
    What.DATE: models.DateField(),
    What.MOMENT: models.DateTimeField(),
    What.TRUTH: models.BooleanField(),
}
CASTS = {What.NUMBER: "numeric", What.MONEY: "numeric", What.TEXT: "text", What.CHOICE: "text",
         What.DATE: "date", What.MOMENT: "timestamptz", What.TRUTH: "boolean"}  # fmt: skip
#: Pieces of SQL and, between them, expressions that Django writes.
Parts = tuple[Any, ...]


class Written(Func):
    """SQL in pieces, with expressions between them: flat, however deep the formula is."""

    def __init__(self, parts: Parts, output_field: "models.Field[Any, Any]") -> None:
        self.pieces = [one if isinstance(one, str) else None for one in parts]
        super().__init__(
            *(one for one in parts if not isinstance(one, str)), output_field=output_field
        )

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The pieces, one after another."""
        sources, sql, params = iter(self.source_expressions), [], []
        for piece in self.pieces:
            if piece is not None:
                sql.append(piece.replace("%", "%%"))
                continue
            text, values = compiler.compile(next(sources))
            sql.append(text)
            params += values
        return "".join(sql), params


@dataclass(frozen=True)
class Row:
    """What a formula is written over: how it reaches a field (SQL of the field's own type), which
    day it is for the reader (SQL, too), and the reader's time zone."""

    field: Callable[[str], Parts]
    today: Parts
    zone: str


def written(step: Step, row: Row) -> Parts:
    """The SQL of a formula."""
    return _WRITERS[step.does](step, row)


def rounded(parts: Parts, what: What, decimals: int) -> Parts:
    """What comes out of a formula as the field shows it: rounded, a text cut."""
    if what in (What.NUMBER, What.MONEY):
        return ("vinculo_figure(", *parts, f", {int(decimals)})")
    if what is What.TEXT:
        return ("left(", *parts, f", {LONGEST_TEXT})")
    return parts


def nothing(what: What) -> Parts:
    """An empty value."""
    if what is What.TEXT:
        return ("''::text",)
    return ("false",) if what is What.TRUTH else (f"NULL::{CASTS[what]}",)


def _literal(cast: str) -> Callable[[Step, Row], Parts]:
    return lambda step, row: ("(", Value(step.value), f")::{cast}")


def _template(template: str) -> Callable[[Step, Row], Parts]:
    """A writer that puts its values into a template: `{0}`, `{1}`, `{zone}`."""
    pieces = re.split(r"\{(\w+)\}", template)

    def write(step: Step, row: Row) -> Parts:
        parts: list[Any] = []
        for place, piece in enumerate(pieces):
            if place % 2 == 0:
                parts.append(piece)
            elif piece == "zone":
                parts += ["(", Value(row.zone), ")::text"]
            else:
                parts += written(step.args[int(piece)], row)
        return tuple(parts)

    return write


def _listed(before: str, between: str, after: str) -> Callable[[Step, Row], Parts]:
    def write(step: Step, row: Row) -> Parts:
        parts: list[Any] = [before]
        for place, one in enumerate(step.args):
            parts += [between if place else "", *written(one, row)]
        return (*parts, after)

    return write


def _if(step: Step, row: Row) -> Parts:
    condition, then, *otherwise = step.args
    last = written(otherwise[0], row) if otherwise else nothing(step.type.what)
    return (
        "(CASE WHEN ", *written(condition, row), " THEN ", *written(then, row),
        " ELSE ", *last, " END)",
    )  # fmt: skip


def _if_empty(step: Step, row: Row) -> Parts:
    first, second = (written(one, row) for one in step.args)
    if step.type.what in (What.TEXT, What.CHOICE):
        return ("coalesce(nullif(", *first, ", ''), ", *second, ")")
    return ("coalesce(", *first, ", ", *second, ")")


def _is_empty(step: Step, row: Row) -> Parts:
    inner, what = written(step.args[0], row), step.args[0].type.what
    if what in (What.TEXT, What.CHOICE):
        return ("(", *inner, " = '')")
    if what is What.LIST:
        return ("(cardinality(", *inner, ") = 0)")
    return ("(", *inner, " IS NULL)")


def _words(step: Step, row: Row) -> Parts:
    """A value as words: numbers without needless zeros, days in ISO form, moments in the reader's
    time zone."""
    inner, what = written(step.args[0], row), step.args[0].type.what
    if what in (What.NUMBER, What.MONEY):
        return ("coalesce(trim_scale(", *inner, ")::text, '')")
    if what is What.CHOICE:
        return inner
    if what is What.DATE:
        return ("coalesce(to_char(", *inner, ", 'YYYY-MM-DD'), '')")
    return (
        "coalesce(to_char(", *inner, " AT TIME ZONE (", Value(row.zone), ")::text, ",
        "'YYYY-MM-DD HH24:MI'), '')",
    )  # fmt: skip


def _round(step: Step, row: Row) -> Parts:
    return ("round(", *written(step.args[0], row), f", {int(step.value)})")


COUNTED = "greatest(0, least(coalesce(trunc({1}), 0), 10000))::int"
_WRITERS: dict[str, Callable[[Step, Row], Parts]] = {
    "number": _literal("numeric"), "text": _literal("text"),
    "truth": lambda step, row: ("true" if step.value else "false",),
    "field": lambda step, row: row.field(step.value),
    "today": lambda step, row: row.today,
    "+": _template("({0} + {1})"), "-": _template("({0} - {1})"), "*": _template("({0} * {1})"),
    "/": _template("round(round({0}, 30) / nullif({1}, 0), " + str(DIVIDED) + ")"),
    "negative": _template("(- {0})"), "abs": _template("abs({0})"), "round": _round,
    "and": _template("({0} AND {1})"), "or": _template("({0} OR {1})"), "not": _template("(NOT {0})"),
    "=": _template("coalesce({0} = {1}, false)"), "!=": _template("(NOT coalesce({0} = {1}, false))"),
    **{sign: _template(f"coalesce({{0}} {sign} {{1}}, false)") for sign in ("<", "<=", ">", ">=")},
    "if": _if, "if_empty": _if_empty, "is_empty": _is_empty,
    "min": _listed("least(", ", ", ")"), "max": _listed("greatest(", ", ", ")"),
    "&": _listed("(", " || ", ")"), "words": _words, "key": _template("{0}"),
    "upper": _template("upper({0})"), "lower": _template("lower({0})"),
    "trim": _template("btrim({0})"), "length": _template("length({0})::numeric"),
    "left": _template("left({0}, " + COUNTED + ")"), "right": _template("right({0}, " + COUNTED + ")"),
    "contains": _template("(strpos(lower({0}), lower({1})) > 0)"),
    "has": _template("({1} = ANY({0}))"), "count_of": _template("cardinality({0})::numeric"),
    "date": _template("({0} AT TIME ZONE {zone})::date"), "date_of": _template("{0}"),
    "year": _template("extract(year FROM {0})"), "month": _template("extract(month FROM {0})"),
    "day": _template("extract(day FROM {0})"),
    "days_between": _template("({1} - {0})::numeric"), "add_days": _template("vinculo_add_days({0}, {1})"),
}  # fmt: skip
