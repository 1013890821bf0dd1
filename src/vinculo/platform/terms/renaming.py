"""Giving record types and fields the company's own words: an administrator's action, undoable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only, hold_rights
from vinculo.platform.models import Gender, Term, User
from vinculo.platform.models.custom import new_stamp
from vinculo.platform.terms.known import forget, usual_words
from vinculo.platform.terms.nouns import nouns
from vinculo.platform.types import TypeDescription, describe_types

#: Characters that stand for something else in a sentence with places for values.
UNFIT = re.compile(r"[%{}<>\[\]|\\\n\r\t]")
LONGEST_NOUN, LONGEST_LABEL = 40, 60


@dataclass(frozen=True)
class Words:
    """What a record type and its fields shall be called in one language; "" is the usual word."""

    one: str = ""
    many: str = ""
    gender: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@action("platform.rename_words", label=gettext_lazy("Change the terminology"), granted=False)
def rename_words(*, actor: User, entity: str, language: str, words: Words) -> None:
    """Call a record type and its fields so in one language. Names for programs stay as they are."""
    administrators_only(actor)
    hold_rights()
    described = next((one for one in describe_types() if one.key == entity), None)
    if described is None or language not in dict(settings.LANGUAGES):
        raise NotFound(_("This is no longer there, or you may not see it."))
    with translation.override(language):
        wanted = _noun(described, language, words) | _labels(described, language, words)
    _write(entity, language, wanted)
    journal.relabel(f"{words.many or words.one or described.label} ({language})")
    forget()


def _noun(described: TypeDescription, language: str, words: Words) -> dict[str, Term]:
    """The noun as a row, where it is another than the usual one."""
    one, many = words.one.strip(), words.many.strip()
    if language.startswith("zh"):
        many = one  # one word for both
    if bool(one) != bool(many):
        empty = "many" if one else "one"
        raise DomainError(_("Say what one is called and what several are called."), field=empty)
    noun = nouns().get(described.key)
    if not one or noun is None:
        return {}
    for name, word in (("one", one), ("many", many)):
        _fit(word, name, LONGEST_NOUN)
    with usual_words():
        usual = (translation.gettext(noun.one), translation.gettext(noun.many))
        others = {
            translation.gettext(text).casefold()
            for other in nouns().values()
            for text in (other.one, other.many)
            if other.key != described.key
        }
    taken = Term.objects.filter(language=language, field="").exclude(entity=described.key)
    given = {text.casefold() for row in taken.values_list("one", "many") for text in row}
    freed = _freed(language, taken.values_list("entity", flat=True))
    for name, word in (("one", one), ("many", many)):
        if word.casefold() in given | (others - freed):
            raise DomainError(_("Another record type is called that already."), field=name)
    gender = words.gender if words.gender in Gender.values else ""
    if (one, many) == usual:
        return {}
    return {"": Term(one=one, many=many, gender=gender)}


def _freed(language: str, renamed: object) -> set[str]:
    """The usual words of record types that are called something else."""
    keys = set(renamed)  # type: ignore[call-overload]
    with usual_words():
        return {
            translation.gettext(text).casefold()
            for noun in nouns().values()
            if noun.key in keys
            for text in (noun.one, noun.many)
        }


def _labels(described: TypeDescription, language: str, words: Words) -> dict[str, Term]:
    """The fields' labels as rows, where they are others than the usual ones."""
    with usual_words():
        usual = {name: str(label) for name, label in described.fields}
    found: dict[str, Term] = {}
    for name, label in words.labels.items():
        label = label.strip()
        if name not in usual or label in ("", usual[name]):
            continue
        _fit(label, f"label_{name}", LONGEST_LABEL)
        found[name] = Term(field=name, one=label)
    called: dict[str, str] = {}
    for name in sorted(usual, key=lambda each: each in found):
        said = (found[name].one if name in found else usual[name]).casefold()
        if name in found and said in called:
            raise DomainError(
                _("Two fields of one record type cannot have the same label."),
                field=f"label_{name}",
            )
        called[said] = name
    return found


def _fit(word: str, name: str, longest: int) -> None:
    if UNFIT.search(word):
        raise DomainError(_("Use words without %, <, > and brackets."), field=name)
    if len(word) > longest:
        raise DomainError(_("Use at most %(most)s characters."), field=name, most=longest)
    if not any(letter.isalpha() for letter in word):
        raise DomainError(_("Use a word."), field=name)


def _write(entity: str, language: str, wanted: dict[str, Term]) -> None:
    """Bring the rows of a record type and language to what is wanted."""
    rows = {row.field: row for row in Term.objects.filter(Q(entity=entity, language=language))}
    for name, row in rows.items():
        if name not in wanted:
            row.delete()
    for name, term in wanted.items():
        row = rows.get(name) or Term(entity=entity, field=name, language=language)
        if (row.one, row.many, row.gender) == (term.one, term.many, term.gender):
            continue
        row.one, row.many, row.gender, row.stamp = term.one, term.many, term.gender, new_stamp()
        row.save()
