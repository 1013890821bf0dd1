"""Values as lines of PostgreSQL's COPY text format: quicker than handing them over one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NOTHING = "\\N"


def copy_line(values: Iterable[object]) -> str:
    """One row in COPY text format, with its newline. None is NULL; a list or tuple is an array."""
    given = values if isinstance(values, tuple) else tuple(values)
    line = "\t".join(
        [
            value if type(value) is str else _NOTHING if value is None else _field(value)
            for value in given
        ]
    )
    # Hardly a row holds a sign that COPY misreads: one look at the line tells.
    if (
        line.count("\t") != len(given) - 1
        or "\n" in line
        or "\r" in line
        or line.count("\\") != given.count(None)
    ):
        line = "\t".join([_field(value) for value in given])
    return line + "\n"


def _field(value: object) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, str):
        return value.translate(_ESCAPES) if needs_escape(value) else value
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, list | tuple):
        return array_text(value).translate(_ESCAPES)
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    raise TypeError(f"COPY of {type(value).__name__}")


def needs_escape(text: str) -> bool:
    """Whether COPY would misread the text as it is."""
    return "\\" in text or "\t" in text or "\n" in text or "\r" in text


def array_text(values: Sequence[str]) -> str:
    """A text array in PostgreSQL's notation."""
    quoted = (
        '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in map(str, values)
    )
    return "{" + ",".join(quoted) + "}"
