"""The composition root of connecting: used by ``oauth_callback`` and, for invitations and keys, by ``operator``.

What speaks to remote systems is loaded when it is first needed: the pages before that answer sooner.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, partial

from tillbridge.domain.connecting import Found
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.comply import Compliance
from tillbridge.flows.connect_bigcommerce import BigCommerceDoor, missing_scopes_of, missing_to_sell_of
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_magento import MagentoDoor
from tillbridge.flows.connect_shop import ShopDoor
from tillbridge.flows.connect_shopify import ShopifyDoor
from tillbridge.flows.connect_till import TillDoor
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.forget_buyers import BuyerOffice
from tillbridge.flows.lane_work import Register
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.ports import Deadline
from tillbridge.grants.authorise import Authorisation
from tillbridge.grants.bigcommerce import SignedCall
from tillbridge.grants.keys import hand_off_link
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.shopify_authorise import ShopifyAuthorisation
from tillbridge.grants.store_connecting import StoredAttempts, StoredInvitations
from tillbridge.runtime import aws, migrating
from tillbridge.runtime.grant_parts import GrantParts, Parts
from tillbridge.runtime.settings import Settings
from tillbridge.runtime.shopify_hooks import ShopifyHooks
from tillbridge.store.notices import StoredNotices
from tillbridge.store.order_records import StoredOrderRecords
from tillbridge.store.progress import StoredBudgets
from tillbridge.store.shop_rows import ShopRows
from tillbridge.systems.counter import Counter
from tillbridge.systems.till import Till


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything that connects and disconnects."""

    reception: Reception
    till: TillDoor
    shop: ShopDoor
    shopify: ShopifyDoor
    bigcommerce: BigCommerceDoor
    magento: MagentoDoor
    ending: Ending
    pending: PendingBox
    mover: Mover
    gone: AppGone
    compliance: Compliance
    signed_call: Callable[[str], SignedCall]
    shopify_hooks: ShopifyHooks
    local: bool


@cache
def doors() -> Doors:
    """Build the doors once per process."""
    return build(GrantParts(Settings.from_env()))


def build(parts: Parts) -> Doors:
    """Put the doors together from a deployment's parts."""
    settings, credentials, clock = parts.settings, parts.credentials, parts.clock
    grants = credentials.keeper
    book = ConnectionBook(parts.connections, parts.lanes, parts.outbox, clock)
    reception = Reception(
        invitations=StoredInvitations(aws.dynamodb(), settings.table),
        attempts=StoredAttempts(aws.dynamodb(), settings.table),
        merchants=parts.merchants,
        clock=clock,
        new_token=partial(secrets.token_urlsafe, 32),
        sign=credentials.link_signer,
        public_url=settings.public_url,
    )
    mover = migrating.mover(parts, reception.invite)
    till = TillDoor(
        reception=reception,
        authoriser=Authorisation(credentials.lightspeed_server, credentials.apps),
        till_of=partial(_till_of, parts),
        grants=grants,
        book=book,
        authorised=mover.authorised,
        sells=_sells,
    )
    shop = ShopDoor(
        reception=reception,
        check_address=partial(_check_address, parts),
        hand_off_link=partial(hand_off_link, settings.public_url),
        prove=partial(_prove, parts),
        grants=grants,
        book=book,
        addresses=settings.addresses,
        sells=_sells,
    )
    shopify = ShopifyDoor(
        reception=reception,
        authoriser=ShopifyAuthorisation(
            credentials.shopify_server,
            credentials.apps,
            clock,
            f"{settings.public_url}/connect/shopify/callback",
            _missing_scopes,
        ),
        identify=partial(_shopify_account, parts),
        grants=grants,
        book=book,
        authorised=mover.authorised,
        sells=_sells,
    )
    pending = PendingBox(credentials.secrets, settings.secret_prefix)
    ending = Ending(parts.connections, grants, clock)
    gone = _gone(parts, ending)
    buyers = BuyerOffice(StoredOrderRecords(parts.table, clock), partial(_counter_of, parts), clock)
    compliance = Compliance(StoredNotices(parts.table), gone, buyers, clock, partial(_sells_of, parts))
    return Doors(
        reception=reception,
        till=till,
        shop=shop,
        shopify=shopify,
        bigcommerce=_bigcommerce(parts, reception, book),
        magento=_magento(parts, reception, book),
        ending=ending,
        pending=pending,
        mover=mover,
        gone=gone,
        compliance=compliance,
        signed_call=partial(_signed_call, parts),
        shopify_hooks=ShopifyHooks(credentials.apps, gone, compliance),
        local=settings.local,
    )


