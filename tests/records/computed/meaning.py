"""What a formula means, said a second time in plain Python: the database must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from vinculo.records.computed.formulas.checking import Step
from vinculo.records.computed.formulas.types import What


@dataclass(frozen=True)
class Reader:
    """Which day it is for the reader, and where they are."""

    today: date
    zone: ZoneInfo


def meaning(step: Step, row: Mapping[str, Any], reader: Reader) -> Any:
    """The value of a formula over a row: None is empty."""
    with localcontext(Context(prec=200)):
        return _value(step, row, reader)


def half_up(number: Decimal, places: int) -> Decimal:
    """Rounded as people round."""
    with localcontext(Context(prec=200)):
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _value(step: Step, row: Mapping[str, Any], reader: Reader) -> Any:
    if step.does in ("number", "text", "truth"):
        return step.value
    if step.does == "field":
        return row[step.value]
    if step.does == "today":
        return reader.today
    args = [_value(one, row, reader) for one in step.args]
    if step.does == "if":
        chosen = args[1] if args[0] else args[2] if len(args) > 2 else None
        return "" if chosen is None and step.type.what is What.TEXT else chosen
    if step.does == "if_empty":
        return args[1] if args[0] in (None, "") else args[0]
    if step.does == "is_empty":
        return args[0] in (None, "", [])
    if step.does in ("min", "max"):
        told = [one for one in args if one is not None]
        return (min if step.does == "min" else max)(told) if told else None
    if step.does in LOGIC:
        return LOGIC[step.does](args)
    if step.does == "words":
        return _words(args[0], step.args[0].type.what, reader)
    if step.does in TEXTS:
        return TEXTS[step.does](*args)
    if step.does == "round":
        return None if args[0] is None else half_up(Decimal(args[0]), step.value)
    if step.does == "date":
        return None if args[0] is None else args[0].astimezone(reader.zone).date()
    return None if None in args else RECKONED[step.does](*args)


def _words(value: Any, what: What, reader: Reader) -> str:
    if value is None:
        return ""
    if what in (What.NUMBER, What.MONEY):
        text = format(Decimal(value), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        return value.astimezone(reader.zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _same(args: list[Any]) -> bool:
    return None not in args and args[0] == args[1]


LOGIC: dict[str, Any] = {
    "and": lambda args: args[0] and args[1],
    "or": lambda args: args[0] or args[1],
    "not": lambda args: not args[0],
    "=": _same,
    "!=": lambda args: not _same(args),
    "<": lambda args: None not in args and args[0] < args[1],
    "<=": lambda args: None not in args and args[0] <= args[1],
    ">": lambda args: None not in args and args[0] > args[1],
    ">=": lambda args: None not in args and args[0] >= args[1],
}


def _some(count: Any) -> int:
    return max(0, min(int(count or 0), 10_000))


TEXTS: dict[str, Any] = {
    "&": lambda *args: "".join(args),
    "key": lambda one: one,
    "upper": str.upper,
    "lower": str.lower,
    "trim": lambda one: one.strip(" "),
    "length": lambda one: Decimal(len(one)),
    "left": lambda one, count: one[: _some(count)],
    "right": lambda one, count: one[len(one) - min(_some(count), len(one)) :],
    "contains": lambda one, part: part.lower() in one.lower(),
    "has": lambda several, one: one in several,
    "count_of": lambda several: Decimal(len(several)),
}


def _divided(one: Decimal, other: Decimal) -> Decimal | None:
    if not other:
        return None
    exact = Fraction(half_up(Decimal(one), 30)) / Fraction(other)
    sign = -1 if exact < 0 else 1
    scaled = abs(exact) * 10**10
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    return Decimal(sign * whole).scaleb(-10)


def _later(day: date, days: Decimal) -> date | None:
    if abs(days) > 4_000_000:
        return None
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


RECKONED: dict[str, Any] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divided,
    "negative": lambda one: -one,
    "abs": abs,
    "date_of": lambda day: day,
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "days_between": lambda one, other: Decimal((other - one).days),
    "add_days": _later,
}
