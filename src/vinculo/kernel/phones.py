"""Phone numbers: what was typed, and the one international form it stands for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from vinculo.kernel.text import clean

LONGEST_TYPED = 60
# What a number without letters, extension or other trouble is written with.
_PLAIN = re.compile(r"\+?[\d\s().\-/]{6,30}")
_NOT_DIGITS = re.compile(r"\D+")
# Chinese words for "extension", which the library does not know.
_CHINESE_EXTENSION = re.compile(r"\s*(?:转|轉|分机|分機|内线|內線)\s*[:：]?\s*(?=\d)")
# Chinese and Spanish switchboards write "ext" in other ways too.
_OTHER_EXTENSION = re.compile(r"\s*(?:extensión|extension|anexo|interno|int\.?)\s*(?=\d)", re.I)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number; ``e164`` is None when no valid number can be read out of what was typed.

    ``national`` are the digits without country code (or all digits typed when not valid),
    ``country`` the ISO code the number belongs to, "" when it is unknown or worldwide.
    """

    typed: str
    e164: str | None
    national: str
    country: str
    valid: bool
    extension: str = ""


def parse_phone(typed: str, country: str | None = None) -> Phone:
    """Read a phone number; ``country`` (ISO code) is where a number without prefix would be.

    Never fails: a number that cannot be understood keeps what was typed and is not valid.

    >>> parse_phone("955 47 29 12", "ES").e164, parse_phone("+86 10 6888 1234").country
    ('+34955472912', 'CN')
    >>> parse_phone("021-68881234转802", "CN").extension
    '802'
    """
    return _parse(clean(typed)[:LONGEST_TYPED], (country or "").upper())


def display_phone(e164: str, reader_country: str = "") -> str:
    """An E.164 number as people write it: without country code for readers in that country.

    >>> display_phone("+34955472912"), display_phone("+34955472912", "ES")
    ('+34 955 47 29 12', '955 47 29 12')
    """
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_number(number) == reader_country.upper()
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)


@lru_cache(maxsize=8192)
def _parse(typed: str, country: str) -> Phone:
    text = unicodedata.normalize("NFKC", typed)
    if _PLAIN.fullmatch(text):
        phone = _parse_plain(typed, text, country)
        if phone:
            return phone
    return _parse_with_library(typed, text, country)


def _parse_with_library(typed: str, text: str, country: str) -> Phone:
    text = _OTHER_EXTENSION.sub(" ext ", _CHINESE_EXTENSION.sub(" ext ", text))
    if not country and text.lstrip("( ").startswith("00"):
        text = "+" + text.lstrip("( ")[2:]
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return Phone(typed, None, _NOT_DIGITS.sub("", text), "", valid=False)
    if not phonenumbers.is_valid_number(number):
        return Phone(
            typed,
            None,
            _NOT_DIGITS.sub("", text),
            "",
            valid=False,
            extension=number.extension or "",
        )
    region = phonenumbers.region_code_for_number(number) or ""
    return Phone(
        typed=typed,
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        national=phonenumbers.national_significant_number(number),
        country=region if len(region) == 2 else "",
        valid=True,
        extension=number.extension or "",
    )


# The fast path. It follows the library's own rules on the library's own tables for the numbers
# that imports are full of, and leaves anything doubtful to the library: a test compares the two.


class _Plan:
    """One country's numbering plan, compiled."""

    def __init__(self, metadata: PhoneMetadata) -> None:
        self.region = metadata.id
        self.calling_code = str(metadata.country_code)
        general = metadata.general_desc or PhoneNumberDesc()
        self.general = re.compile(general.national_number_pattern or "(?!)")
        self.trunk = re.compile(metadata.national_prefix_for_parsing or "(?!)")
        self.rewrites_trunk = bool(metadata.national_prefix_transform_rule)
        self.dial_out = re.compile(metadata.international_prefix or "(?!)")
        self.leading = re.compile(metadata.leading_digits) if metadata.leading_digits else None
        general_lengths = _length_check(general)
        kinds = [
            metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.premium_rate,
            metadata.shared_cost, metadata.personal_number, metadata.voip, metadata.pager,
            metadata.uan, metadata.voicemail,
        ]  # fmt: skip
        patterns = [
            f"{_length_check(kind)}(?:{kind.national_number_pattern})"
            for kind in kinds
            if kind is not None and kind.national_number_pattern
        ]
        self.assigned = re.compile(
            f"{general_lengths}(?=(?:{self.general.pattern})$)(?:{'|'.join(patterns) or '(?!)'})"
        )

    def without_trunk(self, digits: str) -> str | None:
        """The national number without its trunk prefix; None when it takes more than cutting."""
        prefix = self.trunk.match(digits)
        if not prefix or not prefix.end():
            return digits
        if prefix.re.groups and (not self.rewrites_trunk or prefix.groups()[-1] is not None):
            return None
        cut = digits[prefix.end() :]
        if self.general.fullmatch(digits) and not self.general.fullmatch(cut):
            return digits
        return cut


def _length_check(kind: PhoneNumberDesc) -> str:
    lengths = [length for length in kind.possible_length if length > 0]
    return f"(?=(?:{'|'.join(f'.{{{length}}}$' for length in lengths)}))" if lengths else ""


@cache
def _plan(region: str) -> _Plan | None:
    metadata = PhoneMetadata.metadata_for_region(region, None)
    return _Plan(metadata) if metadata else None


@cache
def _plans_of_code(calling_code: str) -> tuple[_Plan, ...]:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(calling_code), ())
    return tuple(plan for plan in map(_plan, regions) if plan)


def _parse_plain(typed: str, text: str, country: str) -> Phone | None:
    digits = _NOT_DIGITS.sub("", text)
    if not digits.isascii():
        return None
    if text[0] == "+":
        for length in (1, 2, 3):
            plans = _plans_of_code(digits[:length]) if digits[0] != "0" else ()
            if plans:
                return _assigned(typed, plans, digits[length:])
        return None
    home = _plan(country) if country else None
    if home is None or home.dial_out.match(digits):
        return None
    if digits.startswith(home.calling_code) and not home.general.fullmatch(digits):
        return None
    return _assigned(typed, _plans_of_code(home.calling_code), digits, home)


def _assigned(
    typed: str, plans: tuple[_Plan, ...], digits: str, home: _Plan | None = None
) -> Phone | None:
    national = (home or plans[0]).without_trunk(digits)
    if not national:
        return None
    for plan in plans:
        if len(plans) > 1 and plan.leading:
            if not plan.leading.match(national):
                continue
            # The library settles on the region by these digits alone.
            if not plan.assigned.fullmatch(national):
                return None
        elif not plan.assigned.fullmatch(national):
            continue
        e164 = f"+{plan.calling_code}{national}"
        return Phone(typed, e164, national, plan.region, valid=True)
    return None