def _sells(merchant: Merchant) -> bool:
    return merchant.settings.orders.imported


def _sells_of(parts: Parts, merchant_id: str) -> bool:
    return _sells(parts.merchants.get(merchant_id))


def _counter_of(parts: Parts, till: Connection, deadline: Deadline) -> Counter:
    from tillbridge.runtime.systems import Systems  # noqa: PLC0415

    systems = Systems(parts.settings, parts.credentials, StoredBudgets(parts.table), parts.table, parts.clock)
    return systems.seller(till, deadline)[0]


def _bigcommerce(parts: Parts, reception: Reception, book: ConnectionBook) -> BigCommerceDoor:
    return BigCommerceDoor(
        reception=reception,
        exchange=partial(_exchange_at_bigcommerce, parts),
        missing=_missing_at_bigcommerce,
        sells=_sells,
        prove=partial(_prove, parts),
        grants=parts.credentials.keeper,
        book=book,
        addresses=parts.settings.addresses,
    )


def _magento(parts: Parts, reception: Reception, book: ConnectionBook) -> MagentoDoor:
    return MagentoDoor(
        reception=reception,
        check_address=partial(_check_address, parts),
        handshake=partial(_handshake, parts),
        way_back=_way_back,
        prove=partial(_prove, parts),
        grants=parts.credentials.keeper,
        book=book,
        addresses=parts.settings.addresses,
        sells=_sells,
    )


def _exchange_at_bigcommerce(parts: Parts, code: str, scope: str, store: str) -> tuple[ShopKeys, frozenset[str]]:
    return parts.credentials.bigcommerce_app.exchange(code, scope, store)


def _signed_call(parts: Parts, payload: str) -> SignedCall:
    return parts.credentials.bigcommerce_app.verify(payload)


def _missing_at_bigcommerce(granted: Collection[str], selling: bool) -> Sequence[str]:  # noqa: FBT001
    from tillbridge.systems.bigcommerce.diagnosis import NEEDED, NEEDED_TO_SELL  # noqa: PLC0415

    missing = missing_scopes_of(NEEDED, granted)
    return [*missing, *missing_to_sell_of(NEEDED_TO_SELL, granted)] if selling else missing


def _handshake(parts: Parts, told: Secret) -> ShopKeys:
    from tillbridge.runtime.magento_handshake import handshake  # noqa: PLC0415

    return handshake(parts.credentials, told)


def _way_back(told: Secret, success_call_back: str) -> str:
    from tillbridge.runtime.magento_handshake import way_back  # noqa: PLC0415

    return way_back(told, success_call_back)


def _gone(parts: Parts, ending: Ending) -> AppGone:
    """Put together what closes connections whose app was uninstalled."""
    register = Register(parts.connections, parts.outbox, parts.clock)
    return AppGone(
        register, parts.credentials.keeper, ending, ShopRows(parts.table).forget, partial(_installation_lasts, parts)
    )


def _installation_lasts(parts: Parts, connection: Connection) -> bool | None:
    from tillbridge.runtime.shopify_account import Installation  # noqa: PLC0415

    is_shopify = connection.system is System.SHOPIFY
    return Installation(parts.credentials).lasts(connection.connection_id) if is_shopify else None


def _check_address(parts: Parts, address: str) -> None:
    from tillbridge.runtime.first_contact import check_address  # noqa: PLC0415

    check_address(parts.credentials.policy(http=parts.settings.local), address)


def _till_of(parts: Parts, pair: TokenPair) -> Till:
    from tillbridge.runtime.first_contact import till_of  # noqa: PLC0415

    return till_of(parts, pair)


def _shopify_account(parts: Parts, shop: str, token: Secret) -> Found:
    from tillbridge.runtime.first_contact import prove_shopify  # noqa: PLC0415

    return prove_shopify(parts, shop, token)


def _missing_scopes(granted: AbstractSet[str], selling: bool) -> Sequence[str]:  # noqa: FBT001
    from tillbridge.systems.shopify.api.scopes import missing_scopes  # noqa: PLC0415

    return missing_scopes(granted, selling=selling)


def _prove(parts: Parts, address: str, keys: ShopKeys, selling: bool) -> Found:  # noqa: FBT001
    from tillbridge.runtime.first_contact import prove  # noqa: PLC0415

    return prove(parts, address, keys, selling=selling)
