"""How records are found: the keys a record is filed under, and the query that meets them.

Keys are lexemes of a tsvector (``array_to_tsvector``); a query is a chain of prefix lexemes. A
prefix of a suffix is a middle, so "wind" finds "Northwind" without a scan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vinculo.kernel.text import pinyin
from vinculo.kernel.text.folding import fold
from vinculo.kernel.text.tokens import compounds_of, is_cjk, tokens_of

MOST_KEYS = 200
LONGEST_KEY = 60
_LONGEST_TEXT = 400
_SHORTEST_WORD_PART = 3
_SHORTEST_NUMBER_PART = 4
_MOST_SYLLABLES = 24
_NOT_DIGITS = re.compile("[^0-9]+")


@dataclass(frozen=True, slots=True)
class SearchValues:
    """What a record is found by, as it was typed; empty values are allowed."""

    names: Iterable[str] = ()
    phones: Iterable[str] = ()
    emails: Iterable[str] = ()
    codes: Iterable[str] = ()
    words: Iterable[str] = ()


def search_keys(values: SearchValues, *, middles: bool = True) -> list[str]:
    """The record's search keys, most telling first, at most 200 of at most 60 characters.

    Without `middles` only whole words, pairs of characters and their sounds: for millions of rows
    of which one types the beginning.

    >>> search_keys(SearchValues(names=["Furtado"], phones=["+34 955 47 29 12"]))[:4]
    ['furtado', '34955472912', 'urtado', 'rtado']
    >>> search_keys(SearchValues(names=["远景"]))
    ['远景', 'yuanjing', 'yj', '远', '景', 'jing']
    """
    whole: list[str] = []
    parts: list[str] = []
    for name in values.names:
        _file_text(name, whole, parts)
    for code in values.codes:
        _file_code(code, whole, parts)
    for phone in values.phones:
        _file_phone(phone, whole, parts)
    for email in values.emails:
        _file_email(email, whole, parts)
    for text in values.words:
        _file_text(text, whole, parts)
    return list(dict.fromkeys(whole + parts if middles else whole))[:MOST_KEYS]


def _file_text(text: str, whole: list[str], parts: list[str]) -> None:
    folded = fold(text[:_LONGEST_TEXT])
    if not folded:
        return
    for token in tokens_of(folded):
        complete, pieces = _text_token_keys(token)
        whole += complete
        parts += pieces
    for compound in compounds_of(folded):
        # Also as one word: "s.l." is asked for as "sl", "coca-cola" as "cocacola"; and from each
        # of its words on. What begins inside a word is filed with that word.
        words = tokens_of(compound)
        whole.append("".join(words)[:LONGEST_KEY])
        parts += ["".join(words[at:])[:LONGEST_KEY] for at in range(1, len(words))]


@lru_cache(maxsize=32768)
def _text_token_keys(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # Words repeat from record to record ("company", "maria", "有限公司"), so they are kept.
    if is_cjk(token):
        return _cjk_keys(token)
    return (token[:LONGEST_KEY],), tuple(_suffixes(token[:LONGEST_KEY], _SHORTEST_WORD_PART))


def _cjk_keys(run: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    bigrams = [run[at : at + 2] for at in range(len(run) - 1)]
    sounds = pinyin.syllables(run[:_MOST_SYLLABLES])
    readings = [sounds]
    surname = pinyin.as_surname(run)
    if surname and surname != sounds[0]:
        readings.append((surname, *sounds[1:]))
    complete, pieces = bigrams, list(run)
    for reading in readings:
        heard, heard_parts = _sound_keys(reading)
        complete += heard
        pieces += heard_parts
    return tuple(complete), tuple(pieces)


def _sound_keys(reading: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Keys of the Chinese parts of a reading: whole syllables from each one on, and initials."""
    # A character without a syllable (kana, a rare sign) stands for itself: it has no sound.
    sounds = [numbered[:-1] for numbered in reading if numbered[:-1].isascii() and numbered[1:]]
    if not sounds:
        return [], []
    # "ü" is typed as "v" on a Chinese keyboard and as "u" by everybody else.
    spellings = [[sound.replace("v", "u") for sound in sounds]]
    if any("v" in sound for sound in sounds):
        spellings.append(sounds)
    complete: list[str] = []
    pieces: list[str] = []
    for spelling in spellings:
        joined = ["".join(spelling[at:])[:LONGEST_KEY] for at in range(len(spelling))]
        complete.append(joined[0])
        pieces += joined[1:]
    initials = "".join([sound[0] for sound in sounds])
    if len(initials) > 1:
        complete.append(initials)
        pieces += _suffixes(initials, 2)
    return complete, pieces


def _file_code(code: str, whole: list[str], parts: list[str]) -> None:
    folded = "".join(tokens_of(fold(code[:_LONGEST_TEXT])))[:LONGEST_KEY]
    if folded:
        whole.append(folded)
        parts += _suffixes(folded, _SHORTEST_NUMBER_PART)


def _file_phone(phone: str, whole: list[str], parts: list[str]) -> None:
    digits = _NOT_DIGITS.sub("", fold(phone[:_LONGEST_TEXT]))[-LONGEST_KEY:]
    if digits:
        whole.append(digits)
        parts += _suffixes(digits, _SHORTEST_NUMBER_PART)


def _file_email(email: str, whole: list[str], parts: list[str]) -> None:
    folded = fold(email[:_LONGEST_TEXT])
    local, at, domain = folded.rpartition("@")
    if not at:
        _file_text(email, whole, parts)
        return
    local_keys, local_parts = _email_part_keys(local)
    domain_keys, domain_parts = _domain_keys(domain)
    whole.append(folded[:LONGEST_KEY])
    whole += local_keys
    whole += domain_keys
    parts += local_parts
    parts += domain_parts


def _email_part_keys(part: str) -> tuple[list[str], list[str]]:
    """Keys of a local part or a domain: whole, word by word and from the middle of words."""
    words = tokens_of(part)
    whole = [part[:LONGEST_KEY]] if part else []
    parts: list[str] = []
    for word in words:
        if word.isascii():
            # Not kept as the words of names are: local parts hardly repeat.
            whole.append(word[:LONGEST_KEY])
            parts += _suffixes(word[:LONGEST_KEY], _SHORTEST_WORD_PART)
        else:
            complete, pieces = _text_token_keys(word)
            whole += complete
            parts += pieces
    if len(words) > 1:
        parts.append("".join(words)[:LONGEST_KEY])
    return whole, parts


_domain_keys = lru_cache(maxsize=8192)(_email_part_keys)


def _suffixes(word: str, shortest: int) -> list[str]:
    return [word[at:] for at in range(1, len(word) - shortest + 1)]
