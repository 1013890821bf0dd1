"""The sentences that name a record type, as they read now: what an administrator looks through."""

from django.utils import translation
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

from vinculo.platform.terms.nouns import nouns


def sentences_of(key: str, language: str) -> list[str]:
    """Each sentence that names the record type, in its own words, without repeats."""
    noun = nouns().get(key)
    if noun is None:
        return []
    with translation.override(language):
        said = {_said(message) for message in noun.says}
    return sorted(said, key=lambda text: (len(text), text))


def _said(message: str) -> str:
    context, _separator, text = message.rpartition(CONTEXT_SEPARATOR)
    return translation.pgettext(context, text) if context else translation.gettext(text)
