"""Opening the table somebody brings, whatever program wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer import limits, vcards, workbooks
from vinculo.records.transfer.cells import NOTHING_WORDS, unescape_formula
from vinculo.records.transfer.delimited import declared_delimiter, guess_delimiter, read_rows
from vinculo.records.transfer.encodings import ENCODINGS, guess_encoding, refuse_binary
from vinculo.records.transfer.sources import open_bytes, size_of

#: How files begin that hold anything but a table, and what they are called.
_NO_TABLES = {
    "XML": re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b", re.I),
    "HTML": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta)\b", re.I),
    "JSON": re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])"),
}
_INVISIBLE = "\ufeff\u200b\u200e\u200f\xa0 \t\r\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its line number and either its cells or why it cannot be read."""

    number: int
    cells: list[str]
    error: DomainError | None = None


@dataclass(slots=True)
class Quirks:
    """What was odd about the file and how it was read; counted while the rows are read."""

    blank_rows: int = 0
    nothing_words: int = 0
    short_rows: int = 0
    long_rows: int = 0
    renamed_headers: list[str] = field(default_factory=list)
    sep_line: bool = False
    byte_order_mark: bool = False
    header_line: int = 1


@dataclass(slots=True)
class Table:
    """An open table: what was guessed about it, its headers, and its rows when asked for."""

    path: Path
    headers: list[str]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    quirks: Quirks = field(default_factory=Quirks)

    def rows(self) -> Iterator[Row]:
        """The rows under the header, from the first on, one at a time; blank rows are left out."""
        raw = _raw_rows(self.path, self.encoding, self.delimiter, self.sheet)
        for number, _cells in raw:
            if number >= self.quirks.header_line:
                break
        quirks = self.quirks
        quirks.blank_rows = quirks.nothing_words = quirks.short_rows = quirks.long_rows = 0
        width = len(self.headers)
        for number, cells in raw:
            if isinstance(cells, DomainError):
                yield Row(number, [], cells)
                continue
            if not any(cells) or not any(map(str.strip, cells)):
                quirks.blank_rows += 1
                continue
            yield _fit(number, self._clean(cells), width, quirks)

    def sample(self, size: int) -> list[Row]:
        """The first rows, at most ``size`` of them."""
        found: list[Row] = []
        for row in self.rows():
            found.append(row)
            if len(found) >= size:
                break
        return found

    def _clean(self, cells: list[str]) -> list[str]:
        """The cells with "NULL" and its like emptied and escaped formulas as they were."""
        for index, cell in enumerate(cells):
            if not cell:
                continue
            if cell in NOTHING_WORDS:
                cells[index] = ""
                self.quirks.nothing_words += 1
            elif cell[0] == "'":
                cells[index] = unescape_formula(cell)
        return cells


