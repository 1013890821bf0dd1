"""Websites: only addresses a browser may safely be sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import idna

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.look_alikes import has_look_alikes
from vinculo.kernel.text import clean

LONGEST_URL = 2000
ALLOWED_SCHEMES = ("http", "https")
_NOT_A_SITE = _("“%(url)s” is not a web address. Write it like www.company.com.")
_OTHER_SCHEME = _("Only addresses that begin with http:// or https:// are accepted.")
_WITH_PASSWORD = _("A web address must not carry a user name or a password.")
_LOOK_ALIKES = _(
    "“%(url)s” mixes letters of different alphabets that look alike. Type it again by hand."
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.I)
_HOST_AND_PORT = re.compile(r"[^/?#\s:@\\]+\.[^/?#\s:@\\]+:\d{1,5}(?:[/?#]|$)")
_ASCII_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{0,61}[a-z0-9]"
)
# Addresses that need no further thought: a usual host, and at most a plain path.
_PLAIN = re.compile(
    r"(?P<scheme>https?)://(?=[^/]{4,253}(?:/|$))"
    r"(?P<host>(?:(?!..--)[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
    r"(?P<path>(?:/[A-Za-z0-9_\-]+)*)/?"
)
_UNSAFE = re.compile(r"[\s\\\"<>^`{|}]")


@dataclass(frozen=True, slots=True)
class Website:
    """A web address to open, and its domain without "www." to compare and show."""

    url: str
    domain: str


def parse_website(typed: str) -> Website:
    """Read a web address; without a scheme it gets https.

    Raises DomainError for any scheme but http and https (``javascript:``, ``data:`` …), for
    credentials in the address and for what is no address at all.

    >>> parse_website("WWW.Acme.es/Tienda")
    Website(url='https://www.acme.es/Tienda', domain='acme.es')
    """
    if plain := _PLAIN.fullmatch(typed):
        host = plain["host"]
        slash = "/" if plain["path"] and typed.endswith("/") else ""
        url = f"{plain['scheme']}://{host}{plain['path']}{slash}"
        return Website(url, host.removeprefix("www."))
    text = clean(typed)
    if not text or len(text) > LONGEST_URL or _UNSAFE.search(text):
        raise DomainError(_NOT_A_SITE, url=text[:100])
    scheme = _SCHEME.match(text)
    if scheme and not _HOST_AND_PORT.match(text):
        if scheme.group(1).lower() not in ALLOWED_SCHEMES:
            raise DomainError(_OTHER_SCHEME)
    else:
        text = "https://" + text.removeprefix("//")
    return _checked(text)


def _checked(text: str) -> Website:
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise DomainError(_NOT_A_SITE, url=text[:100]) from error
    if "@" in parts.netloc:
        raise DomainError(_WITH_PASSWORD)
    if has_look_alikes(host):
        raise DomainError(_LOOK_ALIKES, url=text[:100])
    ascii_host = _ascii(host)
    if not ascii_host or not _ASCII_HOST.fullmatch(ascii_host):
        raise DomainError(_NOT_A_SITE, url=text[:100])
    scheme = parts.scheme.lower()
    usual = {"http": 80, "https": 443}[scheme]
    netloc = host if port in (None, usual) else f"{host}:{port}"
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    url = urlunsplit((scheme, netloc, path, parts.query, parts.fragment))
    return Website(url, host.removeprefix("www."))


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""


def is_safe_url(url: str) -> bool:
    """Whether a stored or foreign address may become a link in a page."""
    try:
        parse_website(url)
    except DomainError:
        return False
    return url.lower().startswith(("http://", "https://"))
