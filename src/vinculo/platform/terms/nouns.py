"""Which sentences name a record type: declared by the rooms, so that nothing else is ever reworded.

    name_noun("parties.company", says=("New company", "Delete this company?"),
              genders={"es": "f"}, agreeing={"es": ("[Nueva|Nuevo] empresa",)})

What one and many are called comes from the model. A sentence is reworded where its translation has
one of these words, whole; the places for values (`%(name)s`) are left alone. Where other words
follow the noun's gender, the translation is written out with both: the usual form first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation.trans_real import CONTEXT_SEPARATOR

EITHER = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


@dataclass(frozen=True)
class Noun:
    """One record type's noun: the sentences (msgids) that say it, in `one` and `many`."""

    key: str
    one: str
    many: str
    says: frozenset[str]
    #: Language → the gender of the usual noun, where the language asks for it ("f", "m").
    genders: Mapping[str, str] = field(default_factory=dict)


_NOUNS: dict[str, Noun] = {}
#: Language → usual translation → the same with both forms of what agrees with the noun.
_AGREEING: dict[str, dict[str, str]] = {}


def name_noun(
    key: str,
    *,
    one: str,
    many: str,
    says: tuple[str, ...],
    genders: Mapping[str, str] | None = None,
    agreeing: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Declare the sentences of a record type's noun; `context|msgid` for one with a context.

    `one` and `many` are the msgids of the noun itself.
    """
    sentences = (one, many, *(text.replace("|", CONTEXT_SEPARATOR) for text in says))
    _NOUNS[key] = Noun(key, one, many, frozenset(sentences), genders or {})
    for language, templates in (agreeing or {}).items():
        for template in templates:
            _AGREEING.setdefault(language, {})[usual_form(template)] = template


def nouns() -> dict[str, Noun]:
    """Every declared noun by its record type."""
    return _NOUNS


def agreeing(language: str) -> dict[str, str]:
    """Usual translation → the same with both forms."""
    return _AGREEING.get(language, {})


def usual_form(template: str) -> str:
    """The translation as the catalogue has it."""
    return EITHER.sub(r"\1", template)


def nouns_saying(message: str) -> Iterator[Noun]:
    """The nouns that a sentence names."""
    return (noun for noun in _NOUNS.values() if message in noun.says)
