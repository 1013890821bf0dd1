"""Postal addresses: kept in parts, written the way their country writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vinculo.kernel.countries import country_name
from vinculo.kernel.text import clean, fold

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BIG_TO_SMALL = frozenset({"CN", "TW", "HK", "MO", "JP", "KR"})
# "Madrid 28013" or "28013 Madrid": where the postal code stands on the city's line.
_CODE_AFTER_CITY = frozenset(
    {"US", "CA", "AU", "NZ", "GB", "IE", "IN", "SG", "TH", "TW", "HK", "BR", "CO", "PE", "KR", "JP",
     "CN", "ID", "MY", "PH", "VN", "ZA", "SA", "AE", "UA"}
)  # fmt: skip
_REGION_SHORT = frozenset({"US", "CA", "AU", "BR", "IN"})
# The same street, differently abbreviated. Compared word by word, folded.
_STREET_WORDS = {
    "c": "calle", "cl": "calle", "cll": "calle", "av": "avenida", "avd": "avenida",
    "avda": "avenida", "ave": "avenue", "pl": "plaza", "pza": "plaza", "plz": "plaza",
    "po": "paseo", "pº": "paseo", "ctra": "carretera", "urb": "urbanizacion",
    "pol": "poligono", "st": "street", "str": "street", "rd": "road", "blvd": "boulevard",
    "ln": "lane", "dr": "drive", "sq": "square", "hwy": "highway", "bldg": "building",
    "fl": "floor", "ste": "suite", "apt": "apartment", "no": "number", "num": "number",
    "n": "number", "nº": "number", "s/n": "sn", "dcha": "derecha", "izq": "izquierda",
}  # fmt: skip
_NOISE = frozenset({"de", "del", "la", "el", "los", "las", "the", "number", "of"})


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in parts; every part may be empty, ``country`` is an ISO code."""

    street: str = ""
    street2: str = ""
    district: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def cleaned(self) -> Address:
        """The same address with its texts cleaned and its country in capitals."""
        return Address(
            clean(self.street), clean(self.street2), clean(self.district), clean(self.postal_code),
            clean(self.city), clean(self.region), clean(self.country).upper(),
        )  # fmt: skip

    def is_empty(self) -> bool:
        """Whether no part says anything."""
        return not any(self._parts())

    def _parts(self) -> tuple[str, ...]:
        return (
            self.street, self.street2, self.district, self.postal_code,
            self.city, self.region, self.country,
        )  # fmt: skip


def address_lines(address: Address, language: str = "en", home_country: str = "") -> list[str]:
    """The lines of a label; the country is left out for letters within ``home_country``.

    >>> address_lines(Address("Calle Sol 3", "", "", "28013", "Madrid", "Madrid", "ES"), "es")
    ['Calle Sol 3', '28013 Madrid', 'España']
    """
    country = ""
    if address.country and address.country != home_country:
        country = country_name(address.country, language)
    if _is_big_to_small(address):
        lines = [
            " ".join(part for part in (country, address.postal_code) if part),
            _joined_once(address.region, address.city, address.district),
            " ".join(part for part in (address.street, address.street2) if part),
        ]
    else:
        lines = [address.street, address.street2, address.district, _city_line(address), country]
    return [line for line in lines if line]


def one_line(address: Address, language: str = "en", home_country: str = "") -> str:
    """The address on one line, as its country writes it.

    >>> one_line(Address("世纪大道100号", "", "浦东新区", "200120", "上海市", "上海市", "CN"), "zh-hans")
    '中国上海市浦东新区世纪大道100号 200120'
    >>> one_line(Address("1 Main St", "", "", "98052", "Redmond", "WA", "US"), home_country="US")
    '1 Main St, Redmond, WA 98052'
    """
    if not _is_big_to_small(address):
        return ", ".join(address_lines(address, language, home_country))
    country = ""
    if address.country and address.country != home_country:
        country = country_name(address.country, language)
        country = country if _CJK.search(country) else f"{country} "
    place = _joined_once(address.region, address.city, address.district)
    return f"{country}{place}{address.street}{address.street2} {address.postal_code}".strip()


def postal_key(code: str, country: str = "") -> str:
    """A postal code as far as comparing goes.

    >>> postal_key("sw1a 1aa", "GB"), postal_key("98052-1234", "US"), postal_key("8013", "ES")
    ('SW1A1AA', '98052', '08013')
    """
    key = re.sub(r"[\W_]", "", fold(code)).upper()
    if country == "US":
        return key[:5]
    if country == "ES" and key.isdigit() and len(key) == 4:
        # Spreadsheets take the leading zero off the codes of Barcelona, Badajoz and others.
        return f"0{key}"
    return key


def street_key(street: str) -> str:
    """A street line as far as comparing goes: abbreviations and little words do not count.

    >>> street_key("C/ del Sol, nº 3") == street_key("CALLE SOL 3")
    True
    """
    words = re.findall(r"[^\W_]+", fold(street).replace("s/n", "sn"))
    full = [_STREET_WORDS.get(word, word) for word in words]
    return " ".join([word for word in full if word not in _NOISE])


def _is_big_to_small(address: Address) -> bool:
    """East Asian order, for addresses written in East Asian characters."""
    written = address.street + address.city + address.district
    return address.country in _BIG_TO_SMALL and _CJK.search(written) is not None


def _city_line(address: Address) -> str:
    city, region, code = address.city, address.region, address.postal_code
    if fold(region) == fold(city):
        region = ""
    if address.country == "GB":
        return ", ".join(part for part in (city, code) if part)
    if address.country in _REGION_SHORT:
        return ", ".join(part for part in (city, " ".join(p for p in (region, code) if p)) if part)
    place = ", ".join(part for part in (city, region) if part)
    ordered = (place, code) if address.country in _CODE_AFTER_CITY else (code, place)
    return " ".join(part for part in ordered if part)


def _joined_once(*parts: str) -> str:
    """Places from big to small; a municipality is its own province and is written once."""
    kept: list[str] = []
    for part in parts:
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return "".join(kept) if all(_CJK.search(part) for part in kept) else " ".join(kept)
