"""Opaque tokens: names of files and links that nobody can guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets

SHORTEST_TOKEN_BYTES = 16


def token(size: int = 20) -> str:
    """A random token of ``size`` bytes (at least 16), safe in addresses and file names."""
    if size < SHORTEST_TOKEN_BYTES:
        raise ValueError(f"A token needs at least {SHORTEST_TOKEN_BYTES} bytes.")
    return secrets.token_urlsafe(size)


def same_token(given: str, expected: str) -> bool:
    """Compare two tokens in a time that says nothing about where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def token_digest(secret: str) -> str:
    """What is stored of a token that only its owner keeps: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


LARGEST_ROW_ID = 2**63 - 1


def row_id(text: str) -> int | None:
    """The number of a row as an address or a form brings it; None for what is no such number.

    >>> row_id("42"), row_id("²"), row_id("9" * 5000), row_id("-1")
    (42, None, None, None)
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= LARGEST_ROW_ID else None
