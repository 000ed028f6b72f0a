"""Which addresses may be called. Shops give us theirs, so that none may lead into our own network (SSRF)."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from tillbridge.domain.errors import MisconfiguredSystemError, Subject

Resolver = Callable[[str, int], Sequence[str]]
"""Finds the numeric addresses of a host name; raises ``OSError`` when there are none."""

_CARRIES_IPV4 = tuple(
    map(
        ipaddress.ip_network,
        ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"),
    )
)
"""IPv6 ranges that lead to an IPv4 address written inside them (mapped, NAT64, 6to4, Teredo, compatible)."""

_LOOPBACK = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "::1/128")))

_PUBLIC_REMEDY = "Give an address that anybody on the internet can reach."


class AddressRefusedError(MisconfiguredSystemError):
    """An address that we never call, whatever stands behind it."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Look a host up as the machine does, both IPv4 and IPv6, without repeats."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """The rule for one connection. A name is judged by what it resolves to, at every new connection (DNS rebinding)."""

    http: bool = False
    loopback: bool = False
    resolver: Resolver = resolve

    @classmethod
    def public_only(cls, *, http: bool = False, resolver: Resolver = resolve) -> Self:
        """Allow addresses of the open internet, over https and, when asked for, http."""
        return cls(http=http, resolver=resolver)

    @classmethod
    def local(cls, *, resolver: Resolver = resolve) -> Self:
        """Allow this very machine as well, over https and http: for the local environment only."""
        return cls(http=True, loopback=True, resolver=resolver)

    def check_url(self, url: str, subject: Subject | None = None) -> None:
        """Refuse an address by its looks, before any name is resolved."""
        parts = _split(url)
        if parts is None or not parts.hostname:
            raise _refused("The address cannot be read.", "Give it like https://shop.example.com.", subject)
        if "@" in parts.netloc:
            raise _refused(
                f"The address of {parts.hostname} holds a user name.", "Leave out everything before the @.", subject
            )
        if parts.scheme not in ({"https", "http"} if self.http else {"https"}):
            raise _refused(
                f"The address of {parts.hostname} begins with {parts.scheme or 'nothing'}://.",
                "Use https://." if not self.http else "Use https:// or http://.",
                subject,
            )

    def addresses(self, host: str, port: int, subject: Subject | None = None) -> Sequence[str]:
        """Resolve a host and refuse it when any of its addresses may not be called; ``OSError`` when it has none."""
        found = self.resolver(host, port)
        for address in found:
            self.check_peer(host, address, subject)
        return found

    def check_peer(self, host: str, address: str, subject: Subject | None = None) -> None:
        """Refuse a numeric address."""
        if not self.allows(address):
            raise _refused(f"{host} leads to {address}, which is not on the open internet.", _PUBLIC_REMEDY, subject)

    def allows(self, address: str) -> bool:
        """Judge a numeric address."""
        try:
            numeric = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if self.loopback and any(numeric in network for network in _LOOPBACK):
            return True
        if isinstance(numeric, ipaddress.IPv6Address) and any(numeric in network for network in _CARRIES_IPV4):
            return False
        return numeric.is_global and not numeric.is_multicast and not numeric.is_reserved


def _split(url: str) -> SplitResult | None:
    """Split an address; ``None`` when it holds what has no place in one (blanks, controls, backslashes, a bad port)."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \\"):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _refused(happened: str, remedy: str, subject: Subject | None) -> AddressRefusedError:
    return AddressRefusedError(happened, remedy=remedy, code="AddressRefused", subject=subject)
