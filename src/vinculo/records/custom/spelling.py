"""What a definition is made of, brought into form and refused where it does not hold together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import is_currency
from vinculo.kernel.text import clean, fold, pinyin
from vinculo.kernel.text.tokens import is_cjk, tokens_of
from vinculo.platform.models.custom import COMPUTED, CustomField, CustomKind
from vinculo.records.custom.fields import SEARCHABLE
from vinculo.records.entity import Entity
from vinculo.records.registry import find

LONGEST_LABEL = 80
LONGEST_HELP = 300
LONGEST_SLUG = 40
MOST_FIELDS = 300
MOST_CHOICES = 200
MOST_DECIMALS = 6
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Wish:
    """What an administrator wants a field to be; `labels` and `help` by language ("" is the
    fallback), choices as the definition keeps them (a new one without a key)."""

    labels: Mapping[str, str]
    kind: str = CustomKind.TEXT
    choices: tuple[Mapping[str, Any], ...] = ()
    currency: str = ""
    decimals: int = 0
    target: str = ""
    formula: str = ""
    rollup: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    on_form: bool = True
    searched: bool = False
    indexed: bool = False


def slug_for(text: str, taken: Iterable[str], longest: int = LONGEST_SLUG) -> str:
    """A key made of a label: Latin letters, digits and underscores; Chinese by its sound.

    >>> slug_for("Contract end (€)", [])
    'contract_end'
    >>> slug_for("Contract end", ["contract_end"])
    'contract_end_2'
    """
    words = (_sound(word) if is_cjk(word) else word for word in tokens_of(fold(text)))
    word = _NOT_IN_SLUG.sub("_", " ".join(words)).strip("_")[:longest].strip("_")
    word = word if word[:1].isalpha() else f"f_{word}".strip("_")
    known, number, found = set(taken), 1, word
    while found in known:
        number += 1
        found = f"{word}_{number}"
    return found


def _sound(run: str) -> str:
    """Chinese by its sound, without tones: 合同 is he_tong."""
    return " ".join(sound.rstrip("0123456789") for sound in pinyin.syllables(run))


def told_labels(labels: Mapping[str, str], longest: int = LONGEST_LABEL) -> dict[str, str]:
    """The labels that say something, by language."""
    languages = {"", *(code for code, _name in settings.LANGUAGES)}
    found = {code: clean(text) for code, text in labels.items() if code in languages}
    if any(len(text) > longest for text in found.values()):
        raise DomainError(_("At most %(limit)s characters fit here."), "label", limit=longest)
    return {code: text for code, text in found.items() if text}


def apply(wish: Wish, made: CustomField, entity: Entity) -> None:
    """Put the wish into a definition; DomainError names the input that does not fit."""
    made.labels = told_labels(wish.labels)
    if not made.labels.get(""):
        raise DomainError(_("This field is required."), "label")
    refuse_taken(made, entity)
    made.help = told_labels(wish.help, LONGEST_HELP)
    _check_kind(wish, made)
    made.choices = _choices(wish.choices, made) if made.kind in CHOSEN else []
    made.required, made.on_form, made.indexed = wish.required, wish.on_form, wish.indexed
    if made.computed:
        made.required = made.on_form = False
    findable = (*SEARCHABLE, *COMPUTED)
    made.searched = wish.searched and made.kind in findable and bool(entity.search)


CHOSEN = (CustomKind.CHOICE, CustomKind.CHOICES)


def _check_kind(wish: Wish, made: CustomField) -> None:
    if made.pk is None:
        if wish.kind not in CustomKind.values:
            raise DomainError(_("Choose what sort of value the field holds."), "kind")
        made.kind, made.target = wish.kind, wish.target
    if made.kind == CustomKind.RELATION:
        if find(made.target) is None:
            raise DomainError(_("Choose the record type that the field points to."), "target")
    else:
        made.target = ""
    if made.kind == CustomKind.MONEY:
        if not is_currency(wish.currency):
            raise DomainError(_("“%(code)s” is not a currency."), "currency", code=wish.currency)
        if made.pk is not None and made.currency != wish.currency:
            # The amounts that records hold would become others without being touched.
            raise DomainError(
                _("A field keeps its currency. Make another field for another one."), "currency"
            )
        made.currency = wish.currency
    decimals = wish.decimals if made.kind in (CustomKind.NUMBER, *COMPUTED) else 0
    if not 0 <= decimals <= MOST_DECIMALS:
        raise DomainError(_("Use at most %(most)s decimals."), "decimals", most=MOST_DECIMALS)
    if decimals < made.decimals and not made.computed:
        raise DomainError(_("Decimals can be added but not taken away."), "decimals")
    made.decimals = decimals


def refuse_taken(made: CustomField, entity: Entity) -> None:
    """Two fields of one label cannot be told apart in a list, nor in a file."""
    others = CustomField.objects.filter(entity=entity.key, deleted_at=None).exclude(pk=made.pk)
    custom = list(others)
    for code, wanted in made.labels.items():
        with translation.override(code or settings.LANGUAGE_CODE):
            known = {fold(str(one.label)) for one in entity.declared_fields.values()}
            known |= {fold(one.label) for one in custom}
        if fold(wanted) in known:
            raise DomainError(
                _("There is already a field called “%(name)s” here."),
                f"label_{code}" if code else "label",
                name=wanted,
            )


def _choices(wanted: Iterable[Mapping[str, Any]], made: CustomField) -> list[dict[str, Any]]:
    """The choices with their keys. One that was there and is not wanted any more is retired:
    records that hold it go on saying it."""
    known = {one["key"]: one for one in made.choices}
    found: list[dict[str, Any]] = []
    for one in wanted:
        labels = told_labels(one.get("labels", {}))
        if not labels.get(""):
            continue
        key = str(one.get("key", ""))
        if key not in known:
            taken = {*known, *(other["key"] for other in found)}
            key = slug_for(labels[""], taken, 30)
        found.append({"key": key, "labels": labels, "retired": bool(one.get("retired"))})
    kept = {one["key"] for one in found}
    found += [{**one, "retired": True} for key, one in known.items() if key not in kept]
    offered = [fold(one["labels"][""]) for one in found if not one["retired"]]
    if not offered:
        raise DomainError(_("Write at least one choice."), "new_choices")
    if len(set(offered)) < len(offered):
        raise DomainError(_("Two choices have the same label."), "new_choices")
    if len(found) > MOST_CHOICES:
        raise DomainError(_("Use at most %(most)s choices."), "new_choices", most=MOST_CHOICES)
    return found
