"""Every sentence of the catalogues that names a record type is declared, or has another sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from scripts.wording import catalogues

from vinculo.platform.terms.known import spoken
from vinculo.platform.terms.nouns import EITHER, agreeing, nouns
from vinculo.platform.terms.rewording import reword

LANGUAGES = ("en", "es", "zh-hans", "zh-hant")
#: Sentences with the word in another sense: one line each, `record type: msgid`.
OTHER_SENSES = Path(__file__).with_name("other_senses.txt")
FOLDERS = {"es": "es", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
#: Words that agree with a Spanish noun beside them.
AGREES = re.compile(
    r"\b(el|la|los|las|un|una|unos|unas|del|al|est[ea]s?|es[ea]s?|ningun[ao]?|ningún|nuev[ao]s?"
    r"|tod[ao]s|otr[ao]s?|ambas|ambos|mism[ao])\s+(?:mis\s+)?(?=%s\b)",
    re.IGNORECASE,
)


def messages(language: str) -> Iterator[tuple[str, list[str]]]:
    """Every message of ours with its translations: (msgid with context, forms)."""
    for one in catalogues.read(FOLDERS.get(language, "es")):
        if not one.id:
            continue
        ids = [one.id] if isinstance(one.id, str) else list(one.id)
        said = [one.string] if isinstance(one.string, str) else list(one.string)
        yield (
            (f"{one.context}|{ids[0]}" if one.context else ids[0]),
            (ids if language == "en" else said),
        )


def named(language: str) -> dict[str, str]:
    """Record type → a pattern of its usual words."""
    found = {}
    for one in spoken(language, {}):
        words = "|".join(map(re.escape, sorted({one.one, one.many}, key=len, reverse=True)))
        found[one.key] = words if language.startswith("zh") else rf"(?<!\w)(?:{words})(?!\w)"
    return found


def without_places(text: str) -> str:
    return re.sub(
        r"%\(\w+\)s|%\w|<[^>]*>|--\w+|\S*\.(zip|csv|com)\b", "", text, flags=re.IGNORECASE
    )


def test_every_sentence_with_a_noun_is_known() -> None:
    """Add a sentence to its room's nouns.py; to the list here, if it means something else."""
    other = {tuple(line.split(": ", 1)) for line in OTHER_SENSES.read_text("utf-8").splitlines()}
    met, unknown = set(), set()
    for language in LANGUAGES:
        patterns = named(language)
        for message, forms in messages(language):
            text = without_places(" ".join(forms))
            for key, pattern in patterns.items():
                if not re.search(pattern, text, re.IGNORECASE):
                    continue
                if message.replace("|", trans_real.CONTEXT_SEPARATOR) in nouns()[key].says:
                    continue
                met.add((key, message))
                if (key, message) not in other:
                    unknown.add((key, message))
    assert not unknown, "\n" + "\n".join(sorted(f"{key}: {text}" for key, text in unknown))
    assert not other - met, f"no longer needed: {sorted(other - met)}"


def test_every_declared_sentence_is_in_the_catalogue() -> None:
    known = {message.replace("|", trans_real.CONTEXT_SEPARATOR) for message, _f in messages("es")}
    for noun in nouns().values():
        assert noun.says <= known, noun.says - known


def test_spanish_sentences_say_what_agrees_in_both_forms() -> None:
    forms = {text for _message, some in messages("es") for text in some}
    lost = [usual for usual in agreeing("es") if usual not in forms]
    assert not lost, lost
    for one in spoken("es", {}):
        beside = re.compile(AGREES.pattern % f"(?:{one.one}|{one.many})", re.IGNORECASE)
        for message, said in messages("es"):
            plain = message.replace("|", trans_real.CONTEXT_SEPARATOR)
            if plain not in nouns()[one.key].says:
                continue
            for text in said:
                left = EITHER.sub("", agreeing("es").get(text, text))
                assert not beside.search(left), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_renamed_noun_is_nowhere_said_the_old_way(language: str) -> None:
    own = dict.fromkeys(nouns(), ("Zorkel", "Zorkels", "m"))
    renamed = spoken(language, own)
    patterns = named(language)
    said = dict(messages(language))
    with translation.override(language):
        for noun in nouns().values():
            for message in noun.says:
                for text in said[message.replace(trans_real.CONTEXT_SEPARATOR, "|")]:
                    now = without_places(reword(text, language, renamed))
                    assert not re.search(patterns[noun.key], now, re.IGNORECASE), now
                    assert "[" not in now
