"""What counts as a word, and as a run of Chinese, Japanese or Korean characters."""

from __future__ import annotations

import re

# Kana, Han (with its extensions and the iteration mark) and Hangul: written without spaces, or
# short enough that a pair of characters says as much as a word.
CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af"
)
_HAN_FIRST, _HANGUL_LAST = "\u3005", "\U000323af"

TOKEN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
ASCII_TOKEN = re.compile("[a-z0-9]+")
# Words glued by punctuation: "coca-cola", "s.l.", "at&t", "o'brien", "b-12345678".
GLUED = f"[^\\W_{CJK}]+(?:[-.&'/+_][^\\W_{CJK}]+)+"
_COMPOUND = re.compile(GLUED)
_GLUE = re.compile("[-.&'/+_]")


def is_cjk(token: str) -> bool:
    """Whether a token of ``TOKEN`` is a run of CJK characters (a token is never mixed)."""
    return _HAN_FIRST <= token[0] <= _HANGUL_LAST and re.match(f"[{CJK}]", token) is not None


def tokens_of(folded: str) -> list[str]:
    """The words and CJK runs of folded text, in order.

    >>> tokens_of("abc远景 12-3")
    ['abc', '远景', '12', '3']
    """
    return (ASCII_TOKEN if folded.isascii() else TOKEN).findall(folded)


def compounds_of(folded: str) -> list[str]:
    """The words of folded text that are glued by punctuation, with it.

    >>> compounds_of("coca-cola s.l. & co.")
    ['coca-cola', 's.l']
    """
    return _COMPOUND.findall(folded) if _GLUE.search(folded) else []
