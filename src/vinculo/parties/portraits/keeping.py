"""Where the bytes of pictures lie: beside the files, each under a token."""

from __future__ import annotations

from vinculo.kernel.errors import NotFound
from vinculo.parties.models import Party
from vinculo.platform import blobs

MEDIA_TYPE = "image/jpeg"
_MOST = 512 * 1024


def keep(jpeg: bytes) -> str:
    """Keep a picture that `drawing` has drawn; its token. What no party names is swept later."""
    token, _size, _digest = blobs.store([jpeg], _MOST)
    return token


def picture_of(party: Party) -> bytes:
    """The party's picture; empty where it has none or its bytes are gone."""
    if not party.portrait:
        return b""
    try:
        with blobs.opened(party.portrait) as file:
            return file.read()
    except NotFound:
        return b""


def picture_url(party: Party) -> str:
    """Its address, "" for none; another one for every picture, so that browsers may keep it."""
    if not party.portrait:
        return ""
    path = "companies" if party.kind == "company" else "people"
    return f"/{path}/{party.pk}/picture?v={party.portrait[:8]}"
