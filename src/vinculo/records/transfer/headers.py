"""Which column of a file means which field: a guess a person can follow and correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from rapidfuzz import fuzz, process

from vinculo.kernel.errors import _
from vinculo.platform.terms.known import names_of
from vinculo.records.transfer.looks import look_of
from vinculo.records.transfer.presets import Preset
from vinculo.records.transfer.vocabulary import (
    BETTER_SCOPES,
    CHINESE_SCOPES,
    FOREIGN_SCOPES,
    LESSER_SCOPES,
    concepts_by_phrase,
    plain,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A field an import can fill.

    ``kind`` says how its text is read (see ``values.py``); ``concepts`` are the meanings of
    headers it takes, best first; ``multiple`` lets several columns fill it.
    """

    key: str
    label: str | Promise
    kind: str = "text"
    concepts: tuple[str, ...] = ()
    multiple: bool = False
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is taken for: a target's key or None, how sure (0 to 1), and why (msgid)."""

    column: int
    header: str
    target: str | None
    confidence: float
    reason: str


BY_PRESET = _("Exports of this program have it there.")
LEFT_OUT = _("Exports of this program are better read without it.")
BY_HEADER = _("The header says so.")
BY_PART = _("Part of the header says so.")
BY_RESEMBLANCE = _("The header resembles a known one.")
BY_VALUES = _("The values look like it.")
AGAINST_VALUES = _("The header says so, but the values do not look like it.")
TAKEN = _("Another column fits better.")
UNKNOWN = _("No field fits the header.")
EMPTY = _("The column is empty.")

# What values may look like for a target of a kind; others are left alone.
_KIND_LOOKS = {
    "email": {"email"},
    "phone": {"phone", "number"},
    "url": {"url"},
    "date": {"date", "number"},
    "country": {"country"},
    "number": {"number"},
}
_VALUE_TARGETS = {"email": "email", "phone": "phone", "url": "url", "country": "country"}
_PARTS = frozenset({"value", "formatted", "text"})
_NOT_VALUES = frozenset({"type", "service", "label", "display name", "id", "owner id"})


def guess_mapping(
    headers: Sequence[str],
    targets: Sequence[Target],
    sample: Sequence[Sequence[str]] = (),
    preset: Preset | None = None,
) -> list[Guess]:
    """A guess for every column; no target twice unless it may be filled by several columns.

    ``sample`` are the cells of some rows: they break ties and expose headers that mislead.
    ``preset`` is the export the file was recognised as: what it knows of a column comes first.
    """
    known = preset.columns if preset else {}
    columns = [[row[index] for row in sample if index < len(row)] for index in range(len(headers))]
    looks = [look_of(values) for values in columns]
    offers: list[tuple[float, int, Target, str]] = []
    for index, header in enumerate(headers):
        if (wanted := known.get(plain(header))) is not None:
            offers.extend((2.0, index, t, BY_PRESET) for t in targets if t.key == wanted)
            continue
        offers.extend(
            (confidence, index, target, reason)
            for target, confidence, reason in _offers(header, looks[index], targets, columns[index])
        )
    offers = _given_names(offers)
    left_out = {index for index, header in enumerate(headers) if known.get(plain(header)) == ""}
    return _settle(headers, offers, columns, left_out)


def _given_names(
    offers: list[tuple[float, int, Target, str]],
) -> list[tuple[float, int, Target, str]]:
    """Beside a column of surnames, "Nombre" is a given name unless another column is.

    In a file of companies it names the company, unless another column does.
    """
    best: dict[str, int] = {}
    for _confidence, index, target, _reason in sorted(offers, key=lambda o: (-o[0], o[1])):
        best.setdefault(target.key, index)
    if "contact_given_name" in best and best["contact_given_name"] == best.get("name"):
        named = best["name"]
        return [o for o in offers if o[1] != named or o[2].key != "contact_given_name"]
    at = best.get("given_name")
    if "family_name" not in best or at is None or at != best.get("name"):
        return offers
    return [offer for offer in offers if offer[1] != at or offer[2].key != "name"]


def _settle(
    headers: Sequence[str],
    offers: list[tuple[float, int, Target, str]],
    columns: list[list[str]],
    left_out: set[int],
) -> list[Guess]:
    """Give each column its best target, the surest first, earlier columns before later ones."""
    chosen: dict[int, Guess] = {}
    taken: set[str] = set()
    lost: set[int] = set()
    for confidence, index, target, reason in sorted(offers, key=lambda o: (-o[0], o[1])):
        if index in chosen:
            continue
        if target.key in taken and not target.multiple:
            lost.add(index)
            continue
        taken.add(target.key)
        sure = min(1.0, round(confidence, 2))
        chosen[index] = Guess(index, headers[index], target.key, sure, reason)
    guesses = []
    for index, header in enumerate(headers):
        empty = bool(columns[index]) and not any(columns[index])
        why = TAKEN if index in lost else EMPTY if empty else UNKNOWN
        why = LEFT_OUT if index in left_out else why
        guesses.append(chosen.get(index) or Guess(index, header, None, 0.0, why))
    return guesses


