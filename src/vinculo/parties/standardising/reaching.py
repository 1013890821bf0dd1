"""Phones in their international form, and e-mail addresses without what is not theirs."""

from __future__ import annotations

import re
import unicodedata

from vinculo.kernel.emails import parse_email, split_mailbox
from vinculo.kernel.errors import DomainError
from vinculo.kernel.phones import LONGEST_TYPED, display_phone, parse_phone
from vinculo.kernel.text import clean

# What a number is written with, apart from an extension: with other words in it somebody said more
# than a number ("Ana, mornings"), and it is left as it is.
_EXTENSION = re.compile(
    r"(?:;?\s*ext(?:\.|ension|ensión)?\s*[:.]?|转|轉|分机|分機|内线|內線|anexo|interno|\bx)\s*[:：]?\s*\d{1,7}\s*$",
    re.I,
)
_NUMBER = re.compile(r"[+\d\s().\-/‐–—]{6,40}")
_MAILTO = re.compile(r"^\s*mailto\s*:\s*", re.I)
_AROUND = " \t\r\n<>()[]\"',;:."


def international(text: str, country: str) -> str | None:
    """ "955472912" in Spain is "+34 955 47 29 12"."""
    usual = unicodedata.normalize("NFKC", clean(text))
    if not _NUMBER.fullmatch(_EXTENSION.sub("", usual).strip()):
        return None
    phone = parse_phone(text, country)
    if phone.e164 is None:
        return None
    written = display_phone(phone.e164)
    if phone.extension:
        written = f"{written} ext. {phone.extension}"
    if written == text or len(written) > LONGEST_TYPED:
        return None
    again = parse_phone(written)
    same = (again.e164, again.extension) == (phone.e164, phone.extension)
    return written if same else None


def bare_address(text: str, _country: str) -> str | None:
    """ "mailto:", a name before it, brackets and signs around an e-mail address."""
    address = _MAILTO.sub("", clean(text))
    if "<" in address:
        address = split_mailbox(address)[1] or address
    address = address.strip(_AROUND)
    if address == text or not address:
        return None
    try:
        return parse_email(address).address
    except DomainError:
        return None


def small_letters(text: str, _country: str) -> str | None:
    """An e-mail address that was typed in capitals; a domain has no case at all."""
    local, found, domain = text.rpartition("@")
    if not found:
        return None
    new = f"{local.lower() if local.isupper() else local}@{domain.lower()}"
    return new if new != text else None
