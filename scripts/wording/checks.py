"""What is wrong with a catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from babel.messages.catalog import Catalog

from scripts.wording.catalogues import entries, forms_of, key_of, path_of
from scripts.wording.found import Key, Message, Problem, relative

PLACE = re.compile(r"%\((\w+)\)[sd]|%%|\{(\w*)\}|%[sd]")
TAGS = re.compile(r"</?\w[^>]*>")
# How a sentence may end in Chinese where the English ends so.
ENDS = {".": ".。", ":": ":：", "?": "?？", "…": "…", ",": ",:，"}


def problems(locale: str, catalogue: Catalog, wanted: Mapping[Key, Message]) -> Iterator[Problem]:
    """Everything that keeps the catalogue from being shown as it is."""
    file = relative(path_of(locale))
    held = {key_of(entry): entry for entry in entries(catalogue)}
    for key in wanted.keys() - held.keys():
        yield Problem(file, f"{key[1]!r} is missing: run `make messages`")
    for key in held.keys() - wanted.keys():
        yield Problem(file, f"{key[1]!r} is no longer shown anywhere: run `make messages`")
    for key in wanted.keys() & held.keys():
        entry, message = held[key], wanted[key]
        if entry.fuzzy:
            yield Problem(file, f"{key[1]!r} is marked fuzzy")
        forms = forms_of(entry)
        if not all(forms):
            yield Problem(file, f"{key[1]!r} is not translated")
            continue
        expected = catalogue.num_plurals if message.plural else 1
        if len(forms) != expected:
            yield Problem(file, f"{key[1]!r} has {len(forms)} forms instead of {expected}")
        for form in forms:
            for complaint in _complaints(message, form):
                yield Problem(file, f"{key[1]!r} → {form!r}: {complaint}")


def _complaints(message: Message, form: str) -> Iterator[str]:
    """Why one translation does not fit its message."""
    allowed = [_places(message.singular)]
    if message.plural:
        allowed.append(_places(message.plural))
    if _places(form) not in allowed:
        yield "other places than the English"
    original = message.plural or message.singular
    if sorted(TAGS.findall(form)) != sorted(TAGS.findall(original)):
        yield "other markup than the English"
    for ours, theirs in ((original[:1], form[:1]), (original[-1:], form[-1:])):
        if ours.isspace() != theirs.isspace():
            yield "other white space at an end than the English"
    ends = ENDS.get(original.rstrip()[-1:])
    last = form.rstrip()[-1:]
    if ends and last not in ends:
        yield f"does not end with {ends[-1]!r} as the English does"
    if not ends and last in ".。:：,，" and original.rstrip()[-1:] not in "”’\"')":
        yield "ends with a mark that the English does not have"


def _places(text: str) -> list[str]:
    return sorted(found[0] for found in PLACE.finditer(text))
