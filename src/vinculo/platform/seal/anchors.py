"""The end of each day's chain in a file outside the database: who rewrites the chain is found.

One line per day, `anchors/2026-11-21.txt` in the data directory, to be copied elsewhere by whoever
wants to hold it against the database's own administrator.
"""

import os
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings

from vinculo.platform.models.seals import Seal


@dataclass(frozen=True)
class Anchor:
    """What a file says: the last seal of its day; `chain` in hexadecimal."""

    file: Path
    number: int
    total: int
    chain: str


def folder() -> Path:
    """Where the anchors lie."""
    return Path(settings.VINCULO_DATA) / "anchors"


def write(seal: Seal) -> None:
    """Make `seal` the anchor of its day (UTC); the file is replaced whole and private."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    day = seal.at.astimezone(UTC).date().isoformat()
    file = place / f"{day}.txt"
    draft = place / f".{day}.{os.getpid()}"
    text = f"{day} seal {seal.number} changes {seal.total} chain {bytes(seal.chain).hex()}\n"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)


def read_all() -> tuple[list[Anchor], list[Path]]:
    """Every anchor, oldest first, and the files that cannot be read as one."""
    found, damaged = [], []
    for file in sorted(folder().glob("*.txt")):
        words = file.read_text("utf-8", errors="replace").split()
        try:
            if [words[1], words[3], words[5]] != ["seal", "changes", "chain"]:
                raise ValueError(file)
            found.append(Anchor(file, int(words[2]), int(words[4]), words[6]))
        except (ValueError, IndexError):
            damaged.append(file)
    return found, damaged
