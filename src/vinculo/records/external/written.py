"""External ids as text: into the cell of an exported file, and out of one again.

`shop:A-17; erp:99` are two ids of one record. What would be taken for a separator is written with
a backslash before it, so that every id is read back as it was.
"""

import re
from collections.abc import Iterable

from vinculo.kernel.errors import DomainError, _
from vinculo.records.external import clean_source, clean_value

_MARKS = re.compile(r"[\\:;]")
_PARTS = re.compile(r"(?:\\[\\:;]|[^;])+")
_PAIR = re.compile(r"((?:\\[\\:;]|[^:])*):(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\:;])")


def write_names(names: Iterable[tuple[str, str]]) -> str:
    """The (system, id) pairs of a record as the text of one cell.

    >>> write_names([("shop", "A-17"), ("erp", "9;1")])
    'shop:A-17; erp:9\\\\;1'
    """
    return "; ".join(f"{_marked(source)}:{_marked(value)}" for source, value in names)


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)


def read_names(text: str, system: str = "") -> tuple[tuple[str, str], ...]:
    """The (system, id) pairs of a cell: the id of `system` where that is named, otherwise the
    pairs that the cell says itself. DomainError when it says no system, or what cannot be an id.

    >>> read_names("Shop: A-17; erp:9\\\\;1"), read_names("A-17", "Shop")
    ((('shop', 'A-17'), ('erp', '9;1')), (('shop', 'A-17'),))
    """
    if system:
        return ((clean_source(system), clean_value(text)),)
    found: dict[tuple[str, str], None] = {}
    for part in _PARTS.findall(text):
        if not part.strip():
            continue
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise DomainError(
                _("Name the system of the ids, or write “%(text)s” with it, as in shop:A-17."),
                text=part.strip()[:60],
            )
        source, value = (_ESCAPED.sub(r"\1", side) for side in pair.groups())
        found[clean_source(source), clean_value(value)] = None
    return tuple(found)
