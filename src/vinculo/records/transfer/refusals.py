"""Refused rows go back to their owner: the file's own columns, with the reason of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError
from vinculo.platform.sensitive.files import create_sealed
from vinculo.records.transfer.cells import UNDECODABLE, escape_formula
from vinculo.records.transfer.limits import MAX_CELL_CHARACTERS
from vinculo.records.transfer.pipeline import Sample
from vinculo.records.transfer.reading import Table


def sentence(reason: str, params: dict[str, Any]) -> str:
    """A reason in the reader's language with its parameters put in."""
    return DomainError(reason, None, **params).interpolate(gettext(reason))


def write_refused(
    path: Path, table: Table, refused: Iterator[Sample], *, sealed: bool = False
) -> int:
    """Write the refused rows as CSV (UTF-8, for Excel too), in the language of the reader; sealed
    where the file waits in our keeping for its owner.

    Returns how many; without any there is no file.
    """
    path.unlink(missing_ok=True)
    waiting = next(refused, None)
    if waiting is None:
        return 0
    count = 0
    with ExitStack() as stack:
        raw = create_sealed(path) if sealed else path.open("xb")
        file = stack.enter_context(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""))
        out = csv.writer(file)
        head = [escape_formula(header) for header in table.headers]
        out.writerow([*head, gettext("Line"), gettext("Reason")])
        for row in table.rows():
            if row.number != waiting[0]:
                continue
            out.writerow(_line(row.cells, len(table.headers), waiting))
            count += 1
            waiting = next(refused, None)
            if waiting is None:
                break
    path.chmod(0o600)
    return count


def _line(cells: list[str], width: int, refused: Sample) -> list[str]:
    number, reason, params = refused
    # A picture is longer than any spreadsheet's cell: it is not given back.
    shown = [
        escape_formula(cell.replace(UNDECODABLE, "\ufffd"))
        if len(cell) <= MAX_CELL_CHARACTERS
        else ""
        for cell in cells[:width]
    ]
    shown += [""] * (width - len(shown))
    return [*shown, str(number), escape_formula(sentence(reason, params))]


def cells_of(table: Table, numbers: set[int]) -> dict[int, list[str]]:
    """The cells of some rows by their line number."""
    found: dict[int, list[str]] = {}
    last = max(numbers, default=0)
    for row in table.rows():
        if row.number > last:
            break
        if row.number in numbers:
            found[row.number] = [cell[:200].replace("\0", "") for cell in row.cells]
    return found
