"""Calls remote systems with grants that are not stored yet: whose are they, and do they work?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from tillbridge.domain.connecting import BY_APP, BY_KEYS, GRANT, Found
from tillbridge.domain.errors import MisconfiguredSystemError, TillbridgeError
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import WARNINGS, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.grants.token_errors import RECONNECT_SHOP
from tillbridge.grants.tokens import OneToken
from tillbridge.runtime.calls import count_call
from tillbridge.runtime.grant_parts import Parts
from tillbridge.runtime.shopify_account import ShopifyAccount
from tillbridge.runtime.shops import Built, Fittings, Tokens, kit_of
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


def prove(parts: Parts, address: str, keys: ShopKeys, *, selling: bool = False) -> Found:
    """Have a shop checked with keys that are not stored yet, and whether they may sell if that is wanted."""
    account = parts.settings.addresses.account(keys.system, address)
    built = _built(
        parts, keys.system, address, keys=keys.checked, tokens=lambda: parts.credentials.tokens_of(keys, account)
    )
    found = _by(BY_KEYS, _checked(parts, keys.system, address, built))
    if selling:
        built.desk.check_selling()
    return found


def prove_shopify(parts: Parts, shop: str, token: Secret) -> Found:
    """Have a Shopify shop checked with a token that is not stored yet; first of all, whether it is the very shop."""
    found = ShopifyAccount(parts.credentials).identify(shop, token)
    if found.account_id != shop:
        return found
    built = _built(parts, System.SHOPIFY, found.address, keys=_no_keys, tokens=lambda: OneToken(token, RECONNECT_SHOP))
    return _by(BY_APP, _checked(parts, System.SHOPIFY, found.address, built))


def _by(grant: str, found: Found) -> Found:
    return replace(found, traits={**found.traits, GRANT: grant})


def _no_keys() -> ShopKeys:
    raise TillbridgeError("A grant has no keys.", remedy="This is a defect; report it.")


def _built(
    parts: Parts, system: System, address: str, *, keys: Callable[[], ShopKeys], tokens: Callable[[], Tokens]
) -> Built:
    fittings = Fittings(
        http=_http(parts, system, address),
        gallery=_http(parts, system, address),
        address=parts.settings.addresses.called(system, address),
        keys=keys,
        tokens=tokens,
        vocabulary=Notepad(),
        clock=parts.clock,
        traits={},
        load=lambda: None,
        save=lambda _: None,
    )
    return kit_of(system).build(fittings)


def _checked(parts: Parts, system: System, address: str, built: Built) -> Found:
    profile = built.shop.check()
    account = parts.settings.addresses.account(system, address)
    traits = {**kit_of(system).traits_of(profile), WARNINGS: "\n".join(profile.warnings)}
    return Found(account_id=account, name=profile.name, address=address, traits=traits)


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
