"""The archive file: a plain tar whose last member is a checksum over every byte before it.

Nothing is believed before all of it was read: a flipped bit, a missing end or a foreign member is
found first, and only then is anything unpacked.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from vinculo.config.datadir import give_to_owner_above, why_not_written
from vinculo.config.problems import SetupProblem

FORMAT = 1
MANIFEST, CHECKSUM, DUMP = "manifest.json", "checksum.sha256", "database.dump"
#: What may be in an archive; everything else is none of ours.
MEMBER = re.compile(
    r"database\.dump|(?:files|imports|secrets|anchors)/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*"
    r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
)
CHUNK = 1024 * 1024


@dataclass
class Manifest:
    """What is in an archive, and what made it.

    `migrations` are those applied, as "room.name"; `tables` the rows of each table; `secrets` the
    fingerprints of the secrets that were in use, whether or not they are inside.
    """

    format: int
    kind: str
    made_at: str
    version: str
    commit: str
    postgresql: int
    installation: str
    installation_kind: str
    migrations: list[str]
    tables: dict[str, int]
    secrets: dict[str, str]
    with_secrets: bool
    with_files: bool
    members: dict[str, dict[str, Any]] = field(default_factory=dict)


class Writer:
    """Writes an archive beside its place; it comes into its place whole or not at all."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._draft = file.with_name(f".{file.name}.{os.getpid()}.part")
        self._members: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Writer:
        sweep_drafts(self.file)
        try:
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise SetupProblem(why_not_written(self.file, error)) from None
        self._out = _Hashed(os.fdopen(descriptor, "wb"))
        self._tar = tarfile.open(fileobj=self._out, mode="w", format=tarfile.PAX_FORMAT)  # type: ignore[call-overload]
        return self

    def __exit__(self, *_: object) -> None:
        self._out.raw.close()
        self._draft.unlink(missing_ok=True)

    def add(self, name: str, source: Path) -> None:
        """Add a file's bytes under that name."""
        with source.open("rb") as data:
            info = _plain(name, os.fstat(data.fileno()).st_size)
            counted = _Counted(data, info.size)
            self._tar.addfile(info, counted)
        self._members[name] = {"size": info.size, "sha256": counted.digest.hexdigest()}

    def finish(self, manifest: Manifest) -> None:
        """Write manifest and checksum, and put the archive into its place."""
        manifest.members = self._members
        text = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        self._tar.addfile(_plain(MANIFEST, len(text)), io.BytesIO(text))
        self._out.write(_end(self._out.digest.hexdigest(), self._out.size))
        try:
            self._out.raw.flush()
            os.fsync(self._out.raw.fileno())
            give_to_owner_above(self._draft)
            self._draft.replace(self.file)
            _fsync_folder(self.file.parent)
        except OSError as error:
            raise SetupProblem(why_not_written(self.file, error)) from None


class Archive:
    """An archive that was read whole and found to be what was written."""

    def __init__(self, file: Path, manifest: Manifest) -> None:
        self.file, self.manifest = file, manifest

    def members(self, folder: str) -> list[str]:
        """The names below that folder."""
        return [name for name in self.manifest.members if name.startswith(f"{folder}/")]

    @contextlib.contextmanager
    def opened(self, names: set[str]) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
        """Those members in the order they lie, each with its bytes."""
        with tarfile.open(self.file, "r:") as tar:
            yield self._each(tar, names)

    def _each(self, tar: tarfile.TarFile, names: set[str]) -> Iterator[tuple[str, IO[bytes]]]:
        for info in tar:
            if info.name in names:
                data = tar.extractfile(info)
                if data is not None:
                    yield info.name, data


def read_archive(file: Path) -> Archive:
    """Read all of an archive and prove it; SetupProblem when it is damaged, cut off or newer."""
    if not file.is_file():
        raise SetupProblem(f"There is no file {file}.")
    try:
        with tarfile.open(file, "r:") as tar:
            infos = tar.getmembers()
            _prove_bytes(file, infos)
            manifest = _manifest(file, tar, infos)
            _prove_members(file, tar, infos, manifest)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError):
        raise _damaged(file) from None
    return Archive(file, manifest)


def sweep_drafts(file: Path) -> None:
    """Remove what killed backups to this file left behind."""
    for draft in file.parent.glob(f".{file.name}.*.part*"):
        pid = draft.name[len(file.name) + 2 :].split(".")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            draft.unlink(missing_ok=True)


def _prove_bytes(file: Path, infos: list[tarfile.TarInfo]) -> None:
    if not infos or infos[-1].name != CHECKSUM:
        raise _damaged(file)
    before = infos[-1].offset
    digest = hashlib.sha256()
    with file.open("rb") as data:
        left = before
        while left:
            chunk = data.read(min(CHUNK, left))
            if not chunk:
                raise _damaged(file)
            digest.update(chunk)
            left -= len(chunk)
        if data.read() != _end(digest.hexdigest(), before):
            raise _damaged(file)


def _manifest(file: Path, tar: tarfile.TarFile, infos: list[tarfile.TarInfo]) -> Manifest:
    data = tar.extractfile(next(info for info in infos if info.name == MANIFEST))
    found = json.loads(data.read()) if data else {}
    if int(found["format"]) > FORMAT:
        raise SetupProblem(
            f"{file} was made by a newer Vinculo ({found.get('version')}): update Vinculo first. "
            "Nothing was changed."
        )
    return Manifest(**found)


def _prove_members(
    file: Path, tar: tarfile.TarFile, infos: list[tarfile.TarInfo], manifest: Manifest
) -> None:
    inside = infos[:-2]
    if {info.name for info in inside} != set(manifest.members) or DUMP not in manifest.members:
        raise _damaged(file)
    for info in inside:
        data = tar.extractfile(info) if info.isreg() and MEMBER.fullmatch(info.name) else None
        if data is None:
            raise _damaged(file)
        digest = hashlib.sha256()
        while chunk := data.read(CHUNK):
            digest.update(chunk)
        if digest.hexdigest() != manifest.members[info.name]["sha256"]:
            raise _damaged(file)


def _damaged(file: Path) -> SetupProblem:
    return SetupProblem(
        f"{file} is damaged or cut off, or is no backup of Vinculo: use another copy. Nothing was "
        "changed."
    )


def _plain(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _end(digest: str, before: int) -> bytes:
    """The bytes after the manifest: the checksum's member and the tar's own end."""
    text = f"{digest}\n".encode()
    head = _plain(CHECKSUM, len(text)).tobuf(tarfile.PAX_FORMAT)
    end = head + text.ljust(tarfile.BLOCKSIZE, b"\0") + bytes(2 * tarfile.BLOCKSIZE)
    return end + bytes(-(before + len(end)) % tarfile.RECORDSIZE)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Hashed:
    """A file that is written, with the digest and the number of bytes so far."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.digest, self.size = raw, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.raw.write(data)

    def tell(self) -> int:
        return self.size


class _Counted:
    """A file that is read, with the digest of what was read; never more than it had at first."""

    def __init__(self, raw: IO[bytes], size: int) -> None:
        self.raw, self.digest, self._left = raw, hashlib.sha256(), size

    def read(self, size: int = -1) -> bytes:
        data = self.raw.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self.digest.update(data)
        return data
