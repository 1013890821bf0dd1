"""The key file: `secrets/field_keys` in the data directory, outside the database and its dumps.

    index <base64>        the key of the blind index; never changes
    2 <base64>            the current key: the first that is numbered
    1 <base64>            older ones, as long as something is encrypted under them

VINCULO_FIELD_KEYS may hold the same lines instead (separated by commas), for a secrets manager.
"""

import base64
import os
import secrets
import threading
from pathlib import Path

from django.conf import settings

from vinculo.kernel.cipher import KEY, Keys, new_key
from vinculo.kernel.errors import DomainError, _


class KeyProblem(DomainError):
    """The keys cannot be read or changed; says what to do."""


_lock = threading.Lock()
_read: tuple[object, Keys] | None = None


def key_file() -> Path:
    """Where the keys lie."""
    return Path(settings.VINCULO_DATA) / "secrets" / "field_keys"


def from_environment() -> bool:
    """Whether the keys come from VINCULO_FIELD_KEYS, so that Vinculo does not change them."""
    return bool(settings.FIELD_KEYS)


def keys() -> Keys:
    """The keys as they are now; made at first use. A changed file is noticed."""
    global _read
    if from_environment():
        lines: list[str] = list(settings.FIELD_KEYS)
        stamp: object = tuple(lines)
    else:
        stamp = _stamp()
    known = _read
    if known is not None and known[0] == stamp:
        return known[1]
    with _lock:
        if not from_environment():
            lines = key_file().read_text("ascii").splitlines()
        found = parse(lines)
        _read = (stamp, found)
    return found


def _stamp() -> object:
    file = key_file()
    try:
        status = file.stat()
    except FileNotFoundError:
        write(Keys("1", {"1": new_key()}, new_key()), keep=True)
        status = file.stat()
    return (str(file), status.st_mtime_ns, status.st_ino)


def parse(lines: list[str]) -> Keys:
    """The keys that these lines say; KeyProblem when they cannot be."""
    numbered: dict[str, bytes] = {}
    index = b""
    for line in lines:
        words = line.split()
        if len(words) != 2:
            continue
        try:
            key = base64.b64decode(words[1], validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY or not words[0].isalnum():
            raise KeyProblem(_("The key file is damaged. Restore it from your backup of secrets."))
        if words[0] == "index":
            index = key
        else:
            numbered[words[0]] = key
    if not numbered or not index:
        raise KeyProblem(_("The key file is damaged. Restore it from your backup of secrets."))
    return Keys(next(iter(numbered)), numbered, index)


def write(changed: Keys, *, keep: bool = False) -> None:
    """Replace the key file at once, readable to its owner only; with `keep` an existing one wins."""
    file = key_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    order = [changed.current, *(name for name in changed.by_number if name != changed.current)]
    text = f"index {_said(changed.index)}\n"
    text += "".join(f"{name} {_said(changed.by_number[name])}\n" for name in order)
    draft = file.with_name(f".field_keys.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if os.geteuid() == 0:  # made for whoever the folder belongs to
            above = file.parent.stat()
            os.chown(draft, above.st_uid, above.st_gid)
        if keep:
            try:
                os.link(draft, file)
            except FileExistsError:
                return
        else:
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _said(key: bytes) -> str:
    return base64.b64encode(key).decode()
