"""The company's own words as this process knows them: read again when their version is another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import lazy

from vinculo.platform.terms.nouns import nouns
from vinculo.platform.terms.rewording import Spoken, reword, without_capital


@dataclass(frozen=True)
class Known:
    """All own words: language → record type → (one, many, gender), and labels of fields."""

    version: str = "0"
    nouns: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)
    labels: dict[tuple[str, str, str], str] = field(default_factory=dict)
    #: (language, sentence, its usual translation) → with the own words; filled as pages are drawn.
    said: dict[tuple[str, str, str], str] = field(default_factory=dict, compare=False)


NONE = Known()
_known = NONE
_usual: ContextVar[bool] = ContextVar("usual_words", default=False)


def told(version: str) -> None:
    """The database has this version: read it where ours is another."""
    global _known
    if _known.version != version:
        _known = NONE if version == NONE.version else _read()


def version() -> str:
    """Which of the company's own words this process has: another after each renaming."""
    return _known.version


def forget() -> None:
    """Read the words anew with the next question for somebody's rights."""
    global _known
    _known = Known(version="")


def _read() -> Known:
    from vinculo.platform.models.terms import Term

    total = 0
    found = Known()
    for one in Term.objects.all():
        total += one.stamp
        if one.field:
            found.labels[one.entity, one.field, one.language] = one.one
        else:
            own = (one.one, one.many or one.one, one.gender)
            found.nouns.setdefault(one.language, {})[one.entity] = own
    return Known(str(total), found.nouns, found.labels)


@contextmanager
def usual_words() -> Iterator[None]:
    """Inside, everything is called as the catalogues have it."""
    token = _usual.set(True)
    try:
        yield
    finally:
        _usual.reset(token)


def own_sentence(language: str, message: str, said: str) -> str:
    """A sentence's translation with the company's own nouns; unchanged where it names none."""
    known = _known
    own = known.nouns.get(language)
    if not own or _usual.get() or not any(message in nouns()[key].says for key in own):
        return said
    kept = known.said.get((language, message, said))
    if kept is None:
        kept = reword(said, language, spoken(language, own))
        known.said[language, message, said] = kept
    return kept


def spoken(language: str, own: dict[str, tuple[str, str, str]]) -> list[Spoken]:
    """Every noun in a language, with the own words of those that have some."""
    found = []
    for noun in nouns().values():
        with usual_words(), translation.override(language):
            one, many = (
                without_capital(translation.gettext(text)) for text in (noun.one, noun.many)
            )
        own_one, own_many, gender = own.get(noun.key, ("", "", ""))
        usual = noun.genders.get(language, "")
        other = bool(own_one and gender and usual and gender != usual)
        found.append(Spoken(noun.key, one, many, own_one, own_many, other))
    return found


def _label(entity_key: str, name: str, usual: Any) -> str:
    own = _known.labels
    if own and not _usual.get():
        language = translation.get_language() or "en"
        return own.get((entity_key, name, language)) or str(usual)
    return str(usual)


#: What a field of a record type is called, where and when it is shown: (type, name, usual label).
field_label = lazy(_label, str)


def names_of(label: Any) -> set[str]:
    """What a label is called now, and what it was called before anybody renamed it."""
    with usual_words():
        usual = str(label)
    return {str(label), usual}
