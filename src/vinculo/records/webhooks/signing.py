"""Signatures by the Standard Webhooks specification (standardwebhooks.com, "v1"): the receiver
knows that it is we who call, that nothing was changed on the way, and that the call is a new one."""

import base64
import hashlib
import hmac

from django.conf import settings

PREFIX = "whsec_"


def secret_of(nonce: str) -> str:
    """An endpoint's secret, as its receiver keeps it.

    It is made from the installation's own key, which is not in the database: a dump does not
    tell it. A new installation key makes all secrets new.
    """
    key = hashlib.sha256(b"vinculo webhook\x00" + settings.SECRET_KEY.encode()).digest()
    made = hmac.new(key, nonce.encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(made).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message: its id (the same on every try), when, and the signature."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over id, time and body, in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