def open_table(
    path: Path,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Open a CSV, TSV, XLSX or vCard file; what is not given is guessed. DomainError when it is no table.

    ``name`` is the file's name as its owner knows it; only messages and the guess use it.
    """
    _refuse_size(path)
    with open_bytes(path) as file:
        head = file.read(4096)
    if workbooks.is_old_workbook(head):
        raise DomainError(
            _("Excel 97-2003 workbooks are not read. Save the file as XLSX or CSV."), field="file"
        )
    if vcards.is_vcards(head):
        known = encoding if encoding in ENCODINGS else guess_encoding(path)[0]
        table = Table(path=path, headers=[], encoding=known, delimiter=vcards.VCARD)
    elif workbooks.is_workbook(head):
        table = _open_workbook(path, sheet)
    else:
        _refuse_what_is_no_table(head)
        table = _open_text(path, name, encoding, delimiter)
    _take_headers(table)
    return table


def _refuse_size(path: Path) -> None:
    size = size_of(path)
    if size == 0:
        raise DomainError(_("The file is empty."), field="file")
    if size > limits.MAX_FILE_BYTES:
        raise DomainError(_("The file is too large. Split it into several."), field="file")


def _refuse_what_is_no_table(head: bytes) -> None:
    for called, beginning in _NO_TABLES.items():
        if beginning.match(head):
            raise DomainError(
                _(
                    "This file is %(format)s, which is not read. Save it as CSV or XLSX, contacts"
                    " also as vCard."
                ),
                field="file",
                format=called,
            )


def _open_workbook(path: Path, sheet: str | None) -> Table:
    names = workbooks.sheet_names(path)
    if not names:
        raise DomainError(_("The workbook has no sheets."), field="file")
    if sheet is not None and sheet not in names:
        raise DomainError(_("The workbook has no sheet of that name."), field="sheet")
    return Table(path=path, headers=[], sheet=sheet or names[0], sheets=names)


def _open_text(path: Path, name: str, encoding: str | None, delimiter: str | None) -> Table:
    if encoding is None:
        encoding, marked = guess_encoding(path)
    elif encoding not in ENCODINGS and encoding not in ("utf-16-le", "utf-16-be"):
        raise DomainError(_("Files in that encoding are not read."), field="encoding")
    else:
        marked = False
        with open_bytes(path) as file:
            refuse_binary(file.read(limits.HEAD_BYTES))
    declared = declared_delimiter(path, encoding)
    if delimiter is None:
        delimiter = declared or ("\t" if name.lower().endswith(".tsv") else None)
    elif len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise DomainError(_("A delimiter is one character, such as a comma."), field="delimiter")
    return Table(
        path=path,
        headers=[],
        encoding=encoding,
        delimiter=delimiter or guess_delimiter(path, encoding),
        quirks=Quirks(sep_line=declared is not None, byte_order_mark=marked),
    )


def _raw_rows(
    path: Path, encoding: str, delimiter: str, sheet: str
) -> Iterator[tuple[int, list[str] | DomainError]]:
    if sheet:
        yield from workbooks.read_sheet(path, sheet)
    elif delimiter == vcards.VCARD:
        yield from vcards.read_cards(path, encoding)
    else:
        yield from read_rows(path, encoding, delimiter)


def _take_headers(table: Table) -> None:
    """The first row that is not blank names the columns."""
    for line, cells in _raw_rows(table.path, table.encoding, table.delimiter, table.sheet):
        table.quirks.header_line = line
        if isinstance(cells, DomainError):
            raise DomainError(
                _("The first row, which names the columns, cannot be read: %(reason)s"),
                field="file",
                reason=str(cells),
            )
        if any(cell.strip(_INVISIBLE) for cell in cells):
            break
    else:
        raise DomainError(_("The file is empty."), field="file")
    while cells and not cells[-1].strip(_INVISIBLE):
        cells.pop()
    if len(cells) > limits.MAX_COLUMNS:
        raise DomainError(
            _("The file has %(count)s columns; at most %(limit)s are read."),
            field="file",
            count=len(cells),
            limit=limits.MAX_COLUMNS,
        )
    table.headers = _distinct([_header(cell) for cell in cells], table.quirks)


def _header(cell: str) -> str:
    """A header without invisible characters, in one line of reasonable length."""
    visible = "".join(letter for letter in cell if letter.isprintable() or letter in "\n\t ")
    return unescape_formula(" ".join(visible.strip(_INVISIBLE).split()))[:200]


def _distinct(names: list[str], quirks: Quirks) -> list[str]:
    """Headers made different from each other: empty ones named, repeated ones numbered."""
    taken = {name for name in names if name}
    seen: set[str] = set()
    distinct = []
    for index, name in enumerate(names, start=1):
        wanted = name or f"#{index}"
        unique, number = wanted, 2
        while unique in seen or (unique != name and unique in taken):
            unique = f"{wanted} ({number})"
            number += 1
        if unique != name:
            quirks.renamed_headers.append(unique)
        seen.add(unique)
        distinct.append(unique)
    return distinct


def _fit(number: int, cells: list[str], width: int, quirks: Quirks) -> Row:
    """The row at the header's width: short rows filled up, longer ones refused if they say more."""
    if len(cells) == width:
        return Row(number, cells)
    if len(cells) < width:
        quirks.short_rows += 1
        return Row(number, cells + [""] * (width - len(cells)))
    if any(cell.strip() for cell in cells[width:]):
        return Row(
            number,
            cells,
            DomainError(
                _("The row has %(cells)s cells, but the header has %(headers)s."),
                cells=len(cells),
                headers=width,
            ),
        )
    quirks.long_rows += 1
    return Row(number, cells[:width])
