"""Whole files under the same keys as single values: AES-256-GCM in pieces, so that a large file is
written and read in flat memory, and from any place in it.

    VSF1 <length of the key's number> <number> <salt> then pieces of ciphertext and tag

Each file has a key of its own, drawn from the numbered one by its salt. What a file is called, how
manieth a piece is and whether it is the last are bound to it: pieces that were moved, changed, left
out or cut off at the end cannot be read, and neither can a file under another's name.
"""

from __future__ import annotations

import io
import secrets
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vinculo.kernel.cipher import KEY, Keys, Unreadable

MAGIC = b"VSF1"
SALT = 16
TAG = 16
PIECE = 256 * 1024


def key_of_file(path: Path) -> str | None:
    """The number of the key a file is sealed under; None for a file that is not sealed."""
    with path.open("rb") as file:
        found = _head(file)
    return found[0] if found else None


def create(path: Path, keys: Keys, name: str = "") -> BinaryIO:
    """A new file to write to, readable to its owner only: nothing of it is ever on the disk in the
    clear, and it is whole once it is closed. `name` is what it will be called when it is read."""
    path.touch(mode=0o600, exist_ok=False)
    return cast(BinaryIO, _Sealing(path.open("wb"), keys, name or path.name))


def open_to_read(path: Path, keys: Keys) -> BinaryIO:
    """The bytes of a sealed file. Unreadable when it is none, its key is missing or, at the latest
    while it is read, it turns out to be damaged."""
    file = path.open("rb")
    try:
        number, salt = _head(file) or ("", b"")
        if number not in keys.by_number:
            raise Unreadable("There is no key for this file.")
        raw = _Reading(file, _cipher(keys.by_number[number], salt, path.name))
    except BaseException:
        file.close()
        raise
    return io.BufferedReader(raw, PIECE)


def length(path: Path) -> int:
    """How many bytes the file says, sealed or not; needs no key."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return size if _head(file) is None else _length(size - file.tell())


def _length(body: int) -> int:
    return body - TAG * _pieces(body)


def _pieces(body: int) -> int:
    return max(1, -(-body // (PIECE + TAG)))


def _head(file: BinaryIO) -> tuple[str, bytes] | None:
    """The key's number and the salt; the file then stands at its first piece."""
    if file.read(len(MAGIC)) != MAGIC:
        return None
    number = file.read((file.read(1) or b"\0")[0])
    salt = file.read(SALT)
    return (number.decode("ascii", "replace"), salt) if number and len(salt) == SALT else None


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    info = f"vinculo file {name}".encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=info).derive(key))


def _nonce(place: int, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


class _Sealing(io.RawIOBase):
    """Collects what is written and seals it piece by piece; the last one says that it is."""

    def __init__(self, file: BinaryIO, keys: Keys, name: str) -> None:
        self._file = file
        self._waiting = bytearray()
        self._place = 0
        salt, number = secrets.token_bytes(SALT), keys.current.encode()
        self._cipher = _cipher(keys.by_number[keys.current], salt, name)
        file.write(MAGIC + bytes([len(number)]) + number + salt)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep the bytes; those of whole pieces go to the disk, but never what may be the last."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Seal what is left and close the file."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            self._waiting.clear()
            self._file.close()
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place, last), piece, None))
        self._place += 1


class _Reading(io.RawIOBase):
    """A sealed file as its bytes, one piece of it in memory at a time."""

    def __init__(self, file: BinaryIO, cipher: AESGCM) -> None:
        self._file, self._cipher = file, cipher
        self._begin = file.tell()
        body = file.seek(0, io.SEEK_END) - self._begin
        self._last = _pieces(body) - 1
        self._size = max(0, _length(body))
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """A workbook is read from its end."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on reading from there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where it is."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As much as is left of the piece where it is."""
        place, skipped = divmod(self._at, PIECE)
        if place > self._last or (place == self._last and self._at >= self._size > 0):
            return 0
        found = memoryview(self._opened(place))[skipped : skipped + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        """Close the file under it, too."""
        self._file.close()
        super().close()

    def _opened(self, place: int) -> bytes:
        if self._piece[0] != place:
            self._file.seek(self._begin + place * (PIECE + TAG))
            sealed = self._file.read(PIECE + TAG)
            try:
                piece = self._cipher.decrypt(_nonce(place, place == self._last), sealed, None)
            except (InvalidTag, ValueError) as error:
                raise Unreadable("This file was damaged, cut off or renamed.") from error
            self._piece = (place, piece)
        return self._piece[1]
