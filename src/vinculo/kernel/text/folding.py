"""Text as people type it: cleaned for keeping, folded for comparing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

# Invisible characters that make two names look alike or turn text around: control, soft hyphen,
# zero-width, bidirectional overrides and isolates, interlinear and tag characters, surrogates.
_JOINERS = "\u200c\u200d"
_INVISIBLE_BUT_JOINERS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff"
)
_invisible = re.compile(f"[{_INVISIBLE_BUT_JOINERS}{_JOINERS}]+")
_invisible_in_prose = re.compile(f"[{_INVISIBLE_BUT_JOINERS}]+")

# Accents of Latin, Greek, Cyrillic, Hebrew and Arabic. Marks of other scripts are letters there
# (the vowels of Hindi, the voicing of Japanese) and stay.
_accents = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def _simplified_characters() -> dict[str, str]:
    """Simplified characters for traditional ones: 臺灣 and 台湾 are one place."""
    table = files(__package__).joinpath("simplified.txt").read_text(encoding="utf-8")
    traditional, simplified = table.splitlines()
    return dict(zip(traditional, simplified, strict=True))


# What stays one character in decomposition but compares as another: traditional Chinese, letters
# with strokes, signs with several shapes.
_one_for_another = str.maketrans(
    _simplified_characters()
    | {
        "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n",
        "œ": "oe", "æ": "ae", "þ": "th", "ŧ": "t", "ƒ": "f", "ɨ": "i", "ʉ": "u", "ɵ": "o",
        "ƀ": "b", "ɓ": "b", "ɗ": "d", "ə": "e", "ɛ": "e", "ɔ": "o", "ɣ": "g", "ʒ": "z",
        "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "`": "'", "‐": "-", "‒": "-",
        "–": "-", "—": "-", "―": "-", "−": "-",
    }
)  # fmt: skip


def one_for_another() -> list[str]:
    """The signs that compare as another one without being decomposed: 臺, ø, ’."""
    return [chr(code) for code in _one_for_another]


def clean(text: str) -> str:
    """One line of text for keeping: NFC, nothing invisible, single spaces.

    >>> clean("  Ana\\u202e  Pe\\u0301rez\\n")
    'Ana Pérez'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = _invisible.sub("", text)
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def clean_lines(text: str) -> str:
    """Prose for keeping: like ``clean``, but lines, indentation and joined emoji stay."""
    visible = _invisible_in_prose.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip() for line in re.split("[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", visible)]
    return unicodedata.normalize("NFC", "\n".join(lines).strip("\n"))


def fold(text: str) -> str:
    """The text as far as comparing goes: no case or accents, half width, simplified Chinese.

    >>> fold("  PEÑA & Straße ＡＢＣ１２３ Łódź ")
    'pena & strasse abc123 lodz'
    >>> fold("臺灣") == fold("台湾")
    True
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return _fold_once(text) if len(text) <= _OFTEN_REPEATED else _fold_signs(text)


def _fold_signs(text: str) -> str:
    folded = unicodedata.normalize("NFKD", _invisible.sub("", text)).casefold()
    if not folded.isascii():
        # Casefolding and compatibility can each make work for the other ("ΐ", "㎒").
        folded = unicodedata.normalize("NFKD", folded).casefold()
        folded = _accents.sub("", folded.translate(_one_for_another))
        folded = unicodedata.normalize("NFC", folded)
    return " ".join(_invisible.sub("", folded).split())


# Cities, regions and one record's own names are folded again and again.
_OFTEN_REPEATED = 100
_fold_once = lru_cache(maxsize=8192)(_fold_signs)
