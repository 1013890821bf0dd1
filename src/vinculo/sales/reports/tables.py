"""What every report is made of: tables of figures, for the page and for a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from typing import Any

from django.utils.translation import gettext, ngettext

from vinculo.kernel.proportions import FEW, share, wilson
from vinculo.platform.formats import money_text, number_text
from vinculo.products.currency import books_currency
from vinculo.records.transfer.cells import escape_formula

HUNDRED = Decimal(100)
_TENTH, _CENT = Decimal("0.1"), Decimal("0.01")
#: What the row of everybody is about, beside those of one owner or source each.
ALL = object()


@dataclass(frozen=True)
class Cell:
    """A figure: as the page shows it, as a file holds it, and the list of what is behind it."""

    text: str = ""
    raw: Any = ""
    url: str = ""
    #: What is said of it in small letters.
    note: str = ""
    #: A bar of so many percent beside it.
    meter: int | None = None
    #: How dark it is, from 0 to 5: never the only sign, the figure stands in it.
    shade: int = 0


@dataclass(frozen=True)
class Row:
    """What a line is about, and its figures in the order of the heads."""

    name: str
    cells: Sequence[Cell]
    url: str = ""
    note: str = ""
    #: The sum over all others.
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a report; `key` is what addresses call it."""

    key: str
    title: str
    first: str
    heads: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    shaded: bool = False
    #: Cells hold words, not figures.
    words: bool = False
    warnings: Sequence[str] = field(default_factory=tuple)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, Cell]]]]:
        """The rows, each cell with the head of its column."""
        return [(row, list(zip(self.heads, row.cells, strict=True))) for row in self.rows]


def csv_text(table: Table) -> str:
    """The table as a file that no spreadsheet runs."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([escape_formula(text) for text in (table.first, *table.heads)])
    for row in table.rows:
        writer.writerow([escape_formula(str(part)) for part in (row.name, *_raw(row.cells))])
    return "\ufeff" + out.getvalue()


def _raw(cells: Iterable[Cell]) -> list[Any]:
    return [cell.raw for cell in cells]


def counted(number: int, url: str = "") -> Cell:
    """How many; nothing is not linked."""
    return Cell(number_text(number), number, url if number else "")


def amount(value: Decimal | None) -> Cell:
    """An amount in the books' currency."""
    if value is None:
        return Cell()
    return Cell(money_text(value, books_currency(), whole=True), value.quantize(_CENT))


def percent(part: Decimal | None, note: str = "", meter: bool = False) -> Cell:
    """A share in percent: with one decimal, in a file with two."""
    if part is None:
        return Cell(note=note)
    exact = part * HUNDRED
    shown = exact.quantize(_TENTH)
    bar = round(shown) if meter else None
    return Cell(f"{number_text(shown)} %", exact.quantize(_CENT), note=note, meter=bar)


def days(value: Decimal | float | None, note: str = "") -> Cell:
    """A length in days, with one decimal."""
    if value is None:
        return Cell(note=note)
    shown = Decimal(value).quantize(_TENTH)
    return Cell(number_text(shown), shown, note=note)


def rate(hits: int, tries: int) -> Cell:
    """How large a part was won, and between which parts the truth lies; of few, only that."""
    if tries < FEW:
        return Cell(note=gettext("few")) if tries else Cell()
    low, high = (number_text(round(end * HUNDRED)) for end in wilson(hits, tries) or ())
    return percent(share(hits, tries), f"{low}–{high} %", meter=True)


def unrated(number: int) -> str:
    """So many deals are in no sum."""
    said = ngettext(
        "%(shown)s deal is in no sum: its currency has no rate.",
        "%(shown)s deals are in no sum: their currencies have no rate.",
        number,
    )
    return said % {"shown": number_text(number)}
