"""What the values of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LOOKS = (
    ("email", re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$")),
    ("url", re.compile(r"^(https?://\S+|www\.\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}/?)$", re.I)),
    (
        "date",
        re.compile(
            r"^(\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T].*)?$"
        ),
    ),
    ("number", re.compile(r"^[-+]?\d+([.,]\d+)*$")),
    ("phone", re.compile(r"^[+(]?(?:\d[\s().\-/+x]*){7,20}$", re.I)),
    (
        "honorific",
        re.compile(r"^(mr|mrs|ms|miss|dr|prof|sr|sra|srta|don|doña|先生|女士|小姐)\.?$", re.I),
    ),
)


def look_of(values: Sequence[str]) -> str:
    """What most of the values look like: email, url, date, number, phone, honorific, country, text.

    Empty when there are no values to look at.
    """
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return ""
    counted = Counter(_look(value) for value in filled)
    look, often = counted.most_common(1)[0]
    if look == "text" and _are_countries(filled):
        return "country"
    return look if often >= 0.7 * len(filled) else "text"


def _look(value: str) -> str:
    for name, pattern in _LOOKS:
        if pattern.match(value):
            return name
    return "text"


def _are_countries(values: Sequence[str]) -> bool:
    from vinculo.kernel.countries import country_code

    known = sum(country_code(value) is not None for value in values if len(value) > 2)
    return known >= 0.7 * len(values)
