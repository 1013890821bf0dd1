"""Any picture as a small square JPEG. What cannot be read is refused with its reason.

The picture is decoded and drawn anew: nothing of what was sent (scripts in an SVG, places in EXIF,
something appended) comes through.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from vinculo.kernel.errors import DomainError, _

SIDE = 256  # pixels
MOST_BYTES = 5 * 1024 * 1024
#: A picture of a few kilobytes may unpack to gigabytes.
MOST_PIXELS = 40_000_000
#: What is decoded at all: an SVG, a PDF or an EPS is a program, not a picture.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
QUALITY = 85
_DATA = re.compile(r"data:[^,]*;base64,", re.I)


def drawn(raw: bytes) -> bytes:
    """The picture as a JPEG of 256 by 256 pixels, cut to its middle. DomainError on `picture` for
    what is no picture, or too large."""
    if len(raw) > MOST_BYTES:
        raise DomainError(_("The picture is larger than %(most)s MB."), "picture", most=5)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd inside the file does not matter here
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise DomainError(_("The picture has too many pixels."), "picture")
                image.draft("RGB", (2 * SIDE, 2 * SIDE))
                return _square(image)
    except DomainError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise _unreadable() from None
    except Exception as error:  # a decoder trips in many ways over what is damaged
        raise _unreadable() from error


def drawn_from_text(text: str) -> bytes:
    """The same for a picture that is written as base64, with or without `data:…` before it."""
    coded = _DATA.sub("", text, count=1)
    if len(coded) > MOST_BYTES * 4 // 3 + 8:
        raise DomainError(_("The picture is larger than %(most)s MB."), "picture", most=5)
    try:
        raw = base64.b64decode("".join(coded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _unreadable() from None
    return drawn(raw)


def _square(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Image.new("RGB", upright.size, "white")
        ground.paste(upright, mask=upright.getchannel("A"))
        upright = ground
    side = min(SIDE, *upright.size)
    small = ImageOps.fit(upright.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
    small.info.clear()  # comments of the original would be written again
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _unreadable() -> DomainError:
    return DomainError(
        _("The picture cannot be read. Use a JPEG, PNG, GIF, WebP or BMP file."), "picture"
    )
