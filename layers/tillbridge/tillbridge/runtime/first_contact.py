"""Calls remote systems with grants that are not stored yet: whose are they, and do they work?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from tillbridge.domain.connecting import Found
from tillbridge.domain.errors import MisconfiguredSystemError
from tillbridge.domain.grant import ShopKeys, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.grants.tokens import OneToken
from tillbridge.runtime.calls import count_call
from tillbridge.runtime.grant_parts import Parts
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill, OldKey, TokenSource
from tillbridge.systems.till import Till

HURRY = TransportOptions(connect_seconds=3.0, read_seconds=8.0, total_seconds=10.0)
"""A person waits, and API Gateway gives up after 29 s."""


def check_address(policy: AddressPolicy, address: str) -> None:
    """Refuse an address that we never call, by its looks and by where its name leads."""
    policy.check_url(address)
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        policy.addresses(host, port)
    except (OSError, UnicodeError):
        raise MisconfiguredSystemError(
            f"There is no host named {host}.",
            remedy="Check the address for typing mistakes; enter it as a browser shows it.",
            code="UnknownHost",
        ) from None


def till_of(parts: Parts, pair: TokenPair) -> Till:
    """Make a till for finding out whose a new grant is."""
    return till_with(parts, OneToken(pair.access))


def till_with(parts: Parts, credential: TokenSource | OldKey, account_id: str = "") -> Till:
    """Make a till that is seen through one credential; without an account only whose it is can be asked."""
    client = LightspeedClient(
        _http(parts, System.LIGHTSPEED, ""),
        credential,
        clock=parts.clock,
        budget=BudgetBook(parts.clock),
        base_url=parts.settings.lightspeed_api_url,
    )
    return LightspeedTill(client, account_id)


def prove(parts: Parts, address: str, keys: ShopKeys) -> Found:
    """Have a shop checked with keys that are not stored yet."""
    from tillbridge.systems.woocommerce.api.keys import ApiKeys  # noqa: PLC0415  tills need none of it
    from tillbridge.systems.woocommerce.shop import WooCommerceShop  # noqa: PLC0415
    from tillbridge.systems.woocommerce.traits import Traits, traits_of  # noqa: PLC0415

    shop = WooCommerceShop(
        _http(parts, System.WOOCOMMERCE, address),
        address,
        ApiKeys.given(keys.key.reveal(), keys.secret.reveal()),
        Notepad(),
        clock=parts.clock,
        traits=Traits(),
    )
    profile = shop.check()
    return Found(account_id=address, name=profile.name, address=address, traits=traits_of(profile))


def _http(parts: Parts, system: System, address: str) -> HttpClient:
    return HttpClient(
        system.value,
        "",
        policy=parts.credentials.policy(http=address.startswith("http://")),
        clock=parts.clock,
        options=replace(HURRY, ca_bundle=parts.settings.ca_bundle),
        calls=partial(count_call, system),
    )


@dataclass
class Notepad:
    """A vocabulary for one check: nothing of it is kept."""

    _ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, kind: str, name: str) -> str | None:
        """Find an id."""
        return self._ids.get((kind, name))

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        """Remember ids for the length of the check."""
        self._ids |= {(kind, name): value for name, value in names.items()}

    def forget(self, kind: str) -> None:
        """Drop a kind."""
        self._ids = {key: value for key, value in self._ids.items() if key[0] != kind}
