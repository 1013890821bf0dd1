# ruff: noqa: SIM905 - long lists of words read better as text
"""People's names: what belongs into which part, and how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from vinculo.kernel.people import CHINESE_TITLES, display_name
from vinculo.kernel.text import clean, fold
from vinculo.parties.naming import LEGAL_FORMS, TWO_SURNAMES, name_parts
from vinculo.parties.standardising.casing import is_particle, name_case

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
#: Where a Chinese name stands in a field of its own order.
CHINESE = frozenset({"CN", "TW", "HK", "MO", "SG", "MY"})
# The usual Chinese surnames, in simplified characters.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦付方邹孟熊秦邱江尹薛闫段雷侯史陶黎贺顾毛郝龚邵万钱严覃戴莫孔汤"
)
# Honorifics, in small letters and without dots → how they are written.
_HONORIFICS = {
    "mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "miss": "Miss", "mx": "Mx.", "dr": "Dr.",
    "dra": "Dra.", "prof": "Prof.", "sr": "Sr.", "sra": "Sra.", "srta": "Srta.",
    "herr": "Herr", "frau": "Frau", "mme": "Mme", "mlle": "Mlle",
}  # fmt: skip
# With their ñ: "Dona" is a name.
_TO_THE_LETTER = {"dña": "Dña.", "doña": "Doña"}
#: These are initials or names elsewhere: with their dot, and where Spanish is spoken.
_SPANISH_ONLY = {"d.": "D.", "don": "Don", "lic.": "Lic.", "ing.": "Ing.", "arq.": "Arq."}
_SUFFIXES = frozenset("jr sr ii iii iv phd md esq mba cpa dds".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: its parts, and as one says it."""

    given: str = ""
    family: str = ""
    title: str = ""
    full: str = ""


def followed(old: Name, new: Name) -> Name:
    """The new parts, and the full name with them where it was no more than its parts."""
    said = {display_name(old.given, old.family), f"{old.family} {old.given}".strip(),
            f"{old.given} {old.family}".strip(), f"{old.family}, {old.given}",
            f"{old.title} {display_name(old.given, old.family)}".strip()}  # fmt: skip
    if not old.full or fold(old.full) in {fold(one) for one in said}:
        return replace(new, full=display_name(new.given, new.family) or old.full)
    return new


def tidied(text: str) -> str:
    """Nothing invisible, single spaces, Latin letters in their usual width.

    >>> tidied("Ａｎａ\\u200b  Pérez ,Ruiz")
    'Ana Pérez, Ruiz'
    """
    text = re.sub(r"\s+,", ",", clean(text.translate(_WIDE)))
    return re.sub(r",(?=[^\W\d_])", ", ", text)


def spaces(name: Name, _country: str) -> Name | None:
    """White space and invisible signs."""
    parts = Name(tidied(name.given), tidied(name.family), tidied(name.title), tidied(name.full))
    return parts if parts != name and (parts.full or not name.full) else None


def comma(name: Name, _country: str) -> Name | None:
    """ "Family, Given" in one field."""
    both = {name.given, name.family} - {""}
    text = next(iter(both)) if len(both) == 1 and not (name.given and name.family) else ""
    if not both:
        text = name.full
    if not text:
        said = fold(name.full) == fold(f"{name.family}, {name.given}")
        return replace(name, full=display_name(name.given, name.family)) if said else None
    family, found, given = (part.strip() for part in text.partition(","))
    if not (found and family and given) or "," in given or _no_given(given) or _HAN.search(text):
        return None
    full = name.full
    if not full or fold(full) == fold(text):
        full = display_name(given, family)
    return replace(name, given=given, family=family, full=full)


def _no_given(text: str) -> bool:
    words = [fold(word).replace(".", "") for word in text.split()]
    strange = any(sign.isdigit() or sign in "&/()" for sign in text)
    return strange or len(words) > 3 or words[0] in _SUFFIXES or words[-1] in LEGAL_FORMS - {"y"}


