"""Any picture as a small PNG for papers. It is decoded and drawn anew: nothing else comes through."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from vinculo.kernel.errors import DomainError, _

#: Enough for a logo three centimetres high in print.
WIDEST, HIGHEST = 900, 360
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")


def drawn_logo(raw: bytes) -> bytes:
    """The picture as a PNG of at most 900 by 360 pixels, see-through where it was. DomainError on
    `logo` for what is no picture, or too large."""
    if len(raw) > MOST_BYTES:
        raise DomainError(_("The picture is larger than %(most)s MB."), "logo", most=5)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd inside the file does not matter here
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise DomainError(_("The picture has too many pixels."), "logo")
                return _small(image)
    except DomainError:
        raise
    except Exception as error:  # a decoder trips in many ways over what is damaged
        raise DomainError(
            _("The picture cannot be read. Use a JPEG, PNG, GIF, WebP or BMP file."), "logo"
        ) from error


def _small(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    upright.info.clear()  # comments of the original would be written again
    out = io.BytesIO()
    upright.save(out, "PNG", optimize=True)
    return out.getvalue()
