"""The catalogues: reading, bringing up to date, writing and compiling them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scripts.wording.found import SOURCE, Key, Message

LOCALES = ("es", "zh_Hans", "zh_Hant")
FOLDER = SOURCE / "web" / "locale"
HEADER = """\
# Vinculo in {language}.
# How to translate, and which word stands for what: docs/translating.md
#"""


def path_of(locale: str) -> Path:
    """The catalogue of a language."""
    return FOLDER / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> Catalog:
    """The catalogue of a language as it stands; empty when there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return empty(locale)
    return read_po(io.BytesIO(path.read_bytes()), locale=locale)


class _Plain(Catalog):
    """A catalogue whose header says only what a reader of it needs, and never changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """The headers, without dates, versions and names."""
        kept = ("Language", "Plural-Forms", "MIME-Version", "Content-Type")
        kept += ("Content-Transfer-Encoding",)
        return [header for header in super()._get_mime_headers() if header[0] in kept]


def empty(locale: str) -> Catalog:
    """A catalogue without messages."""
    catalogue = _Plain(locale=locale, fuzzy=False)
    catalogue.header_comment = HEADER.format(language=Locale.parse(locale).english_name)
    return catalogue


def entries(catalogue: Catalog) -> Iterator[Entry]:
    """The messages of a catalogue, without its header."""
    return (entry for entry in catalogue if entry.id)


def key_of(entry: Entry) -> Key:
    """What an entry is filed under, in the terms of the source."""
    return entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]


def forms_of(entry: Entry) -> list[str]:
    """The translations of an entry: one, or one for each plural form."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)


def updated(locale: str, wanted: Mapping[Key, Message]) -> Catalog:
    """The catalogue with what the source wants now: what it no longer wants is dropped.

    Nothing is guessed from similar messages: a wrong translation is worse than a missing one.
    """
    old = {key_of(entry): entry for entry in entries(read(locale))}
    fresh = empty(locale)
    for key, message in sorted(wanted.items(), key=_order):
        known = old.get(key)
        forms = forms_of(known) if known else []
        if message.plural is None:
            identity: str | tuple[str, str] = message.singular
            string: str | tuple[str, ...] = forms[0] if forms else ""
        else:
            identity = (message.singular, message.plural)
            number = fresh.num_plurals
            string = tuple((forms + [""] * number)[:number])
        fresh.add(
            identity,
            string,
            locations=[(place, None) for place in sorted(message.places)],  # type: ignore[list-item]
            flags=(),
            auto_comments=message.comments,
            user_comments=known.user_comments if known else (),
            context=message.context,
        )
    return fresh


def _order(item: tuple[Key, Message]) -> tuple[str, str, str]:
    # By the file that shows it, so that what belongs together stands together.
    (context, singular), message = item
    return min(message.places), singular, context or ""


def text_of(catalogue: Catalog) -> bytes:
    """A catalogue as its file holds it: without line numbers, so that merges stay quiet."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()


def compiled(locale: str, catalogue: Catalog) -> bytes:
    """The catalogue as Django reads it at run time; the same .po always gives the same bytes."""
    plain = empty(locale)
    for entry in entries(catalogue):
        if all(forms_of(entry)):
            plain.add(entry.id, entry.string, context=entry.context)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()
