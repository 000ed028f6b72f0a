"""Connect a BigCommerce store: its panel installs the app, and brings a code without state or signature.

    expect    our page asks for the store and waits for it, one hour; the merchant goes to the store's panel
    install   scopes compared first; known or expected, or refused; code exchanged: that alone proves the store
              (facts/bigcommerce.md, "Hosts, auth"); store checked; token stored, connection stored and woken

A store that is connected may install again without a link: BigCommerce voids the token when the app's scopes or the
owner's mail change, and the new one takes its place. The exchange voids the token that was in force, so that everything
that could be refused is refused before it. The browser cannot be bound: the panel shows the answer in a frame, where
no cookie of ours comes along. Hence the page names the merchant whom the store was connected for.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tillbridge.domain.connecting import BY_APP, GRANT, Attempt, Found
from tillbridge.domain.errors import InputError, UnauthorisedError
from tillbridge.domain.merchant import Connection, ConnectionState, Merchant, Place, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.connect_book import Connected, ConnectionBook
from tillbridge.flows.connect_errors import AGAIN, bad_code, missing_scopes, not_expected, taken_shop, wrong_shop
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_ports import ExchangeInstall, Grants, MissingScopes, Prove, sells_nothing
from tillbridge.flows.shop_addresses import ShopAddresses

NAME = "BigCommerce"
LONGEST = 4096
ONLY_READ = frozenset({"store_v2_orders", "store_locations"})
_CONTEXT = re.compile(r"stores/[a-z0-9]{4,32}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BigCommerceDoor:
    """Connects a merchant's BigCommerce stores."""

    reception: Reception
    exchange: ExchangeInstall
    missing: MissingScopes
    prove: Prove
    grants: Grants
    book: ConnectionBook
    addresses: ShopAddresses
    sells: Callable[[Merchant], bool] = sells_nothing
    """Tells whether a merchant's web orders are to become sales, which needs more rights."""
    system: System = System.BIGCOMMERCE

    def expect(self, token: str, browser: str, given_address: str) -> str:
        """Wait for a store; gives its name."""
        invitation = self.reception.find(token)
        store = self._account(given_address)
        if invitation.address and (asked := self._account(invitation.address)) != store:
            raise wrong_shop(asked, store)
        self.reception.expect(token, browser, self.system, store)
        return store

    def install(self, query: Mapping[str, str]) -> Connected:
        """Take what the panel sent the browser with; whatever is wrong with it is an error with its remedy."""
        code, scope, store = self._read(query)
        attempt = self.reception.expected(self.system, store)
        place = self._place(store, attempt)
        selling = self.sells(self.reception.merchants.get(place.merchant_id))
        if missing := self.missing(frozenset(scope.split()), selling):
            raise missing_scopes(NAME, missing)
        keys, granted = self._exchange(code, scope, store)
        if missing := self.missing(granted, selling):
            raise missing_scopes(NAME, missing)
        found = self._found(store, keys)
        connected = self.book.choose_alone(place, found)
        self.grants.keep_keys(connected.connection.place, keys)
        put = self.book.put(connected)
        self.grants.connected(put.connection.place)
        if attempt is not None:
            self.reception.invitations.use_up(attempt.invitation_hash)
            self.reception.met(attempt)
        return put

    def connected(self, store: str) -> Connection | None:
        """Find the connection of a store that works."""
        known = self.book.connections.of_account(self.system, store)
        return next((connection for connection in known if connection.working), None)

    def _account(self, given: str) -> str:
        return self.addresses.account(self.system, self.addresses.of(self.system, given))

    def _read(self, query: Mapping[str, str]) -> tuple[str, str, str]:
        code, scope, context = (query.get(name, "") for name in ("code", "scope", "context"))
        if not 0 < len(code) <= LONGEST:
            raise bad_code(NAME)
        if not _CONTEXT.fullmatch(context):
            raise InputError("context", "It names no store of BigCommerce.", remedy=AGAIN, code="BadContext")
        return code, scope[:LONGEST], context

    def _place(self, store: str, attempt: Attempt | None) -> Place:
        """Tell whose the store will be: whoever waits for it, else whoever has it already."""
        known = next((one for one in self.book.connections.of_account(self.system, store) if _has_app(one)), None)
        if attempt is None:
            if known is None:
                raise not_expected(store)
            return known.place
        place = self.reception.invitation_of(attempt).place
        if known is not None and known.merchant_id != place.merchant_id:
            raise taken_shop(store)
        return place

    def _exchange(self, code: str, scope: str, store: str) -> tuple[ShopKeys, frozenset[str]]:
        try:
            return self.exchange(code, scope, store)
        except UnauthorisedError:
            raise bad_code(NAME) from None

    def _found(self, store: str, keys: ShopKeys) -> Found:
        found = self.prove(self.addresses.of(self.system, store), keys, False)
        return replace(found, traits={**found.traits, GRANT: BY_APP})


def _has_app(connection: Connection) -> bool:
    return connection.state is not ConnectionState.DISCONNECTED and connection.traits.get(GRANT) == BY_APP


def missing_scopes_of(needed: Mapping[str, str], granted: Collection[str]) -> Sequence[str]:
    """List what is needed and not granted, each with what there would not be without it.

    A scope holds its reading half; of what is only read, the reading half is enough.
    """
    held = {name.removesuffix("_read_only") for name in granted if name.removesuffix("_read_only") in ONLY_READ}
    held |= set(granted)
    return [
        f"{scope}: without it there are no {what}"
        for scope, what in needed.items()
        if not held & {scope, scope.removesuffix("_read_only")}
    ]


def missing_to_sell_of(needed: Mapping[str, str], granted: Collection[str]) -> Sequence[str]:
    """List what selling needs and was not granted, each with what would not work. To read is not to write."""
    held = set(granted)
    return [
        f"{scope}: without it {without}"
        for scope, without in needed.items()
        if not held & {scope, scope.removesuffix("_read_only")}
    ]
