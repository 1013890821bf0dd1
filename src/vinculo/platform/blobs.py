"""Where the bytes of files lie: under an opaque token, outside everything that is served."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.ids import token


def folder() -> Path:
    """The directory of all files; made private on first use."""
    place = Path(settings.VINCULO_DATA) / "files"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(name: str) -> Path:
    """Where the file with this token lies; refuses anything that is not a token of ours."""
    if not name or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in name):
        raise NotFound(_("There is no such file, or you may not see it."))
    return folder() / name[:2] / name


def store(chunks: Iterable[bytes], limit: int) -> tuple[str, int, str]:
    """Write the bytes; returns token, size and SHA-256. Nothing is left behind when refused.

    Raises DomainError when there is nothing or more than `limit` bytes: the size that counts is
    the one that arrived, not the one that was announced.
    """
    name = token()
    target = path_of(name)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    draft = target.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise DomainError(
                        _("The file is larger than %(most)s MB."),
                        field="upload",
                        most=limit // (1024 * 1024),
                    )
                digest.update(chunk)
                out.write(chunk)
            if not size:
                raise DomainError(_("The file is empty."), field="upload")
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return name, size, digest.hexdigest()


def discard(name: str) -> None:
    """Remove the bytes for good."""
    path_of(name).unlink(missing_ok=True)


def opened(name: str) -> BinaryIO:
    """The bytes, to be read; NotFound when they are gone."""
    try:
        return path_of(name).open("rb")
    except FileNotFoundError:
        raise NotFound(_("The content of this file is no longer there.")) from None


def beginning(name: str, size: int = 4096) -> bytes:
    """The first bytes, by which the type is told."""
    with opened(name) as source:
        return source.read(size)


def tokens() -> Iterable[tuple[str, float]]:
    """Every stored token with the time it was written (seconds since 1970)."""
    for place in folder().glob("??/*"):
        if place.suffix != ".part":
            yield place.name, place.stat().st_mtime
