# ruff: noqa: SIM905 - long lists of words read better as text

"""E-mail addresses: valid, in one form, and comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.look_alikes import has_look_alikes

LONGEST_ADDRESS = 254
_MOST_BRACKETS = 20
_NOT_AN_ADDRESS = _("“%(address)s” is not an e-mail address. Write it like name@company.com.")
_LOOK_ALIKES = _(
    "“%(address)s” mixes letters of different alphabets that look alike. Type it again by hand."
)
_INVISIBLE = _("“%(address)s” contains invisible characters. Type it again by hand.")
# Addresses that need no further thought; everything else goes to the library.
_PLAIN = re.compile(
    r"(?=.{6,254}$)(?=[^@]{1,64}@)[a-z0-9_+\-]+(?:\.[a-z0-9_+\-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+(?P<top>[a-z]{2,24})"
)
_SPECIAL_TOPS = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)
_FREE_PROVIDERS = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com
    aol.com icloud.com me.com mac.com proton.me protonmail.com gmx.com gmx.net gmx.de web.de
    mail.com zoho.com yandex.com yandex.ru mail.ru qq.com foxmail.com 163.com 126.com
    yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn pchome.com.tw hinet.net
    naver.com daum.net hotmail.es yahoo.es outlook.es telefonica.net terra.es hotmail.co.uk
    yahoo.co.uk yahoo.com.mx yahoo.com.ar yahoo.com.tw yahoo.co.jp free.fr orange.fr
    laposte.net libero.it t-online.de
    """.split()
)


@dataclass(frozen=True, slots=True)
class Email:
    """A valid address: ``address`` to write to, ``key`` to compare, ``domain`` in small letters."""

    address: str
    key: str
    domain: str


def parse_email(typed: str) -> Email:
    """Read an e-mail address (no check that its mailbox exists).

    Raises DomainError when it is not one, hides characters or mixes alphabets.

    >>> parse_email(" Ana.Perez@Acme.ES ")
    Email(address='Ana.Perez@acme.es', key='ana.perez@acme.es', domain='acme.es')
    """
    text = typed[: 2 * LONGEST_ADDRESS].strip()
    if len(text) > LONGEST_ADDRESS:
        raise DomainError(_NOT_AN_ADDRESS, address=text[:LONGEST_ADDRESS])
    lowered = text.lower()
    plain = _PLAIN.fullmatch(lowered) if text.isascii() else None
    if plain and plain["top"] not in _SPECIAL_TOPS:
        local, _at, domain = lowered.rpartition("@")
        return Email(f"{text[: len(local)]}@{domain}", lowered, domain)
    return _parse_with_library(text)


def _parse_with_library(text: str) -> Email:
    shown = text[:LONGEST_ADDRESS]
    if not text.isprintable():
        visible = "".join(char for char in shown if char.isprintable())
        raise DomainError(_INVISIBLE, address=visible)
    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise DomainError(_NOT_AN_ADDRESS, address=shown) from error
    if has_look_alikes(valid.normalized):
        raise DomainError(_LOOK_ALIKES, address=shown)
    return Email(valid.normalized, valid.normalized.casefold(), valid.domain.casefold())


def split_mailbox(text: str) -> tuple[str, str]:
    """Name and address of a mailbox as mail programs write it; either may be empty.

    >>> split_mailbox('"Pérez, Ana" <ana@acme.es>')
    ('Pérez, Ana', 'ana@acme.es')
    """
    text = text[: 4 * LONGEST_ADDRESS]
    if text.count("(") > _MOST_BRACKETS:
        # The library descends into brackets without a limit of its own.
        return "", ""
    name, address = parseaddr(text)
    return name.strip(), address.strip()


def is_free_provider(domain: str) -> bool:
    """Whether anybody gets an address there, so that it says nothing about the company."""
    return domain.lower() in _FREE_PROVIDERS