def _offers(
    header: str, look: str, targets: Sequence[Target], values: list[str]
) -> list[tuple[Target, float, str]]:
    """The targets a column may fill, each with how sure that is and why."""
    found: list[tuple[Target, float, str]] = []
    for concept, confidence, reason in _meanings(header):
        for target in targets:
            if concept not in target.concepts:
                continue
            sure = confidence - 0.04 * target.concepts.index(concept)
            if _contradicts(target, look) or (concept == "title" and look == "honorific"):
                sure, reason = min(sure, 0.3) - 0.05, AGAINST_VALUES
            found.append((target, sure, reason))
    for target in targets:
        if plain(header) in {plain(target.key), *map(plain, names_of(target.label))}:
            found.append((target, 0.98, BY_HEADER))
    if not found and not _is_foreign(plain(header)) and look in _VALUE_TARGETS:
        kind = _VALUE_TARGETS[look]
        found.extend((target, 0.4, BY_VALUES) for target in targets if target.kind == kind)
    return found[:1] if found and found[0][2] == BY_VALUES else found


def _contradicts(target: Target, look: str) -> bool:
    wanted = _KIND_LOOKS.get(target.kind)
    return bool(wanted) and look not in ("", "text") and look not in (wanted or ())


def _is_foreign(phrase: str) -> bool:
    return bool(FOREIGN_SCOPES & set(phrase.split()[:2]))


def _meanings(header: str) -> list[tuple[str, float, str]]:
    """The concepts a header may stand for, each with how sure that is and why."""
    known = concepts_by_phrase()
    phrase = plain(header)
    if not phrase:
        return []
    if phrase in known:
        return [
            (concept, 1.0 - 0.02 * place, BY_HEADER) for place, concept in enumerate(known[phrase])
        ]
    if _is_foreign(phrase) or any(phrase.endswith(" " + word) for word in _NOT_VALUES):
        return []
    scoped = _without_scope(phrase)
    if scoped:
        return scoped
    return _resembling(phrase)


def _without_scope(phrase: str) -> list[tuple[str, float, str]]:
    """Meanings after taking away numbers and the words that only say whose the field is."""
    words = [word for word in phrase.split() if word != "s"]
    numbers = [int(word[:3]) for word in words if word.isdecimal()]
    repeated = 0.28 if numbers and max(numbers) > 1 else 0.0
    return (
        _inside(words, 0.9)
        or _inside([word for word in words if not word.isdecimal()], 0.9 - repeated)
        or _inside_chinese(phrase)
    )


def _inside(words: list[str], confidence: float) -> list[tuple[str, float, str]]:
    """Meanings of the words that are left when scopes before and particles after them go."""
    known = concepts_by_phrase()
    for start in range(len(words)):
        if start and words[start - 1] in LESSER_SCOPES:
            confidence = min(confidence, 0.6)
        elif start and words[start - 1] not in BETTER_SCOPES:
            break
        for end in range(len(words), start, -1):
            rest, dropped = " ".join(words[start:end]), words[end:]
            if rest in known and all(word in _PARTS | BETTER_SCOPES for word in dropped):
                sure = confidence - 0.03 * start - 0.05 * len(dropped)
                return [
                    (concept, sure - 0.02 * place, BY_PART)
                    for place, concept in enumerate(known[rest])
                ]
    return []


def _inside_chinese(phrase: str) -> list[tuple[str, float, str]]:
    known = concepts_by_phrase()
    for scope in CHINESE_SCOPES:
        if phrase.startswith(scope) and phrase[len(scope) :] in known:
            return [(concept, 0.85, BY_PART) for concept in known[phrase[len(scope) :]]]
    return []


def _resembling(phrase: str) -> list[tuple[str, float, str]]:
    """Meanings of the known phrase that looks most like this one: typing mistakes, plurals."""
    if len(phrase) < 5:
        return []
    best = process.extractOne(
        phrase, concepts_by_phrase().keys(), scorer=fuzz.ratio, score_cutoff=92
    )
    if best is None or len(best[0]) < 5:
        return []
    return [(concept, 0.5, BY_RESEMBLANCE) for concept in concepts_by_phrase()[best[0]]]
