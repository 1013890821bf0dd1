"""Invented registers of companies, of any size, as their files are written: for tests and bench."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from vinculo.demo.names import company_name
from vinculo.demo.places import COUNTRIES, SHARES, postal_code, street, tax_id
from vinculo.demo.words import TONGUES

GLEIF = (
    "LEI", "Entity.LegalName", "Entity.LegalName.xmllang",
    "Entity.LegalAddress.FirstAddressLine", "Entity.LegalAddress.AdditionalAddressLine.1",
    "Entity.LegalAddress.City", "Entity.LegalAddress.Region", "Entity.LegalAddress.Country",
    "Entity.LegalAddress.PostalCode",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
    "Entity.LegalForm.EntityLegalFormCode", "Entity.LegalForm.OtherLegalForm",
    "Entity.EntityStatus",
)  # fmt: skip
_SYLLABLES = "ba ce do fi gan hol jur ka lem mir no pex quil ra sor tal ur vin wex yor zan".split()  # noqa: SIM905
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def register_rows(rows: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """Rows under the headers `GLEIF`: companies of nine countries, one in twelve dissolved."""
    rng = Random(seed)  # noqa: S311 - reproducible, not secret
    for number in range(rows):
        country = rng.choices(COUNTRIES, SHARES)[0]
        city = rng.choice(country.cities)
        named = company_name(rng, TONGUES[country.language], city)
        yield (
            lei(number),
            _called(rng, named.name, country.language),
            country.language[:2],
            street(rng, country),
            "",
            city.name,
            f"{country.code}-{city.region[:2].upper()}",
            country.code,
            postal_code(rng, country, city),
            tax_id(rng, country) or f"R{rng.randrange(10**8):08d}",
            "8888",
            named.name.rpartition(" ")[2],
            "INACTIVE" if rng.randrange(12) == 0 else "ACTIVE",
        )


def _called(rng: Random, name: str, language: str) -> str:
    """Most companies have a word of their own: registers hold few names twice."""
    if language not in ("en", "es") or rng.random() < 0.3:
        return name
    word = "".join(rng.choice(_SYLLABLES) for _each in range(rng.randrange(2, 5)))
    return f"{word.capitalize()} {name}"


def lei(number: int) -> str:
    """A code in the form of an LEI, with its check digits: letters of no issuer, then a number."""
    start = f"0000VN{number:012d}"
    digits = "".join(str(_LETTERS.index(sign)) for sign in f"{start}00")
    return f"{start}{98 - int(digits) % 97:02d}"


def write_register(path: Path, rows: int, seed: int = 1) -> None:
    """A file of so many rows."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(GLEIF)
        writer.writerows(register_rows(rows, seed))
