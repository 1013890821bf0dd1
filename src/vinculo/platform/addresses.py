"""E-mail addresses of colleagues whose address we do not know yet.

A colleague who came in by a file without one is somebody whom records can belong to, and who cannot
sign in: their address is a placeholder that no mail ever reaches (RFC 2606), until an administrator
writes the true one.
"""

from __future__ import annotations

from vinculo.kernel.ids import token

PLACEHOLDER = "@no-address.invalid"


def placeholder() -> str:
    """An address for somebody without one."""
    return f"{token()[:16].lower()}{PLACEHOLDER}"


def is_address(email: str) -> bool:
    """Whether mail to it can arrive.

    >>> is_address("ana@acme.example"), is_address("x1@no-address.invalid")
    (True, False)
    """
    return not email.endswith(PLACEHOLDER)
