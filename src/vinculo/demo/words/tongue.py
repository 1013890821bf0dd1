"""What a language brings to the demo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: how a company's name says it, in English, and the industry it is."""

    word: str
    english: str
    industry: str


@dataclass(frozen=True, slots=True)
class Title:
    """A job title and the role it stands for."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said with customers; `{product}` is one of `products`."""

    calls: tuple[str, ...]
    emails: tuple[str, ...]
    meetings: tuple[str, ...]
    visits: tuple[str, ...]
    notes: tuple[str, ...]
    bodies: tuple[str, ...]
    tasks: tuple[str, ...]
    products: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's names, words and sentences.

    `given`, `family` and `roots` are (as written, in Latin letters); the same twice where the
    language is written in Latin letters.
    """

    language: str
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    roots: tuple[tuple[str, str], ...]
    trades: tuple[Trade, ...]
    forms: tuple[str, ...]
    titles: tuple[Title, ...]
    salutations: tuple[str, ...]
    interests: tuple[str, ...]
    preferences: tuple[str, ...]
    descriptions: tuple[str, ...]
    texts: Texts
    two_surnames: bool = False


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Words of Latin letters: written as they are."""
    return tuple((word, word) for word in text.split())


def spelled(text: str) -> tuple[tuple[str, str], ...]:
    """Words given as written=latin."""
    found = (word.split("=") for word in text.split())
    return tuple((written, latin) for written, latin in found)


def lines(text: str) -> tuple[str, ...]:
    """One entry per line."""
    return tuple(line.strip() for line in text.strip().splitlines() if line.strip())


def trades(text: str) -> tuple[Trade, ...]:
    """One trade per line: word | English | industry."""
    return tuple(Trade(*(part.strip() for part in line.split("|"))) for line in lines(text))


def titles(text: str) -> tuple[Title, ...]:
    """One title per line: name | role."""
    return tuple(Title(*(part.strip() for part in line.split("|"))) for line in lines(text))
