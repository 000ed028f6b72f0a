"""What a shop's adapter is made of, and what comes of it; the same for every system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.keep_hooks import ShopHooks
from tillbridge.systems.http import FencedClient, HttpClient, TransportOptions
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.order_desk import OrderDesk
from tillbridge.systems.shop import Shop, ShopProfile, Vocabulary

Snapshot = Mapping[str, str]


class Tokens(Protocol):
    """An access token that may have to be renewed; grants and keys of one token are the same to an adapter."""

    def current(self) -> str:
        """Give the token to use."""
        ...

    def renew(self, rejected: str, told: str) -> str:
        """Give another than the one that was refused; ``UnauthorisedError``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fittings:
    """The parts for one shop.

    ``address`` is where it is called, ``gallery`` fetches pictures, ``load`` and ``save`` share what is left of limits.
    ``told`` tells the operator.
    """

    http: HttpClient | FencedClient
    gallery: HttpClient
    address: str
    keys: Callable[[], ShopKeys]
    tokens: Callable[[], Tokens]
    vocabulary: Vocabulary
    clock: Clock
    traits: Mapping[str, str]
    load: Callable[[], Snapshot | None]
    save: Callable[[Snapshot], None]
    told: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Built:
    """A shop, its orders one by one, and its web hooks where the system has any."""

    shop: Shop
    desk: OrderDesk
    hooks: ShopHooks | None = None


@dataclass(frozen=True, slots=True)
class ShopKit:
    """Makes a system's shops. ``transport`` suits their work; ``traits_of`` is what of a check is kept.

    ``note`` tells what the operator has to know by what is remembered of a shop, at a moment (UTC).
    """

    transport: TransportOptions
    build: Callable[[Fittings], Built]
    traits_of: Callable[[ShopProfile], Mapping[str, str]]
    note: Callable[[Vocabulary, datetime], str] = lambda *_: ""
