"""Look-alikes: letters of two alphabets in one word, or one alphabet posing as another."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Alphabets whose letters are mistaken for one another.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
# Cyrillic and Greek letters that a reader takes for Latin ones.
_POSING = frozenset("асеорхуіјѕһӏԁԛԝονρ")
_WORD = re.compile(r"[^\W\d_]+")


def has_look_alikes(text: str) -> bool:
    """Whether a word mixes alphabets, or could be read as a Latin word without being one.

    >>> has_look_alikes("раypal"), has_look_alikes("paypal"), has_look_alikes("москва")
    (True, False, False)
    """
    if text.isascii():
        return False
    return any(_deceives(word) for word in _WORD.findall(text.casefold()))


def _deceives(word: str) -> bool:
    if word.isascii():
        return False
    alphabets = {_alphabet(char) for char in word} & _ALIKE
    if len(alphabets) > 1:
        return True
    return "LATIN" not in alphabets and bool(alphabets) and all(char in _POSING for char in word)


@lru_cache(maxsize=2048)
def _alphabet(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
