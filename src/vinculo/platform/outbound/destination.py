"""Where a web address leads, and whether we may go there."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna
from django.conf import settings

from vinculo.kernel.errors import DomainError, _

PORTS = {"http": 80, "https": 443}
LONGEST = 1000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

#: Prefixes that carry an IPv4 address inside: what is behind them counts.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")


class NotReachable(DomainError):
    """The address is none that we call."""


@dataclass(frozen=True)
class Destination:
    """A checked web address: `addresses` are where its host is, all of them allowed."""

    url: str
    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_url(url: str, *, resolve: Resolver | None = None) -> Destination:
    """The destination of a web address; NotReachable for one that we do not call.

    Refused are other schemes, credentials, ports besides 80 and 443, hosts written as a number in
    any notation but the usual one, and hosts with an address that is not public: loopback, private,
    link-local (cloud metadata), unique local, multicast, IPv4 inside IPv6. `VINCULO_OUTBOUND_HOSTS`
    names hosts (or host:port) of one's own network that may be called all the same.
    """
    parts, host, port = _parts(url)
    named = _is_named(host, port)
    if port != PORTS[parts.scheme] and port not in PORTS.values() and not named:
        raise NotReachable(_("Use port 80 or 443."), "url")
    literal = _literal(host)
    if literal is not None:
        found = [str(literal)]
    else:
        _refuse_odd_name(host, named)
        found = (resolve or resolve_host)(host, port)
    if not found:
        raise NotReachable(_("There is no host of this name."), "url")
    if not named:
        for one in found:
            if not is_public(one):
                raise NotReachable(
                    _("This address is inside a network of our own. Use a public one."), "url"
                )
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    return Destination(url, parts.scheme, host, port, target, tuple(dict.fromkeys(found)))


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """Scheme, host in ASCII and port of an address that is written without tricks."""
    refused = NotReachable(_("This is no web address. Begin it with https://"), "url")
    odd = any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url
    if not url or len(url) > LONGEST or odd:
        raise refused
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in PORTS or not host:
        raise refused
    if "@" in parts.netloc:
        raise NotReachable(_("Leave out the name and the password."), "url")
    if not parts.path.isascii() or not parts.query.isascii():
        raise refused
    if "%" in host:
        raise refused  # an encoded host, or the zone of a link-local address
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            raise refused from None
    host = host.removesuffix(".").lower()
    if not host or any(not label for label in host.split(".")):
        raise refused
    return parts, host, PORTS[parts.scheme] if port is None else port


def _literal(host: str) -> Address | None:
    """The IP address that the host is, in its usual notation."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refuse_odd_name(host: str, named: bool) -> None:
    """No name of the internet ends in a number (RFC 1123), but 2130706433, 0x7f.1 and 0177.0.0.1
    are all 127.0.0.1 to some resolvers; and a name without a dot is one of our own network."""
    last = host.rpartition(".")[2]
    numeric = last.isdigit() or (last.startswith("0x") and _is_hex(last[2:]))
    if ":" in host or numeric:
        raise NotReachable(_("Write the host by its name."), "url")
    if "." not in host and not named:
        raise NotReachable(
            _("This address is inside a network of our own. Use a public one."), "url"
        )


def _is_hex(digits: str) -> bool:
    return all(digit in "0123456789abcdef" for digit in digits)


def _is_named(host: str, port: int) -> bool:
    """Whether the installation allows this host of its own network."""
    allowed = {str(one).lower() for one in getattr(settings, "VINCULO_OUTBOUND_HOSTS", ())}
    return f"{host}:{port}" in allowed or (host in allowed and port in PORTS.values())


def resolve_host(host: str, port: int) -> list[str]:
    """Every address of a host; an empty list when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return []
    return [str(one[4][0]) for one in found]


def is_public(text: str) -> bool:
    """Whether an IP address is one of the internet, also when it is IPv4 inside IPv6."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inside = _inside(address)
    if inside is not None:
        # Translated, tunnelled or mapped: nobody's host has such an address by its own will.
        return False
    return bool(
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
    )


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one, whatever way it was put there."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in NAT64 or address in NAT64_LOCAL or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
