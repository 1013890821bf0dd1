"""The data directory: everything an installation owns that is not in PostgreSQL, and its secrets.

installation.json   format version, identity, when it was made, demo or real
secrets/            one file per secret, mode 0600, generated at first use
files/              uploaded files, under random names
static/             collected static files; may be deleted at any time
locks/              who runs what here; may be deleted while nothing runs
database/ run/      the embedded PostgreSQL and its socket, unless a root installation keeps
                    them under /var/lib/vinculo (see cluster/places.py)
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets as random
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from vinculo.config import env
from vinculo.config.problems import SetupProblem

FORMAT = 1
CHECKOUT = Path(__file__).resolve().parents[3]
# "new" until the first `vinculo serve` decides.
Kind = Literal["new", "demo", "real"]


@dataclass(frozen=True)
class Installation:
    """What this installation is: its format, identity, birthday and kind."""

    format: int
    id: str
    created_at: str
    kind: Kind
    database_home: str = ""


def data_dir() -> Path:
    """The data directory: VINCULO_DATA, or var/ in the checkout. It may not exist yet."""
    return env.path("VINCULO_DATA", CHECKOUT / "var")


def is_default() -> bool:
    """Whether nobody chose a data directory, so that it lies in the checkout."""
    return not env.text("VINCULO_DATA")


def read_installation() -> Installation | None:
    """The installation in the data directory, or None before the first start.

    SetupProblem when a newer Vinculo made it or the file is damaged: guessing would harm it.
    """
    file = data_dir() / "installation.json"
    try:
        found = json.loads(file.read_text())
        version = int(found["format"])
    except FileNotFoundError:
        return None
    except PermissionError:
        raise SetupProblem(
            f"The data directory {data_dir()} belongs to another user: run as that user."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise SetupProblem(
            f"{file} is damaged: restore it from a backup, or set VINCULO_DATA to another folder."
        ) from None
    if version > FORMAT:
        raise SetupProblem(
            f"The data directory {data_dir()} was made by a newer Vinculo (format {version}, this "
            f"one reads {FORMAT}): update Vinculo, or choose another folder with VINCULO_DATA."
        )
    return Installation(
        format=version,
        id=str(found["id"]),
        created_at=str(found["created_at"]),
        kind=found["kind"] if found.get("kind") in ("new", "demo") else "real",
        database_home=str(found.get("database_home", "")),
    )


def ensure_installation() -> Installation:
    """The installation, made now when the data directory has none."""
    found = read_installation()
    if found is not None:
        return found
    make_folder(data_dir())
    made = Installation(
        format=FORMAT,
        id=random.token_hex(8),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        kind="new",
    )
    _write_installation(made)
    return made


def settle_kind(kind: Kind) -> Installation:
    """Decide what a new installation is to be; one that is decided stays what it is."""
    found = ensure_installation()
    return remember_kind(kind) if found.kind == "new" else found


def remember_kind(kind: Kind) -> Installation:
    """Note that the installation has become a demo, or has stopped being one."""
    return _change(kind=kind)


def remember_database_home(home: Path) -> Installation:
    """Note where the embedded database lives, so that the next start finds the same one."""
    return _change(database_home=str(home))


def _change(*, kind: Kind | None = None, database_home: str | None = None) -> Installation:
    found = ensure_installation()
    changed = replace(
        found,
        kind=kind or found.kind,
        database_home=found.database_home if database_home is None else database_home,
    )
    if changed != found:
        _write_installation(changed)
    return changed


def _write_installation(installation: Installation) -> None:
    text = json.dumps(asdict(installation), indent=2) + "\n"
    write_whole(data_dir() / "installation.json", text, mode=0o644)


def secret(name: str) -> str:
    """The named secret of this installation: 50 random url-safe bytes, generated at first use."""
    return _secret(data_dir() / "secrets" / name)


@lru_cache
def _secret(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        pass
    except PermissionError:
        raise SetupProblem(
            f"The secret {file} belongs to another user: run as that user."
        ) from None
    ensure_installation()
    make_folder(file.parent, mode=0o700)
    write_whole(file, random.token_urlsafe(50), mode=0o600, keep=True)
    return file.read_text().strip()


def make_folder(folder: Path, mode: int | None = None) -> None:
    """Make a folder nobody else can read; SetupProblem where the machine refuses.

    Root's data directory may be entered (not listed) so that the database's own unprivileged
    user reaches its subfolder; everybody else's is closed.
    """
    if mode is None:
        mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        if folder.is_dir():
            return
        if not folder.parent.is_dir():
            make_folder(folder.parent, mode)
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        give_to_owner_above(folder)
    except OSError as error:
        raise SetupProblem(why_not_written(folder, error)) from None


def write_whole(file: Path, text: str, *, mode: int, keep: bool = False) -> None:
    """Write the file at once or not at all; with keep, an existing file wins."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{random.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        give_to_owner_above(draft)
        if keep:
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
        else:
            draft.replace(file)
    except OSError as error:
        raise SetupProblem(why_not_written(file, error)) from None
    finally:
        draft.unlink(missing_ok=True)


def give_to_owner_above(made: Path) -> None:
    """What root makes in somebody's folder is theirs: they must be able to go on without root."""
    if os.geteuid() == 0:
        above = made.parent.stat()
        os.chown(made, above.st_uid, above.st_gid)


def why_not_written(place: Path, error: OSError) -> str:
    """One sentence for a folder or file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {place} is full: free some space and start again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{place} cannot be written by this user: mend its owner, or set VINCULO_DATA."
    return f"{place} cannot be written: {error.strerror}."
