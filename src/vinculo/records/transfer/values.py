"""Text of a cell to a typed value, by the kind of field it is for.

Every reader takes text that is stripped and not empty, and raises DomainError with a reason that
says what to write instead.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.records.transfer.columns import Style
from vinculo.records.transfer.vocabulary import plain

YES = frozenset(
    "true yes y 1 x t on si s verdadero v cierto 是 有 真 对 對 ✓ ✔ √".split(),  # noqa: SIM905
)
NO = frozenset(
    [
        "false",
        "no",
        "n",
        "0",
        "f",
        "off",
        "falso",
        "否",
        "无",
        "無",
        "假",
        "不",
        "没有",
        "沒有",
        "✗",
        "-",
    ]
)

_DATE = re.compile(
    r"^(\d{1,4})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,4})\s*日?(?:[T\s]+(.+))?$"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NAMED = re.compile(
    r"^(?:(\d{1,2})(?:st|nd|rd|th|º)?[\s\-/.]+(?:de\s+)?([^\W\d]+)\.?|([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)"
    r"[\s\-/.,]+(?:de\s+|del\s+)?(\d{4}|\d{2})(?:[T\s]+(.+))?$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?\s?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.I
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_CURRENCY = re.compile(r"[^\d.,+\-()'’\s]+")
_SPLIT = re.compile(r"\s*(?: ::: |[;|；、]|,(?!\s*$))\s*")

Choices = Mapping[str, str]
"""Plain label → stored value."""


def read_date(text: str, style: Style) -> dt.date:
    """A date written as numbers in the column's order, in ISO form, with a month's name, or as
    Excel's day number."""
    return _date_and_time(text, style)[0]


def read_datetime(text: str, style: Style, zone: dt.tzinfo) -> dt.datetime:
    """An instant; without an offset it is meant in the given zone, without a time at midnight."""
    day, rest = _date_and_time(text, style)
    clock, offset = _time(rest) if rest else (dt.time(), None)
    return dt.datetime.combine(day, clock, tzinfo=offset or zone)


def _date_and_time(text: str, style: Style) -> tuple[dt.date, str]:
    try:
        if found := _DATE.match(text):
            return _numeric_date(found.group(1), found.group(2), found.group(3), style), (
                found.group(4) or ""
            )
        if found := _COMPACT.match(text):
            return dt.date(int(found.group(1)), int(found.group(2)), int(found.group(3))), ""
        if found := _NAMED.match(text):
            return _named_date(found)
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            return _EXCEL_EPOCH + dt.timedelta(days=int(float(text))), ""
    except (ValueError, OverflowError):
        pass
    raise DomainError(_("“%(text)s” is not a date. Write it like 2024-12-31."), text=text[:50])


def _numeric_date(first: str, second: str, third: str, style: Style) -> dt.date:
    a, b, c = int(first), int(second), int(third)
    if len(first) > 2:
        return dt.date(a, b, c)
    day, month = (a, b) if style.date_order != "mdy" else (b, a)
    return dt.date(_full_year(third), month, day)


def _named_date(found: re.Match[str]) -> tuple[dt.date, str]:
    day = found.group(1) or found.group(4)
    name = found.group(2) or found.group(3)
    month = _MONTHS.get(plain(name)) or _MONTHS.get(plain(name)[:3])
    if month is None:
        raise ValueError(name)
    return dt.date(_full_year(found.group(5)), month, int(day)), found.group(6) or ""


def _full_year(text: str) -> int:
    """A year of two digits is taken for 1950 to 2049."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 50 else 1900)


def _time(text: str) -> tuple[dt.time, dt.tzinfo | None]:
    found = _TIME.match(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4]:
            hour = hour % 12 + (12 if found[4].casefold().startswith("p") else 0)
        clock = dt.time(hour, minute, second)
        if not found[5]:
            return clock, None
        if found[5].upper() == "Z":
            return clock, dt.UTC
        sign = -1 if found[5][0] == "-" else 1
        digits = found[5][1:].replace(":", "")
        return clock, dt.timezone(
            sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        )
    except ValueError:
        raise DomainError(
            _("“%(text)s” is not a time. Write it like 14:30."), text=text[:50]
        ) from None


def read_number(text: str, style: Style) -> Decimal:
    """A number with the column's decimal mark; thousands may be grouped, percent signs go."""
    bare = text.strip().removesuffix("%").replace("'", "").replace("’", "")
    bare = "".join(bare.split())
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    group = "," if style.decimal == "." else "."
    whole, mark, fraction = bare.partition(style.decimal)
    digits = whole.replace(group, "") + mark.replace(",", ".") + fraction
    grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}}"
    if not re.fullmatch(rf"[+-]?\d*|{grouped}", whole):
        raise _not_a_number(text)
    if not re.fullmatch(r"[+-]?\d*\.?\d*(?:[eE][+-]?\d{1,2})?", digits):
        raise _not_a_number(text)
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise _not_a_number(text) from None
    return -number if negative else number


def read_integer(text: str, style: Style) -> int:
    """A whole number; 12.0 counts as 12."""
    number = read_number(text, style)
    if number != number.to_integral_value() or abs(number) > 10**18:
        raise DomainError(_("“%(text)s” is not a whole number."), text=text[:50])
    return int(number)


def read_money(text: str, style: Style) -> tuple[Decimal, str]:
    """An amount and the sign or code of its currency as written ('' when none is)."""
    signs = "".join(_CURRENCY.findall(text)).strip()
    return read_number(_CURRENCY.sub("", text), style), signs


def _not_a_number(text: str) -> DomainError:
    return DomainError(_("“%(text)s” is not a number."), text=text[:50])


def read_boolean(text: str) -> bool:
    """Yes or no in four languages, ticks, 1 and 0."""
    word = plain(text) or text.strip()
    if word in YES:
        return True
    if word in NO:
        return False
    raise DomainError(_("“%(text)s” is neither yes nor no."), text=text[:50])


def read_choice(text: str, choices: Choices) -> str:
    """The stored value of a choice, given as that value or as its label in any language."""
    found = choices.get(plain(text))
    if found is None:
        raise DomainError(_("“%(text)s” is not one of the choices."), text=text[:50])
    return found


def read_list(text: str) -> list[str]:
    """The parts of a cell that holds several values, split at ; | or commas; each once.

    >>> read_list("red; blue;red")
    ['red', 'blue']
    """
    parts = (part.strip() for part in _SPLIT.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def read_choices(text: str, choices: tuple[tuple[object, object], ...]) -> list[str]:
    """The parts of a cell; where there are choices, each the stored value of one of them."""
    parts = [clean(part) for part in read_list(text)]
    if not choices:
        return list(dict.fromkeys(part for part in parts if part))
    known = choices_by_label(tuple((str(value), str(label)) for value, label in choices))
    return list(dict.fromkeys(read_choice(part, known) for part in parts))


def choices_by_label(choices: tuple[tuple[str, str], ...]) -> Choices:
    """The choices by value and by label in every language of the shell."""
    return _choices_by_label(choices)


@cache
def _choices_by_label(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    from django.conf import settings
    from django.utils import translation

    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for value, label in choices:
                found.setdefault(plain(str(label)), value)
    for value, _label in choices:
        found[plain(value)] = value
    return found


Reader = Callable[[str], object]
