"""How a whole column writes its dates and numbers: decided once, shown, and changeable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMERIC_DATE = re.compile(r"^\s*(\d{1,4})[-/.\s](\d{1,2})[-/.\s](\d{1,4})(?:\D.*)?$")
_NUMBER_MARKS = re.compile(r"[.,]")

DATE_ORDERS = ("ymd", "dmy", "mdy")
DECIMAL_MARKS = (".", ",")


@dataclass(frozen=True, slots=True)
class Style:
    """How dates and numbers of a column are to be read.

    ``date_order`` is one of ymd, dmy, mdy; ``decimal`` is the decimal mark. The ``sure`` flags
    say whether the values left no doubt.
    """

    date_order: str = "dmy"
    decimal: str = "."
    date_sure: bool = True
    decimal_sure: bool = True


def style_of(values: Iterable[str], *, date_order: str = "dmy", decimal: str = ".") -> Style:
    """The style of a column by a sample of its values; the defaults decide where they do not.

    >>> style_of(["31/12/2024", "01/02/2024"]).date_order
    'dmy'
    >>> style_of(["1.234,56"]).decimal
    ','
    """
    filled = [value.strip() for value in values if value.strip()]
    order, order_sure = _date_order(filled, date_order)
    mark, mark_sure = _decimal_mark(filled, decimal)
    return Style(order, mark, order_sure, mark_sure)


def _date_order(values: list[str], default: str) -> tuple[str, bool]:
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    seen = 0
    for value in values:
        found = _NUMERIC_DATE.match(value)
        if not found:
            continue
        seen += 1
        first, second, _third = (int(part) for part in found.groups())
        if len(found.group(1)) > 2:
            votes["ymd"] += 1
        elif first > 12 >= second:
            votes["dmy"] += 1
        elif second > 12 >= first:
            votes["mdy"] += 1
    best = max(votes, key=lambda order: votes[order])
    if votes[best]:
        return best, sum(1 for count in votes.values() if count) == 1
    return default, seen == 0


def _decimal_mark(values: list[str], default: str) -> tuple[str, bool]:
    votes = {".": 0, ",": 0}
    doubtful = 0
    for value in values:
        marks = _NUMBER_MARKS.findall(value)
        if not marks:
            continue
        last = marks[-1]
        other = "," if last == "." else "."
        if other in marks:
            votes[last] += 1  # 1.234,56: the last mark is the decimal one
        elif marks.count(last) > 1:
            votes[other] += 1  # 1.234.567: a mark that repeats groups thousands
        elif re.search(rf"{re.escape(last)}\d{{3}}\D*$", value) and not re.match(r"^\D*0", value):
            doubtful += 1  # 1.234: thousands or three decimals
        else:
            votes[last] += 1
    if votes["."] == votes[","]:
        return default, doubtful == 0 and not votes["."]
    best = "." if votes["."] > votes[","] else ","
    return best, min(votes.values()) == 0
