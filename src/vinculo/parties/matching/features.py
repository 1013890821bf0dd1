"""What of a record is compared with other records: folded, without what all companies have.

Runs over a million records: it touches neither database nor settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from vinculo.kernel.text import company_core, fold

#: Mailboxes of people at home and at work alike: two customers who use one are not one company.
PUBLIC_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.es", "hotmail.com", "hotmail.es",
        "live.com", "msn.com", "yahoo.com", "yahoo.es", "yahoo.com.mx", "icloud.com", "me.com",
        "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "proton.me", "protonmail.com",
        "qq.com", "163.com", "126.com", "sina.com", "sohu.com", "foxmail.com", "139.com",
        "telefonica.net", "terra.es", "orange.fr", "free.fr", "mail.ru", "yandex.ru",
        "pchome.com.tw", "yahoo.com.tw", "hinet.net", "naver.com",
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[\W_]+")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([^/:?#]+)", re.I)
_SHORTEST_CODE = 4


@dataclass(frozen=True, slots=True)
class Features:
    """One record as it is compared; "" where it says nothing."""

    unique_id: str
    #: Words of the name in the order of the alphabet: "Anders, Maria" is "Maria Anders".
    name: str
    #: The same of its name in another script or in law.
    alias: str
    given: str
    family: str
    tax: str
    born: str
    street: str
    postal: str
    city: str
    domain: str


COLUMNS = tuple(one.name for one in fields(Features))


def features_of(
    unique_id: str,
    *,
    kind: str,
    name: str,
    other_name: str = "",
    given: str = "",
    family: str = "",
    tax_id: str = "",
    born: str = "",
    street: str = "",
    postal_code: str = "",
    city: str = "",
    website: str = "",
    email: str = "",
) -> Features:
    """A record as it is compared; `kind` is company or person, `born` an ISO date."""
    tax = _NOT_WORD.sub("", fold(tax_id))
    return Features(
        unique_id=unique_id,
        name=name_key(kind, name or f"{given} {family}"),
        alias=name_key(kind, other_name) if other_name else "",
        given=fold(given),
        family=fold(family),
        tax=tax if len(tax) >= _SHORTEST_CODE else "",
        born=born,
        street=_words(street),
        postal=_NOT_WORD.sub("", fold(postal_code)),
        city=_words(city),
        domain=domain_of(website, email) if kind == "company" else "",
    )


def name_key(kind: str, name: str) -> str:
    """A name's telling words in the order of the alphabet.

    >>> name_key("person", "Anders, María"), name_key("company", "Furtado e Hijos, S.L.")
    ('anders maria', 'e furtado hijos')
    """
    return _words(company_core(name) if kind == "company" else name, ordered=True)


def _words(text: str, *, ordered: bool = False) -> str:
    words = [word for word in _NOT_WORD.split(fold(text)) if word]
    return " ".join(sorted(words) if ordered else words)


def domain_of(website: str, email: str) -> str:
    """Where a company is on the net: the host of its site, else of its mailbox if that is its own.

    >>> domain_of("https://www.acme.example/es", ""), domain_of("", "info@acme.example")
    ('acme.example', 'acme.example')
    >>> domain_of("", "acme@gmail.com")
    ''
    """
    found = _HOST.match(website.strip())
    host = found.group(1).lower() if found else email.rpartition("@")[2].lower()
    return "" if host in PUBLIC_MAIL else host
