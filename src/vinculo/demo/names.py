"""Names of invented companies and people, and what they are reached by on the net."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from vinculo.demo.places import City
from vinculo.demo.words import Tongue
from vinculo.demo.words.tongue import Trade

DOMAIN = ".example"


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name, its English one where that is another, its domain and its trade."""

    name: str
    native_name: str
    legal_name: str
    domain: str
    trade: Trade


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, in Latin letters for those who write differently, and their mailbox."""

    full: str
    given: str
    family: str
    latin: str
    mailbox: str


def company_name(rng: Random, tongue: Tongue, city: City) -> CompanyName:
    """A new company's name in the manner of its language."""
    root, latin = rng.choice(tongue.roots)
    trade = rng.choice(tongue.trades)
    form = rng.choice(tongue.forms)
    if tongue.language == "en":
        return _english(rng, tongue, root, trade, form)
    if tongue.language == "es":
        return _spanish(rng, tongue, root, trade, form)
    if rng.random() < 0.5:
        other, other_latin = rng.choice(tongue.roots)
        if other != root:
            root, latin = root[:2] + other[:2], f"{latin}{other_latin.lower()}"
    place = city.name.rstrip("市") if rng.random() < 0.6 and tongue.language != "ja" else ""
    name = f"{place}{root}{trade.word}{form}"
    english = f"{city.latin} {latin} {trade.english} Co., Ltd."
    return CompanyName(name, english, "", _domain(latin, trade.english), trade)


def _english(rng: Random, tongue: Tongue, root: str, trade: Trade, form: str) -> CompanyName:
    draw = rng.random()
    if draw < 0.3:
        root = f"{rng.choice(tongue.family)[0]} {trade.word}"
    elif draw < 0.5:
        root = f"{rng.choice(tongue.family)[0]} & {rng.choice(tongue.family)[0]} {trade.word}"
    elif draw < 0.8:
        root = f"{root} {trade.word}"
    else:
        root = f"{root} {rng.choice(tongue.family)[0]} {trade.word}"
    return CompanyName(f"{root} {form}", "", f"{root} {form}", _domain(root), trade)


def _spanish(rng: Random, tongue: Tongue, root: str, trade: Trade, form: str) -> CompanyName:
    draw = rng.random()
    if draw < 0.35:
        name = f"{trade.word} {rng.choice(tongue.family)[0]}"
    elif draw < 0.55:
        name = f"{trade.word} {rng.choice(tongue.family)[0]} y {rng.choice(tongue.family)[0]}"
    elif draw < 0.8:
        name = f"{trade.word} {root}"
    else:
        name = f"{root} {rng.choice(tongue.family)[0]} {trade.word}"
    return CompanyName(f"{name}, {form}".replace(", e", " e").replace(", y", " y"), "",
                       f"{name} {form}", _domain(name), trade)  # fmt: skip


def person_name(rng: Random, tongue: Tongue) -> PersonName:
    """A new person's name in the manner of their language."""
    given, given_latin = rng.choice(tongue.given)
    family, family_latin = rng.choice(tongue.family)
    if tongue.language in ("en", "es"):
        if tongue.two_surnames:
            family = f"{family} {rng.choice(tongue.family)[0]}"
        elif rng.random() < 0.08:
            family = f"{family}-{rng.choice(tongue.family)[0]}"
        full = f"{given} {family}"
        mailbox = f"{ascii_word(given)}.{ascii_word(family.split()[0].split('-')[0])}"
        return PersonName(full, given, family, "", mailbox)
    full = f"{family}{given}"
    mailbox = f"{given_latin}.{family_latin}".lower()
    return PersonName(full, given, family, f"{given_latin} {family_latin}", mailbox)


def _domain(*words: str) -> str:
    text = "-".join(part for word in words for part in word.replace("&", " ").split())
    return f"{ascii_word(text)[:40].strip('-')}{DOMAIN}"


@lru_cache(maxsize=8192)
def ascii_word(text: str) -> str:
    """Lower-case letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "-") or "x"
