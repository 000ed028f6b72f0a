"""The composition root of connecting: used by ``oauth_callback`` and, for invitations and keys, by ``operator``."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from urllib.parse import urlsplit

from tillbridge.domain.connecting import Found
from tillbridge.domain.errors import MisconfiguredSystemError
from tillbridge.domain.grant import ShopKeys, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_shop import ShopDoor
from tillbridge.flows.connect_till import TillDoor
from tillbridge.flows.disconnect import Ending
from tillbridge.grants.authorise import Authorisation
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.keys import hand_off_link
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.store_connecting import StoredAttempts, StoredInvitations
from tillbridge.grants.tokens import OneToken
from tillbridge.runtime import aws
from tillbridge.runtime.calls import count_call
from tillbridge.runtime.container import Container, container
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill
from tillbridge.systems.till import Till

HURRY = TransportOptions(connect_seconds=3.0, read_seconds=8.0, total_seconds=10.0)
"""A person waits, and API Gateway gives up after 29 s."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything that connects and disconnects."""

    reception: Reception
    till: TillDoor
    shop: ShopDoor
    ending: Ending
    pending: PendingBox
    local: bool


@cache
def doors() -> Doors:
    """Build the doors once per process."""
    return build(container())


def build(parts: Container) -> Doors:
    """Put the doors together from a deployment's parts."""
    settings, credentials, clock = parts.settings, parts.credentials, parts.clock
    grants = GrantKeeper(credentials.vault, credentials.records, credentials.lightspeed_server, clock)
    book = ConnectionBook(parts.connections, parts.lanes, clock)
    reception = Reception(
        invitations=StoredInvitations(aws.dynamodb(), settings.table),
        attempts=StoredAttempts(aws.dynamodb(), settings.table),
        merchants=parts.merchants,
        clock=clock,
        new_token=partial(secrets.token_urlsafe, 32),
        public_url=settings.public_url,
    )
    till = TillDoor(
        reception=reception,
        authoriser=Authorisation(credentials.lightspeed_server, credentials.apps),
        till_of=partial(_till_of, parts),
        grants=grants,
        book=book,
    )
    shop = ShopDoor(
        reception=reception,
        check_address=partial(check_address, credentials.policy(http=settings.local)),
        hand_off_link=partial(hand_off_link, settings.public_url),
        prove=partial(_prove, parts),
        grants=grants,
        book=book,
        local=settings.local,
    )
    pending = PendingBox(credentials.secrets, settings.secret_prefix)
    return Doors(reception, till, shop, Ending(parts.connections, grants, clock), pending, settings.local)


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


def _till_of(parts: Container, pair: TokenPair) -> Till:
    """Make a till for finding out whose a new grant is."""
    http = _http(parts, System.LIGHTSPEED, "")
    client = LightspeedClient(
        http,
        OneToken(pair.access),
        clock=parts.clock,
        budget=BudgetBook(parts.clock),
        base_url=parts.settings.lightspeed_api_url,
    )
    return LightspeedTill(client)


def _prove(parts: Container, address: str, keys: ShopKeys) -> Found:
    """Have a shop checked with keys that are not stored yet."""
    from tillbridge.systems.woocommerce.api.keys import ApiKeys  # noqa: PLC0415  tills are connected without it
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


def _http(parts: Container, system: System, address: str) -> HttpClient:
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
