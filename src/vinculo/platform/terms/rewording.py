"""Saying a sentence with the company's own noun: number, capital, article and agreement follow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vinculo.platform.terms.nouns import EITHER, agreeing

#: Places for values and markup: what stands in them is not ours to reword.
PLACE = r"%%|%\([^)]*\)[a-z]|%[sd]|\{[^}]*\}|<[^>]*>"
CHINESE = r"[\u3400-\u9fff]"
#: English words that begin with a vowel's letter but not with its sound, and the other way round.
LIKE_YOU = re.compile(r"(uni|use|usu|eu|one\b|once\b|ut(il|op))", re.IGNORECASE)
LIKE_HOUR = re.compile(r"(hour|honou?r|honest|heir)", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """A noun in one language: the usual words, and the company's own ("" for none)."""

    key: str
    one: str
    many: str
    own_one: str = ""
    own_many: str = ""
    #: Whether the own noun has the other gender than the usual one.
    other_gender: bool = False

    @property
    def renamed(self) -> bool:
        """Whether the company has a word of its own."""
        return bool(self.own_one)

    def own_for(self, word: str) -> str:
        """The own word for the usual one as it stands in the sentence."""
        many = word.casefold() == self.many.casefold() != self.one.casefold()
        own = self.own_many if many else self.own_one
        if word.lower() == word.upper():
            return own  # a script without capitals: as it was typed
        return with_capital(own) if word[:1].isupper() else without_capital(own)


def with_capital(word: str) -> str:
    """The word at the beginning of a sentence."""
    return word[:1].upper() + word[1:]


def without_capital(word: str) -> str:
    """The word inside a sentence; abbreviations (VIP client, KYC file) keep their capitals."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def article(word: str) -> str:
    """The English indefinite article of a word."""
    if word[1:2].isupper():  # spelt out: an NGO, a VIP
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    vowel = word[:1].lower() in "aeiou" and not LIKE_YOU.match(word)
    return "an" if vowel or LIKE_HOUR.match(word) else "a"


def reword(text: str, language: str, spoken: Iterable[Spoken]) -> str:
    """`text` (a translation into `language`) with the company's own nouns in it."""
    known = {word.casefold(): one for one in spoken for word in (one.one, one.many) if word}
    if not known:
        return text
    template = agreeing(language).get(text, text)
    found = re.compile(f"{PLACE}|{EITHER.pattern}|{_words(known, language)}", re.IGNORECASE)
    parts: list[_Part] = []
    end = 0
    for match in found.finditer(template):
        parts.append(_Part(template[end : match.start()]))
        parts.append(_part(match, known))
        end = match.end()
    parts.append(_Part(template[end:]))
    said = "".join(part.said(at, parts) for at, part in enumerate(parts))
    return _spaced(said) if language.startswith("zh") and said != text else said


def _words(known: dict[str, Spoken], language: str) -> str:
    words = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    if language.startswith("zh"):
        return f"(?P<word>{words})"
    before = r"(?:\b(?P<article>an?)(?P<gap>\s+))?" if language == "en" else ""
    return rf"{before}(?<!\w)(?P<word>{words})(?!\w)"


@dataclass(frozen=True)
class _Part:
    """A piece of a sentence: plain text, a noun, or a choice between two forms."""

    text: str
    noun: Spoken | None = None
    word: str = ""
    article: str = ""
    gap: str = ""
    forms: tuple[str, str] | None = None

    def said(self, at: int, parts: list[_Part]) -> str:
        if self.forms is not None:
            return self.forms[_noun_near(at, parts)]
        if self.noun is None or not self.noun.renamed:
            return self.text
        own = self.noun.own_for(self.word)
        if not self.article:
            return own
        said = article(own)
        return f"{with_capital(said) if self.article[0].isupper() else said}{self.gap}{own}"


def _part(match: re.Match[str], known: dict[str, Spoken]) -> _Part:
    found = match.groupdict()
    if found["word"]:
        noun = known[found["word"].casefold()]
        return _Part(match[0], noun, found["word"], found.get("article") or "", found.get("gap") or "")  # fmt: skip
    if match[1] is not None:
        return _Part(match[0], forms=(match[1], match[2]))
    return _Part(match[0])


def _noun_near(at: int, parts: list[_Part]) -> int:
    """Which form: it belongs to the noun that comes next, or else to the one before."""
    nouns = [part.noun for part in (*parts[at + 1 :], *reversed(parts[:at])) if part.noun]
    return int(bool(nouns) and nouns[0].other_gender)


def _spaced(text: str) -> str:
    """Latin words stand apart from Chinese ones."""
    text = re.sub(f"({CHINESE})(?=[A-Za-z])", r"\1 ", text)
    return re.sub(f"([A-Za-z])(?={CHINESE})", r"\1 ", text)
