"""Tax identifiers: checked by the rules of their country, never by asking anybody."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Literal, cast

from stdnum import exceptions
from stdnum.util import get_cc_module

from vinculo.kernel.errors import _
from vinculo.kernel.text import clean

Verdict = Literal["valid", "invalid", "unknown"]

_WRONG_LENGTH = _("It has the wrong number of characters.")
_WRONG_FORMAT = _("It is not written as tax identifiers of this country are.")
_WRONG_CHECKSUM = _("Its check digit does not fit: is a character mistyped?")
_WRONG_PART = _("A part of it has a value that is never used.")

# What companies and people of a country are identified by, most likely first. Countries that are
# not here are checked with the library's general names below.
_KINDS = {
    "AR": ("cuit",), "AU": ("abn", "acn", "tfn"), "BR": ("cnpj", "cpf"), "CA": ("bn", "sin"),
    "CH": ("uid", "vat"), "CL": ("rut",), "CN": ("uscc", "ric"), "CO": ("nit",), "CR": ("cpj", "cpf"),
    "DE": ("vat", "stnr", "idnr"), "DO": ("rnc", "cedula"), "EC": ("ruc", "ci"), "ES": ("nif",),
    "FR": ("tva", "siren", "siret"), "GB": ("vat", "utr"), "GT": ("nit",), "IN": ("gstin", "pan"),
    "IT": ("iva", "codicefiscale"), "JP": ("cn",), "KR": ("brn", "rrn"), "MX": ("rfc",),
    "NO": ("orgnr", "mva"), "NZ": ("ird",), "PE": ("ruc",), "PL": ("nip", "regon"),
    "PT": ("nif",), "PY": ("ruc",), "RU": ("inn",), "SE": ("orgnr", "vat"), "SG": ("uen",),
    "SV": ("nit",), "TH": ("moa", "tin"), "TR": ("vkn", "tckimlik"), "TW": ("ubn",),
    "US": ("ein", "tin"), "UY": ("rut",), "VE": ("rif",), "VN": ("mst",), "ZA": ("tin",),
}  # fmt: skip
LONGEST_TAX_ID = 60
_GENERAL_NAMES = ("vat", "businessid", "personalid")


@dataclass(frozen=True, slots=True)
class TaxIdCheck:
    """What a country's rules say about a tax identifier; ``reason`` is an English msgid.

    ``unknown`` means that we know no rules for the country: keep what was typed and do not warn.
    """

    verdict: Verdict
    formatted: str
    reason: str = ""

    @property
    def valid(self) -> bool:
        """Whether the rules of its country are known and met."""
        return self.verdict == "valid"


def check_tax_id(typed: str, country: str) -> TaxIdCheck:
    """Check a tax identifier by the rules of a country (ISO code).

    >>> check_tax_id("b-58378431", "ES")
    TaxIdCheck(verdict='valid', formatted='B58378431', reason='')
    >>> check_tax_id("B58378432", "ES").verdict, check_tax_id("123", "XK").verdict
    ('invalid', 'unknown')
    """
    text = clean(typed[: 4 * LONGEST_TAX_ID])
    modules = _modules(country.upper())
    if not text or not modules:
        return TaxIdCheck("unknown", text)
    if len(text) > LONGEST_TAX_ID:
        return TaxIdCheck("invalid", text, _WRONG_LENGTH)
    reason = ""
    for module in modules:
        try:
            compact = module.validate(text)
        except exceptions.ValidationError as error:
            reason = reason or _reason(error)
        except (ValueError, IndexError, KeyError, TypeError):
            # Some of the library's modules trip over characters they did not expect.
            reason = reason or _WRONG_FORMAT
        else:
            return TaxIdCheck("valid", _formatted(module, compact))
    return TaxIdCheck("invalid", text, reason)


def has_tax_id_rules(country: str) -> bool:
    """Whether tax identifiers of this country can be checked."""
    return bool(_modules(country.upper()))


def _reason(error: exceptions.ValidationError) -> str:
    if isinstance(error, exceptions.InvalidLength):
        return _WRONG_LENGTH
    if isinstance(error, exceptions.InvalidChecksum):
        return _WRONG_CHECKSUM
    if isinstance(error, exceptions.InvalidComponent):
        return _WRONG_PART
    return _WRONG_FORMAT


def _formatted(module: ModuleType, compact: str) -> str:
    written = getattr(module, "format", None)
    return str(written(compact)) if written else compact


@cache
def _modules(country: str) -> tuple[ModuleType, ...]:
    """The library's modules for a country, imported on first need."""
    if len(country) != 2 or not country.isalpha() or not country.isascii():
        return ()
    found: list[ModuleType] = []
    for name in _KINDS.get(country, _GENERAL_NAMES):
        module = _module(country.lower(), name)
        if module is not None and module not in found:
            found.append(module)
    return tuple(found)


def _module(country: str, name: str) -> ModuleType | None:
    if name in _GENERAL_NAMES:
        return cast("ModuleType | None", get_cc_module(country, name))
    # The library names the packages of countries whose code is a Python keyword with a low line.
    for package in (country, f"{country}_"):
        try:
            return importlib.import_module(f"stdnum.{package}.{name}")
        except ImportError:
            continue
    return None
