"""Encryption of single values: AES-256-GCM under numbered keys, and a blind index to find them by.

    e1.<key>.<index>.<nonce, ciphertext and tag in base64>

Each part is ASCII without dots, so that the whole fits a text column, JSON and a journal.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vinculo.kernel.text import fold

FORMAT = "e1"
NONCE = 12
KEY = 32


class Unreadable(Exception):
    """A value that none of the keys here opens; holds nothing of the value itself."""


@dataclass(frozen=True)
class Keys:
    """Keys by their number, the one that new values are encrypted under, and the index's own."""

    current: str
    by_number: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


def new_key() -> bytes:
    """A random key."""
    return secrets.token_bytes(KEY)


def encrypt(keys: Keys, place: str, value: str) -> str:
    """The value under the current key; `place` (table.column) is bound to it: moved elsewhere it
    cannot be read.

    >>> keys = Keys("1", {"1": bytes(32)}, bytes(32))
    >>> decrypt(keys, "people.iban", encrypt(keys, "people.iban", "ES91 2100"))
    'ES91 2100'
    """
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(keys.by_number[keys.current]).encrypt(nonce, value.encode(), place.encode())
    body = base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
    return f"{FORMAT}.{keys.current}.{blind(keys, place, value)}.{body}"


def decrypt(keys: Keys, place: str, stored: str) -> str:
    """The value again; Unreadable when its key is missing, or it was damaged or moved."""
    parts = stored.split(".")
    key = keys.by_number.get(parts[1]) if len(parts) == 4 and parts[0] == FORMAT else None
    if key is None:
        raise Unreadable("There is no key for this value.")
    try:
        body = base64.urlsafe_b64decode(parts[3] + "=" * (-len(parts[3]) % 4))
        return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("This value was damaged or moved.") from error


def key_number(stored: str) -> str:
    """The number of the key a value is encrypted under; "" for what is not encrypted.

    >>> key_number("e1.7.abc.def"), key_number("")
    ('7', '')
    """
    parts = stored.split(".")
    return parts[1] if len(parts) == 4 and parts[0] == FORMAT else ""


def blind(keys: Keys, place: str, value: str) -> str:
    """What equal values have in common, whatever their spaces and case; tells nothing else.

    >>> keys = Keys("1", {}, bytes(32))
    >>> blind(keys, "a", "es91 2100") == blind(keys, "a", "ES912100")
    True
    """
    said = "".join(letter for letter in fold(value) if letter.isalnum())
    return hmac.new(keys.index, f"{place}|{said}".encode(), hashlib.sha256).hexdigest()[:32]
