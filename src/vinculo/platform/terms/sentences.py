"""The sentences that name a record type, as they read now: what an administrator looks through."""

from django.utils import translation
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

from vinculo.platform.terms.known import spoken, usual_words
from vinculo.platform.terms.nouns import nouns
from vinculo.platform.terms.rewording import reword

#: A word that is in no sentence: what changes when a noun becomes it names that noun.
PROBE = "\u2063"


def sentences_of(key: str, language: str) -> list[str]:
    """Each sentence that names the record type in this language, in its own words, once."""
    noun = nouns().get(key)
    if noun is None:
        return []
    probe = [one for one in spoken(language, {key: (PROBE, PROBE, "")}) if one.key == key]
    found = set()
    with translation.override(language):
        for message in noun.says:
            with usual_words():
                usual = _said(message)
            if reword(usual, language, probe) != usual:
                found.add(_said(message))
    return sorted(found, key=lambda text: (len(text), text))


def _said(message: str) -> str:
    context, _separator, text = message.rpartition(CONTEXT_SEPARATOR)
    return translation.pgettext(context, text) if context else translation.gettext(text)
