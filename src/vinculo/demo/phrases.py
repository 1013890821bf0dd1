"""Everything that can be said with a customer, ready to be written: text and search keys made once.

The sentences of a language are few and customers are many, so a million interactions take their
words from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from vinculo.demo.tables import tsvector
from vinculo.demo.words import TONGUES
from vinculo.interactions.derived import interaction_keys

KINDS = ("call", "email", "note", "meeting", "visit")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and its search keys as a tsvector is written."""

    text: str
    keys: str


NOTHING = Phrase("", "")


@cache
def phrase(text: str) -> Phrase:
    """A text with its keys. No text of the demo holds a sign that COPY would misread."""
    if any(sign in text for sign in "\\\t\n\r"):
        raise ValueError(f"COPY would misread {text!r}")
    return Phrase(text, tsvector(interaction_keys(text, "", "", "")))


@cache
def subjects(language: str, kind: str) -> tuple[Phrase, ...]:
    """The subjects of one kind of interaction, about every product."""
    return _expanded(language, getattr(TONGUES[language].texts, f"{kind}s"))


@cache
def titles(language: str) -> tuple[Phrase, ...]:
    """The titles of tasks, about every product."""
    return _expanded(language, TONGUES[language].texts.tasks)


@cache
def bodies(language: str) -> tuple[Phrase, ...]:
    """What was said, at length."""
    return tuple(
        Phrase(text, tsvector(interaction_keys("", text, "", "")))
        for text in TONGUES[language].texts.bodies
    )


def _expanded(language: str, patterns: Sequence[str]) -> tuple[Phrase, ...]:
    products = TONGUES[language].texts.products
    # A pattern without a product is as likely as one with any of them.
    return tuple(
        phrase(pattern.replace("{product}", product))
        for pattern in patterns
        for product in products
    )
