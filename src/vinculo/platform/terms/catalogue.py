"""Where own words come in: right behind the catalogues, before any value is put into a sentence."""

from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

from vinculo.platform.terms.known import own_sentence


class OwnWords(trans_real.DjangoTranslation):
    """A language's catalogue, which says the company's nouns instead of the usual ones."""

    def gettext(self, message: str) -> str:
        """The translation of `message`."""
        return self._own(message, super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The translation for `n` of them."""
        return self._own(msgid1, super().ngettext(msgid1, msgid2, n))

    def _own(self, message: str, said: str) -> str:
        # English has no catalogue of its own: a sentence with a context comes back with it.
        plain = said.rpartition(CONTEXT_SEPARATOR)[2]
        own = own_sentence(self.language(), message, plain)
        return said if own == plain else own


def install() -> None:
    """Have Django make such catalogues; it has no other place where this can be said."""
    trans_real.DjangoTranslation = OwnWords  # type: ignore[misc]
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
