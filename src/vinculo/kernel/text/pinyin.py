"""How Chinese sounds: syllables with their tone, from a table made once from pypinyin."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

# Surnames that sound unlike the same character elsewhere.
_SURNAME_READING = {
    "单": "shan4", "單": "shan4", "曾": "zeng1", "仇": "qiu2", "解": "xie4", "查": "zha1",
    "翟": "zhai2", "朴": "piao2", "盖": "ge3", "蓋": "ge3", "覃": "qin2", "缪": "miao4",
    "繆": "miao4", "区": "ou1", "區": "ou1",
}  # fmt: skip
_LONGEST_PHRASE = 3


class _Table(NamedTuple):
    characters: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    phrase_starts: frozenset[str]


@cache
def _table() -> _Table:
    """Read on first need: a company without Chinese customers never pays for it."""
    text = files(__package__).joinpath("pinyin.txt").read_text(encoding="utf-8")
    by_syllable, _gap, by_phrase = text.partition("\n\n")
    characters = {
        char: syllable
        for syllable, chars in (line.split(" ", 1) for line in by_syllable.splitlines())
        for char in chars
    }
    phrases = {}
    for line in by_phrase.splitlines():
        phrase, *syllables = line.split(" ")
        phrases[phrase] = tuple(syllables)
    return _Table(characters, phrases, frozenset(phrase[0] for phrase in phrases))


@lru_cache(maxsize=16384)
def syllables(run: str) -> tuple[str, ...]:
    """The numbered syllable of each character; a character without one stands for itself.

    >>> syllables("重庆")
    ('chong2', 'qing4')
    """
    characters, phrases, phrase_starts = _table()
    sounds = [characters.get(char, char) for char in run]
    if not phrase_starts.isdisjoint(run):
        at = 0
        while at < len(run) - 1:
            step = 1
            if run[at] in phrase_starts:
                for length in range(_LONGEST_PHRASE, 1, -1):
                    known = phrases.get(run[at : at + length])
                    if known:
                        step = len(known)
                        sounds[at : at + step] = known
                        break
            at += step
    return tuple(sounds)


def as_surname(run: str) -> str | None:
    """The numbered syllable of the first character when the run may be a person's name.

    >>> as_surname("单田芳"), as_surname("王芳")
    ('shan4', None)
    """
    return _SURNAME_READING.get(run[0]) if 2 <= len(run) <= _LONGEST_PHRASE else None
