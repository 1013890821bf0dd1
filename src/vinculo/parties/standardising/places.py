# ruff: noqa: SIM905 - long lists of words read better as text
"""Postal addresses: white space, postal codes as their country writes them, words in full."""

from __future__ import annotations

import re
from dataclasses import replace

from vinculo.kernel.addresses import Address
from vinculo.parties.naming import TWO_SURNAMES
from vinculo.parties.standardising.casing import words_case
from vinculo.parties.standardising.names import tidied

PARTS = ("street", "postal_code", "city", "region")
# Country → (what a code is made of, without spaces and dashes; how it is written).
_CODES: dict[str, tuple[str, str]] = {
    "ES": (r"(\d{4})", r"0\1"), "US": (r"(\d{5})(\d{4})", r"\1-\2"),
    "GB": (r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", r"\1 \2"),
    "IE": (r"([A-Z]\d[\dW])([A-Z\d]{4})", r"\1 \2"), "CA": (r"([A-Z]\d[A-Z])(\d[A-Z]\d)", r"\1 \2"),
    "NL": (r"(\d{4})([A-Z]{2})", r"\1 \2"), "PT": (r"(\d{4})(\d{3})", r"\1-\2"),
    "BR": (r"(\d{5})(\d{3})", r"\1-\2"), "JP": (r"(\d{3})(\d{4})", r"\1-\2"),
    "PL": (r"(\d{2})(\d{3})", r"\1-\2"), "SE": (r"(\d{3})(\d{2})", r"\1 \2"),
    "CZ": (r"(\d{3})(\d{2})", r"\1 \2"), "SK": (r"(\d{3})(\d{2})", r"\1 \2"),
    "GR": (r"(\d{3})(\d{2})", r"\1 \2"), "IN": (r"(\d{6})", r"\1"), "DE": (r"(\d{5})", r"\1"),
    "FR": (r"(\d{5})", r"\1"), "IT": (r"(\d{5})", r"\1"), "AT": (r"(\d{4})", r"\1"),
    "CH": (r"(\d{4})", r"\1"), "BE": (r"(\d{4})", r"\1"), "DK": (r"(\d{4})", r"\1"),
    "NO": (r"(\d{4})", r"\1"), "FI": (r"(\d{5})", r"\1"), "MX": (r"(\d{5})", r"\1"),
    "CN": (r"(\d{6})", r"\1"),
}  # fmt: skip
_PREFIX = {"DE": "D", "AT": "A", "CH": "CH", "SE": "S", "FR": "F", "IT": "I", "BE": "B",
           "DK": "DK", "NO": "N", "FI": "FI", "ES": "E", "PT": "P"}  # fmt: skip
_SPANISH = TWO_SURNAMES
#: Not the United States and Canada: there the short forms are the post's own.
_ENGLISH = frozenset("GB IE AU NZ ZA".split())
_GERMAN = frozenset({"DE", "AT"})
# At the beginning of a street.
_SPANISH_WORDS = (
    (r"c(?:/|\.\s|l[./]?\s|ll[./]?\s)\s*", "Calle "), (r"av(?:da|d)?\.?/?\s+", "Avenida "),
    (r"(?:pza|plza|pl)\.?/?\s+", "Plaza "), (r"(?:p\.?º|pso\.?)\s*", "Paseo "),
    (r"ctra\.?\s+", "Carretera "), (r"urb\.?\s+", "Urbanización "),
    (r"pol(?:íg|ig)?\.?\s+ind(?:us|ust)?\.?\s+", "Polígono Industrial "),
    (r"rda\.?\s+", "Ronda "), (r"gta\.?\s+", "Glorieta "), (r"cno\.?\s+", "Camino "),
)  # fmt: skip
_FRENCH_WORDS = ((r"av\.?\s+", "avenue "), (r"(?:bd|bld|blvd|boul)\.?\s+", "boulevard "),
                 (r"pl\.?\s+", "place "), (r"imp\.?\s+", "impasse "), (r"rte\.?\s+", "route "))  # fmt: skip
_ENGLISH_WORDS = {"st": "Street", "rd": "Road", "ave": "Avenue", "blvd": "Boulevard", "ln": "Lane",
                  "dr": "Drive", "sq": "Square", "hwy": "Highway", "pkwy": "Parkway",
                  "ct": "Court", "pl": "Place"}  # fmt: skip
# Only the last word of the street's own name is its kind: "St. James St." keeps its saint.
_ENGLISH_KIND = re.compile(
    r"(?<=[\w.'’]\s)(" + "|".join(_ENGLISH_WORDS) + r")\.?"
    r"(?=$|,|\s+(?:N|S|E|W|NE|NW|SE|SW|[NS]\.\s?[EW])\.?(?:$|,|\s)|\s+(?:Apt|Suite|Ste|Unit|Floor|#))",
    re.I,
)
_GERMAN_KIND = re.compile(r"(?<=[a-zäöüß])str\.?(?=$|,|\s+\d)")
_GERMAN_WORD = re.compile(r"(?<=\s)Str\.(?=$|,|\s+\d)")
_COMMAS = re.compile(r"(?:,\s*){2,}")


def spaces(place: Address, _country: str) -> Address | None:
    """White space, invisible signs, commas that separate nothing."""
    parts = {}
    for name in PARTS:
        parts[name] = _COMMAS.sub(", ", tidied(getattr(place, name))).strip(" ,;")
    new = replace(place, **parts)
    return new if new != place else None


def postal_code(place: Address, country: str) -> Address | None:
    """A postal code as its country writes it; one that is none there stays."""
    country = place.country or country
    shape = _CODES.get(country)
    if shape is None or not place.postal_code:
        return None
    code = re.sub(r"[\s\-.]", "", place.postal_code).upper()
    prefix = _PREFIX.get(country, "")
    if prefix and code[: len(prefix)] == prefix and code[len(prefix) :].isdigit():
        code = code.removeprefix(prefix)
    found = re.fullmatch(shape[0], code)
    if found is None and country == "ES" and re.fullmatch(r"\d{5}", code):
        new = code
    elif found is None:
        return None
    else:
        new = found.expand(shape[1])
    return replace(place, postal_code=new) if new != place.postal_code else None


def words(place: Address, country: str) -> Address | None:
    """Abbreviations of streets in full, in the language of the country."""
    country = place.country or country
    street = place.street
    if country in _SPANISH:
        street = _first(street, _SPANISH_WORDS)
    elif country == "FR":
        number = re.match(r"\d+\s?(?:bis|ter)?,?\s+", street)
        at = number.end() if number else 0
        street = street[:at] + _first(street[at:], _FRENCH_WORDS)
    elif country in _ENGLISH:
        street = _english(street)
    elif country in _GERMAN:
        street = _GERMAN_WORD.sub("Straße", _GERMAN_KIND.sub("straße", street))
    return replace(place, street=street) if street != place.street else None


def _first(street: str, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, full in table:
        found = re.match(pattern, street, re.I)
        if found and street[found.end() :].strip():
            word = _like(street, full)
            return word + street[found.end() :].lstrip()
    return street


def _english(street: str) -> str:
    found = list(_ENGLISH_KIND.finditer(street))
    if not found:
        return street
    one = found[-1]
    word = _like(street, _ENGLISH_WORDS[one[1].lower()])
    return street[: one.start()] + word + street[one.end() :]


def _like(street: str, word: str) -> str:
    """A word in the case of its street: whether that is to change is another rule's."""
    if street.isupper():
        return word.upper()
    return word.lower() if street.islower() else word


def case(place: Address, country: str) -> Address | None:
    """Streets and places in capitals or small letters in their usual writing."""
    country = place.country or country
    new = replace(
        place,
        street=words_case(place.street, country) or place.street,
        city=words_case(place.city, country) or place.city,
        region=place.region
        if len(place.region) <= 3
        else words_case(place.region, country) or place.region,
    )
    return new if new != place else None
