"""What somebody typed as a pattern that finds it inside a text written with other accents.

The patterns are regular expressions as PostgreSQL and Python both read them. They check what an
index has narrowed already: alone they would read every row.
"""

from __future__ import annotations

import re
from functools import cache

from vinculo.kernel.text.folding import fold, one_for_another

_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00), range(0xFF01, 0xFF5F))


def text_pattern(text: str) -> str:
    """A pattern of the text without regard to accents, width or traditional characters.

    Meant for a comparison that ignores case.

    >>> bool(re.search(text_pattern("anejos"), "Bodega Añejos", re.IGNORECASE))
    True
    >>> bool(re.search(text_pattern("台湾"), "臺灣茶行")), bool(re.search(text_pattern("a.b"), "axb"))
    (True, False)
    """
    return "".join(_sign(sign) for sign in fold(text))


def digits_pattern(text: str) -> str:
    """A pattern of the digits in a phone number, however either side groups them; "" without any.

    >>> bool(re.search(digits_pattern("912-345"), "+34 91 23 45 678"))
    True
    """
    return "[^0-9]*".join(sign for sign in fold(text) if sign.isdigit() and sign.isascii())


def _sign(sign: str) -> str:
    others = _variants().get(sign, "")
    return f"[{sign}{others}]" if others else re.escape(sign)


@cache
def _variants() -> dict[str, str]:
    """Folded sign → the other signs that are folded to it."""
    found: dict[str, str] = {}
    every = [chr(code) for codes in _LATIN for code in codes] + one_for_another()
    for sign in every:
        folded = fold(sign)
        if len(folded) == 1 and folded != sign and folded.isalnum() and sign.isalnum():
            found[folded] = found.get(folded, "") + sign
    return found