def honorific(name: Name, country: str) -> Name | None:
    """ "Dr." and "先生" are no part of a name: they stand before it, in a field of their own."""
    part = "given" if name.given else "family"
    found, rest = _without_honorific(getattr(name, part), country)
    if not found:
        return _only_said(name, country)
    if not rest:
        return None
    if name.title and fold(name.title).replace(".", "") != fold(found).replace(".", ""):
        return None  # somebody is called otherwise already
    moved = replace(name, title=name.title or found, **{part: rest})
    known = followed(name, moved)
    if known.full != name.full:
        return known
    stripped = _without_honorific(name.full, country)[1]
    return replace(known, full=stripped or name.full)


def _only_said(name: Name, country: str) -> Name | None:
    """A form of address that stands in the full name and in no part of it."""
    family, comma_there, given = name.full.rpartition(",")
    found, rest = _without_honorific(given.strip(), country)
    title = fold(name.title).replace(".", "")
    if not found or not rest or title not in ("", fold(found).replace(".", "")):
        return None
    full = f"{family}, {rest}" if comma_there else rest
    return replace(name, title=name.title or found, full=full)


def _without_honorific(text: str, country: str) -> tuple[str, str]:
    for one in CHINESE_TITLES:
        if text.endswith(one) and _HAN.fullmatch(text.replace(" ", "")):
            return one, text.removesuffix(one).strip()
    first, _space, rest = text.partition(" ")
    bare = clean(first).lower().rstrip(".")
    found = _HONORIFICS.get(bare) or _TO_THE_LETTER.get(bare, "")
    if not found and country in TWO_SURNAMES:
        found = _SPANISH_ONLY.get(first.lower(), "")
    return found, rest.strip()


def surnames(name: Name, country: str) -> Name | None:
    """Two surnames that stand among the first names; only words that are surnames and nothing else."""
    if country not in TWO_SURNAMES:
        return None
    if not (name.given or name.family):
        parts = name_parts(name.full, country)
        sure = parts.family and all(_is_surname(word) for word in parts.family.split())
        return replace(name, given=parts.given, family=parts.family) if sure else None
    words = name.given.split()
    if len(words) < 2 or "," in name.given:
        return None
    held = [word for word in name.family.split() if not is_particle(word, country)]
    if len(held) > 1 or not all(_is_surname(word) for word in held):
        return None
    at, missing = len(words), 2 - len(held)
    while missing and at > 1 and _is_surname(words[at - 1]):
        at, missing = at - 1, missing - 1
        while at > 1 and (is_particle(words[at - 1], country) or _is_article(words, at)):
            at -= 1
    if at == len(words):
        return None
    moved = Name(
        " ".join(words[:at]), " ".join([*words[at:], *name.family.split()]), name.title, name.full
    )
    return followed(name, moved)


def order(name: Name, country: str) -> Name | None:
    """Chinese: the family name first, without a space."""
    given, family = name.given.replace(" ", ""), name.family.replace(" ", "")
    if not _HAN.fullmatch(given + family) or not given or not family:
        return None
    turned = (
        country in CHINESE
        and fold(given) in _SURNAMES
        and len(family) == 2
        and fold(family[0]) not in _SURNAMES
        and len(name_parts(family + given).family) == 1  # no family name of two characters
    )
    if turned:
        given, family = family, given
    right = display_name(given, family)
    said = {given + family, family + given}
    full = right if name.full.replace(" ", "") in said or not name.full else name.full
    new = Name(given, family, name.title, full)
    return new if new != name else None


def case(name: Name, country: str) -> Name | None:
    """Names in capitals or small letters in their usual writing."""
    new = replace(
        name,
        given=name_case(name.given, country) or name.given,
        family=name_case(name.family, country, inside=True) or name.family,
    )
    new = followed(name, new)
    if new.full == name.full:
        new = replace(new, full=name_case(name.full, country) or name.full)
    return new if new != name else None


def _is_article(words: list[str], at: int) -> bool:
    return fold(words[at - 1]) in ("la", "las", "los", "el") and fold(words[at - 2]) == "de"


@cache
def _spanish() -> frozenset[str]:
    text = files(__package__).joinpath("spanish_surnames.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if not line.startswith("#"))


def _is_surname(word: str) -> bool:
    return fold(word) in _spanish()
