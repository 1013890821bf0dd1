"""The rows of a register's file, one at a time: a CSV, or the one CSV in a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer.cells import NOTHING_WORDS
from vinculo.records.transfer.delimited import guess_delimiter, open_text, rows_in
from vinculo.records.transfer.encodings import ENCODINGS, MARK_ERRORS, guess_encoding
from vinculo.records.transfer.reading import Row

_ZIP = b"PK\x03\x04"


@dataclass(slots=True)
class RegisterFile:
    """An open file: its headers, and its rows with only the columns that are wanted."""

    path: Path
    headers: list[str]
    encoding: str
    delimiter: str
    wanted: list[int] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows under the header; a register has hundreds of columns, of which few are read."""
        wanted, width = self.wanted, max(self.wanted) + 1
        with _text(self.path, self.encoding) as file:
            raw = rows_in(file, self.delimiter)
            next(raw, None)
            for number, cells in raw:
                if isinstance(cells, DomainError):
                    yield Row(number, [], cells)
                    continue
                if not cells:
                    continue
                if len(cells) < width:
                    cells += [""] * (width - len(cells))
                yield Row(number, [cells[at] for at in wanted])


def open_register(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None
) -> RegisterFile:
    """Open a register's file. DomainError when it is no table of text."""
    if encoding is not None and encoding not in ENCODINGS:
        raise DomainError(_("Files in that encoding are not read."))
    zipped = _is_zip(path)
    # The registers that come as a ZIP are UTF-8; a file of one's own may be anything.
    read_as = encoding or ("utf-8" if zipped else guess_encoding(path)[0])
    cut_at = delimiter or ("," if zipped else guess_delimiter(path, read_as))
    with _text(path, read_as) as file:
        first = next(rows_in(file, cut_at), None)
    if first is None or isinstance(first[1], DomainError):
        raise DomainError(_("The first row of the file does not name its columns."))
    headers = [header.strip("\ufeff \t") for header in first[1]]
    return RegisterFile(path, headers, read_as, cut_at)


def clean_cell(text: str) -> str:
    """A cell without blanks around and between, "" for what only says that nothing is there."""
    found = " ".join(text.split())
    return "" if found in NOTHING_WORDS else found


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    if not _is_zip(path):
        with open_text(path, encoding) as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.namelist() if one.lower().endswith((".csv", ".txt"))]
            if len(inside) != 1:
                raise DomainError(_("The ZIP must hold exactly one CSV file. Unpack it first."))
            name = "utf-8-sig" if encoding == "utf-8" else encoding
            with archive.open(inside[0]) as raw:
                yield io.TextIOWrapper(raw, encoding=name, errors=MARK_ERRORS, newline="")
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        raise DomainError(_("The ZIP is damaged. Fetch the file again.")) from None


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ZIP
