"""Delimited text (CSV, TSV, semicolons, pipes) as rows, however broken, in flat memory."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer import limits, sources
from vinculo.records.transfer.cells import UNDECODABLE
from vinculo.records.transfer.encodings import MARK_ERRORS

DELIMITERS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'^\ufeff?"?sep=(.)"?\s*$', re.IGNORECASE)

RawRow = tuple[int, list[str] | DomainError]
"""The number of the row's first line in the file, and its cells or why it cannot be read."""


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text; bytes that cannot be read are marked, never an exception."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return sources.open_text(path, name, MARK_ERRORS)


def declared_delimiter(path: Path, encoding: str) -> str | None:
    """The delimiter that Excel's first line ``sep=;`` declares, if there is one."""
    with open_text(path, encoding) as file:
        found = _SEP_LINE.match(file.readline(64).rstrip("\r\n"))
    return found.group(1) if found else None


def guess_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first rows into the same number of cells."""
    with open_text(path, encoding) as file:
        sample = file.read(limits.HEAD_BYTES)
    lines = sample.splitlines(keepends=True)
    if len(sample) == limits.HEAD_BYTES and len(lines) > 1:
        lines.pop()  # cut in the middle
    scored = [(_consistency(lines, delimiter), delimiter) for delimiter in DELIMITERS]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score > 0 else ","


def _consistency(lines: list[str], delimiter: str) -> float:
    """How well a delimiter fits: share of rows of the usual width, more for wider tables."""
    widths: Counter[int] = Counter()
    for _line, cells in _records(iter(lines), delimiter):
        if isinstance(cells, list) and any(cells):
            widths[len(cells)] += 1
        if widths.total() >= 100:
            break
    if not widths:
        return 0.0
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        return 0.0
    return rows / widths.total() + min(width, 50) / 100


def read_rows(path: Path, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Every row of the file with its line number; a row that cannot be read comes as its reason."""
    with open_text(path, encoding) as file:
        yield from rows_in(file, delimiter)


def rows_in(file: TextIO, delimiter: str) -> Iterator[RawRow]:
    """The same for text that is open already, wherever it comes from."""
    lines: Iterator[str] = iter(lambda: file.readline(limits.MAX_LINE_CHARACTERS), "")
    yield from _records(lines, delimiter, skip_sep=True)


class _Runaway(Exception):
    """A quoted cell that does not end within reason."""


class _Lines:
    """Physical lines with a memory of the current record, so that a broken one can be given up."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self.current: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.current.append(line)
        if len(self.current) > limits.MAX_RECORD_LINES:
            raise _Runaway
        return line

    def finish(self) -> int:
        """End the current record; the number of its first line."""
        first = self.number + 1
        self.number += len(self.current)
        self.current.clear()
        return first

    def give_up(self) -> int:
        """Drop the record's first line and read the others again; the number of that line."""
        first = self.number + 1
        self.number = first
        self._again.extendleft(reversed(self.current[1:]))
        self.current.clear()
        return first

    def skip_long_line(self) -> None:
        """Drop the rest of a physical line that was cut at the limit."""
        for line in self._source:
            if line.endswith(("\n", "\r")):
                return


def _records(source: Iterator[str], delimiter: str, *, skip_sep: bool = False) -> Iterator[RawRow]:
    lines = _Lines(source)
    parser = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(parser)
        except StopIteration:
            return
        except (csv.Error, _Runaway) as error:
            problem = _broken_row(error)
            if lines.current and len(lines.current[-1]) >= limits.MAX_LINE_CHARACTERS:
                lines.skip_long_line()
                problem = DomainError(_("The row is too long to be read."))
                yield lines.finish(), problem
            else:
                yield lines.give_up(), problem
            parser = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if len(lines.current) == 1 and len(lines.current[0]) >= limits.MAX_LINE_CHARACTERS:
            lines.skip_long_line()
            yield lines.finish(), DomainError(_("The row is too long to be read."))
            parser = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if skip_sep and lines.number == 0 and _SEP_LINE.match(lines.current[0].rstrip("\r\n")):
            lines.finish()
            continue
        first = lines.finish()
        yield first, _unreadable(cells) or cells


def _broken_row(error: Exception) -> DomainError:
    if "field larger" in str(error):
        return DomainError(_("A cell is too long to be read."))
    return DomainError(_("A quotation mark is never closed. Mend the row and import it again."))


def _unreadable(cells: list[str]) -> DomainError | None:
    text = "".join(cells)
    if text.isascii():
        bad = "\0" in text
    else:
        if UNDECODABLE in text:
            return DomainError(
                _("Some characters cannot be read in the encoding chosen for the file.")
            )
        bad = "\0" in text
    return DomainError(_("The row holds bytes that are not text.")) if bad else None
