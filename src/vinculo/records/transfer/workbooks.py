"""XLSX workbooks as rows of text, after looking at what they unpack to."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import python_calamine as calamine

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer import limits
from vinculo.records.transfer.sources import open_bytes

# As any XML may be written: either quote, blanks around the sign, small letters.
_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']\s{0,9}([A-Za-z]{0,4})([0-9]{1,10})\b""")
_BLOCK = 1024 * 1024


def is_workbook(head: bytes) -> bool:
    """Whether a file that starts so is a zip archive, as XLSX files are."""
    return head.startswith(b"PK\x03\x04")


def is_old_workbook(head: bytes) -> bool:
    """Whether a file that starts so is a workbook of Excel 97 to 2003, which we do not read."""
    return head.startswith(b"\xd0\xcf\x11\xe0")


def sheet_names(path: Path) -> list[str]:
    """The names of the workbook's sheets, in their order; DomainError for a dangerous file."""
    _refuse_bombs(path)
    return list(_open(path).sheet_names)


def read_sheet(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet, numbered as in Excel, as text; dates in ISO form."""
    try:
        page = _open(path).get_sheet_by_name(sheet)
    except calamine.CalamineError as error:
        raise DomainError(_("The workbook has no sheet of that name."), field="sheet") from error
    for number, cells in enumerate(page.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _open(path: Path) -> calamine.CalamineWorkbook:
    try:
        with open_bytes(path) as file:
            return calamine.CalamineWorkbook.from_filelike(file)
    except calamine.PasswordError as error:
        raise DomainError(
            _("The workbook is protected by a password. Save it without one."), field="file"
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise _not_a_workbook() from error


def _not_a_workbook() -> DomainError:
    return DomainError(
        _("The workbook cannot be read. Save it again as XLSX or CSV."), field="file"
    )


def _refuse_bombs(path: Path) -> None:
    """Unpack every part once, counting, before anything that keeps it in memory sees the file."""
    try:
        with open_bytes(path) as file, zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise _not_a_workbook()
            if len(parts) > limits.MAX_WORKBOOK_PARTS or len(names) != len(parts):
                raise _too_large()
            total = 0
            for part in parts:
                total += _weigh(archive, part, limits.MAX_WORKBOOK_BYTES - total)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _not_a_workbook() from error


def _weigh(archive: zipfile.ZipFile, part: zipfile.ZipInfo, allowed: int) -> int:
    """The true unpacked size of a part in bytes: what the archive says about it may be a lie."""
    part.file_size = limits.MAX_WORKBOOK_BYTES * 2  # read on to the true end
    size, tail, columns, rows = 0, b"", 0, 0
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            packed = max(part.compress_size, 1)
            if size > allowed or (
                size > limits.RATIO_FREE_BYTES and size / packed > limits.MAX_WORKBOOK_RATIO
            ):
                raise _too_large()
            # Whichever part it is: the workbook says itself where its sheets lie.
            wide, high = _extent(tail + block)
            columns, rows = max(columns, wide), max(rows, high)
            tail = block[-64:]
    if columns * rows > limits.MAX_SHEET_CELLS:
        raise _too_large()
    return size


def _extent(xml: bytes) -> tuple[int, int]:
    """The widest column and highest row that cells of this piece of a sheet name."""
    columns = rows = 0
    letters = set()
    for name, number in _PLACE.findall(xml):
        letters.add(name.upper())
        rows = max(rows, int(number))
    for name in letters:
        column = 0
        for letter in name:
            column = column * 26 + letter - 64
        columns = max(columns, column)
    return columns, rows


def _too_large() -> DomainError:
    return DomainError(
        _("The workbook unpacks to more than we can read. Save the sheet as CSV."), field="file"
    )


def _text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
