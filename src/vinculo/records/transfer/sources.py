"""The file somebody brings: kept sealed, for its cells may be sensitive, and read as if it were not."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, TextIO

from vinculo.kernel import sealed_files
from vinculo.kernel.cipher import Unreadable
from vinculo.kernel.errors import DomainError, _
from vinculo.platform.sensitive.files import create_sealed, open_any
from vinculo.records.transfer import limits


def keep(path: Path, blocks: Iterable[bytes]) -> int:
    """Keep what somebody brings; nothing of it touches the disk in the clear. Returns its size."""
    size = 0
    with create_sealed(path) as file:
        for block in blocks:
            size += len(block)
            if size > limits.MAX_FILE_BYTES:
                raise DomainError(_("The file is too large. Split it into several."), field="file")
            file.write(block)
    return size


def size_of(path: Path) -> int:
    """How long the file was when it was brought."""
    return sealed_files.length(path)


def open_bytes(path: Path) -> BinaryIO:
    """The file as it was brought."""
    try:
        return open_any(path)
    except Unreadable as error:
        raise DomainError(
            _("The key of this file is missing here. Choose the file again."), "file"
        ) from error


def open_text(path: Path, encoding: str, errors: str, newline: str | None = "") -> TextIO:
    """The file as text."""
    return io.TextIOWrapper(open_bytes(path), encoding=encoding, errors=errors, newline=newline)
