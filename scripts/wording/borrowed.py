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


# allauth writes English titles In Capitals, and speaks of tokens: ours are sentences.
ENGLISH = {
    "Account Connections": "Connected accounts",
    "Account Inactive": "Account inactive",
    "Activate Authenticator App": "Activate an authenticator app",
    "Add Security Key": "Add a security key",
    "Add a Third-Party Account": "Add an account of another service",
    "Authenticator App": "Authenticator app",
    "Authenticator App Activated": "Authenticator app activated",
    "Authenticator App Deactivated": "Authenticator app deactivated",
    "Bad Token": "This link does not work",
    "Change Password": "Change password",
    "Confirm Access": "Confirm that it is you",
    "Current Password": "Current password",
    "Deactivate Authenticator App": "Deactivate the authenticator app",
    "Don't Trust": "Do not trust",
    "Edit Security Key": "Rename the security key",
    "Enter Password Reset Code": "Enter the code",
    "Enter Sign-In Code": "Enter the code",
    "IP Address": "IP address",
    "Login Cancelled": "Sign-in cancelled",
    "New Password": "New password",
    "New Password (again)": "New password, again",
    "New Recovery Codes Generated": "New recovery codes made",
    "Password Changed": "Password changed",
    "Password Reset": "Reset password",
    "Password Reset Code": "Password reset code",
    "Password Reset Email": "Password reset",
    "Password Set": "Password set",
    "Recovery Codes": "Recovery codes",
    "Remember Me": "Stay signed in",
    "Remove Security Key": "Remove the security key",
    "Request Code": "Request a code",
    "Reset My Password": "Reset my password",
    "Security Key Added": "Security key added",
    "Security Key Removed": "Security key removed",
    "Security Keys": "Security keys",
    "Set Password": "Set a password",
    "Sign In": "Sign in",
    "Sign In Via %(provider)s": "Sign in via %(provider)s",
    "Sign Out": "Sign out",
    "Sign Out Other Sessions": "Sign out everywhere else",
    "Sign-In Code": "Sign-in code",
    "Started At": "Started",
    "The password reset token was invalid.": "This link does not work any more.",
    "Third-Party Account Connected": "Account connected",
    "Third-Party Account Disconnected": "Account disconnected",
    "Third-Party Login Failure": "Sign-in failed",
    "Trust this Browser?": "Trust this browser?",
    "Two-Factor Authentication": "Two-factor authentication",
}


def compiled_english() -> bytes:
    """What Django reads for English: these titles, and nothing else."""
    from scripts.wording.catalogues import compiled, empty

    catalogue = empty("en")
    for theirs, ours in ENGLISH.items():
        catalogue.add(theirs, ours)
    return compiled("en", catalogue)
