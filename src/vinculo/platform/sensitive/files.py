"""Files that may hold sensitive values lie sealed under the same keys as encrypted fields.

A room names its folder (`kept_sealed`); a rotation then brings the files in it under the new key,
and seals what an older version left there in the clear.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from vinculo.kernel import sealed_files
from vinculo.kernel.cipher import Unreadable
from vinculo.platform.sensitive.keys import keys

#: Ends the name of a file that is being written; backups pass it over.
DRAFT = ".part"
BLOCK = 1024 * 1024
_folders: set[str] = set()


def kept_sealed(folder: str) -> None:
    """Say that the files in this folder of the data directory are sealed."""
    _folders.add(folder)


def create_sealed(path: Path) -> BinaryIO:
    """A new file of such a folder, to write to."""
    return sealed_files.create(path, keys())


def open_any(path: Path) -> BinaryIO:
    """A file's bytes, sealed or not (on the command line people name files of their own).
    Unreadable when it is sealed and its key is not here."""
    if sealed_files.key_of_file(path) is None:
        return path.open("rb")
    return sealed_files.open_to_read(path, keys())


def reseal() -> tuple[int, int]:
    """Bring every file under the current key, each at once or not at all; what is being read
    meanwhile stays readable to its reader. Returns (done, unreadable)."""
    done = unreadable = 0
    for path in _files():
        try:
            if sealed_files.key_of_file(path) != keys().current:
                done += _renewed(path)
        except Unreadable:
            unreadable += 1
        except FileNotFoundError:
            continue  # taken away meanwhile
    return done, unreadable


def _renewed(path: Path) -> bool:
    draft = path.with_name(path.name + DRAFT)
    draft.unlink(missing_ok=True)
    try:
        with open_any(path) as old, sealed_files.create(draft, keys(), path.name) as fresh:
            while block := old.read(BLOCK):
                fresh.write(block)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        if not path.exists():
            return False
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return True


def files_in_use() -> Counter[str]:
    """Key number → files under it."""
    return Counter(key for path in _files() if (key := sealed_files.key_of_file(path)))


def _files() -> Iterator[Path]:
    for folder in sorted(_folders):
        for path in sorted((Path(settings.VINCULO_DATA) / folder).glob("*")):
            if path.is_file() and path.suffix != DRAFT:
                yield path
