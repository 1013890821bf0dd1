"""Messages of Django and allauth that our catalogues say better, or say at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scripts.wording.found import Message

MESSAGES = [
    # Not in Django's Simplified Chinese.
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    # Less formal there than the rest of the page, or stilted.
    (
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    ("Your password can’t be too similar to your other personal information.", None),
    ("Your password can’t be a commonly used password.", None),
    ("The password is too similar to the %(verbose_name)s.", None),
    ("Enter a valid email address.", None),
    # Title case, "token", and other words than ours.
    ("Account Connections", None),
    ("Are you sure you want to sign out?", None),
    ("Bad Token", None),
    ("Password Reset", None),
    ("Sign Out", None),
]


def messages(_root: Path) -> Iterator[tuple[Path, Message]]:
    """Every borrowed message."""
    for singular, plural in MESSAGES:
        yield Path(__file__), Message(singular, plural)
