"""Countries: their codes, and their names as people write them in any of our languages."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from vinculo.kernel.text import fold, sort_key

LANGUAGES = ("en", "es", "zh-hans", "zh-hant")
_LOCALES = {"en": "en", "es": "es", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
# Territories of CLDR that are not countries anybody has an address in.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "QO", "ZZ", "CQ"})
# Usual names that CLDR does not list. Keys are compared folded.
_ALIASES = {
    "US": "USA, U.S.A., U.S., America, United States of America, The United States, EEUU, EE. UU., "
    "EE.UU., E.E.U.U., Estados Unidos de América, Norteamérica, 美利坚合众国, 美國, 美利堅合眾國",
    "GB": "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, "
    "Gran Bretaña, Inglaterra, Escocia, Gales, Irlanda del Norte, 大不列颠, 英格兰, 英格蘭, 苏格兰",
    "CN": "PRC, P.R.C., P.R. China, PR China, People's Republic of China, Mainland China, "
    "República Popular China, China continental, 中华人民共和国, 中華人民共和國, 中国大陆, 中國大陸",
    "TW": "Taiwan R.O.C., Republic of China, Chinese Taipei, 台湾, 臺灣, 中华民国, 中華民國, 中国台湾",
    "HK": "Hong Kong, HKSAR, 香港",
    "MO": "Macau, Macao, 澳门, 澳門",
    "KR": "Korea, South Korea, Republic of Korea, Corea, República de Corea, 韓國, 大韩民国, 南朝鲜",
    "KP": "North Korea, DPRK, 朝鲜, 北韓",
    "NL": "Holland, The Netherlands, Holanda, 荷兰, 荷蘭",
    "CZ": "Czech Republic, República Checa, 捷克共和国",
    "RU": "Russian Federation, Federación Rusa, Federación de Rusia, 俄国, 俄羅斯聯邦",
    "DE": "Deutschland, Federal Republic of Germany, BRD",
    "ES": "España, Kingdom of Spain, Reino de España",
    "IT": "Italia", "FR": "France", "PT": "Portugal", "BR": "Brasil", "JP": "日本国, Nippon",
    "MX": "Méjico, Estados Unidos Mexicanos", "CH": "Schweiz, Suisse, Svizzera",
    "AT": "Österreich", "BE": "Belgique, België", "SE": "Sverige", "NO": "Norge", "DK": "Danmark",
    "FI": "Suomi", "PL": "Polska", "GR": "Hellas", "IE": "Republic of Ireland, Éire",
    "AE": "UAE, U.A.E., EAU", "SA": "KSA", "VN": "Viet Nam", "IR": "Persia", "SY": "Syrian Arab Republic",
    "BO": "Plurinational State of Bolivia", "VE": "Bolivarian Republic of Venezuela",
    "TZ": "United Republic of Tanzania", "MD": "Republic of Moldova", "LA": "Lao PDR",
    "MK": "Macedonia, FYROM, 马其顿", "SZ": "Swaziland, Suazilandia", "CI": "Ivory Coast, Costa de Marfil",
    "CV": "Cape Verde, Cabo Verde", "TL": "East Timor, Timor Oriental", "MM": "Burma, Birmania, 缅甸",
    "TR": "Turkey, Turquía, 土耳其", "CD": "DR Congo, DRC, Zaire", "CG": "Republic of the Congo",
    "NZ": "Aotearoa", "PH": "The Philippines", "VA": "Holy See, Santa Sede",
    "DO": "Rep. Dominicana, República Dominicana", "UY": "República Oriental del Uruguay",
}  # fmt: skip
_SIGNS = re.compile(r"[\W_]+")


def country_name(code: str, language: str = "en") -> str:
    """A country's name in one of our languages; an unknown code is its own name.

    >>> country_name("DE", "es"), country_name("DE", "zh-hant")
    ('Alemania', '德國')
    """
    return _names(language).get(code.upper(), code)


def country_code(written: str) -> str | None:
    """The ISO 3166 code (two letters) of a country as people write it, or None.

    >>> country_code("Alemania"), country_code("德國"), country_code("U.S.A."), country_code("ESP")
    ('DE', 'DE', 'US', 'ES')
    """
    return _lookup().get(_key(written)) if written else None


def is_country(code: str) -> bool:
    """Whether this is a country's two-letter code, in capitals."""
    return code in _names("en")


def country_choices(language: str) -> list[tuple[str, str]]:
    """Every country's code and name, in the order of the names in that language."""
    return list(_sorted_names(language))


@cache
def _sorted_names(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_names(language).items(), key=lambda item: sort_key(item[1]).encode()))


def _key(written: str) -> str:
    return _SIGNS.sub("", fold(written))


@cache
def _names(language: str) -> dict[str, str]:
    locale = Locale.parse(_LOCALES.get(language.lower(), "en"))
    return {
        code: name
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


@cache
def _lookup() -> dict[str, str]:
    """Folded names and codes to ISO codes; a name that we give by hand wins."""
    found: dict[str, str] = {}
    for alias, codes in get_global("territory_aliases").items():
        # Three letters and three digits of ISO 3166 are among CLDR's aliases of two letters.
        if len(alias) == 3 and len(codes) == 1 and codes[0] in _names("en"):
            found[_key(alias)] = codes[0]
    for language in LANGUAGES:
        for code, name in _names(language).items():
            found[_key(name)] = code
    for code in _names("en"):
        found[_key(code)] = code
    for code, aliases in _ALIASES.items():
        for alias in aliases.split(", "):
            found[_key(alias)] = code
    return found
