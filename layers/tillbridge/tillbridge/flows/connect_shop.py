"""Connect a shop: by the hand-off of its keys, or with keys that somebody typed.

The hand-off (facts/woocommerce.md, "Key hand-off") has three steps, and nothing that arrives in them is signed:

    leave      a nonce is bound to merchant, shop and browser; the browser goes to the shop's own page
    take keys  the shop's server posts the keys with the nonce. They count only once they have worked at *that* shop;
               then they wait, since a stranger could have lured the shop's owner onto that page
    come back  the browser that began comes back with the nonce: now the keys are in force

The shop deletes a key whose delivery is not answered with 200, so every refusal leaves the shop clean as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, Merchant, Place, System
from tillbridge.domain.shop_keys import HandedKeys, ShopKeys
from tillbridge.flows.connect_book import Connected, ConnectionBook
from tillbridge.flows.connect_errors import denied, no_keys, other_keys, stale, weak_keys
from tillbridge.flows.connect_invite import Reception, new_connection_id
from tillbridge.flows.connect_ports import CheckAddress, Grants, HandOffLink, Prove, sells_nothing
from tillbridge.flows.shop_addresses import AT_THE_VENDOR, ShopAddresses

NAME = "the shop"
READ_WRITE = "read_write"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopDoor:
    """Connects a merchant's shops; ``system`` is the one whose shops hand their keys over."""

    reception: Reception
    check_address: CheckAddress
    hand_off_link: HandOffLink
    prove: Prove
    grants: Grants
    book: ConnectionBook
    addresses: ShopAddresses
    sells: Callable[[Merchant], bool] = sells_nothing
    """Tells whether a merchant's web orders are to become sales, which needs more rights."""
    system: System = System.WOOCOMMERCE

    def leave(self, token: str, browser: str, given_address: str) -> str:
        """Begin; gives the shop's page to send the browser to."""
        self.reception.find(token)  # before anything is looked up on behalf of whoever asks
        address = self._address(self.system, given_address)
        begun = self.reception.begin(token, browser, self.system, address)
        return self.hand_off_link(address, begun.state)

    def take_keys(self, handed: HandedKeys) -> None:
        """Take keys that a shop's server brings; what is wrong is noted for the merchant's next look, too."""
        attempt = self.reception.under_way(handed.nonce, self.system)
        invitation = self.reception.invitation_of(attempt)
        try:
            self._keep_until_return(attempt, invitation, handed)
        except TillbridgeError as error:
            self.reception.invitations.note(invitation.invitation_hash, error.happened, error.remedy)
            raise

    def come_back(self, nonce: str, browser: str, *, approved: bool) -> Connected:
        """Finish in the browser that began."""
        attempt = self.reception.end(nonce, browser, self.system)
        invitation = self.reception.invitation_of(attempt)
        if not approved:
            raise denied(NAME)
        keys = self.grants.keys(invitation.place) if attempt.found else None
        if attempt.found is None or keys is None:
            raise no_keys()
        connected = self._connect(invitation.place, attempt.found, keys)
        if connected.connection.connection_id != invitation.connection_id:
            self.grants.drop(invitation.place)
        self.reception.invitations.use_up(invitation.invitation_hash)
        return connected

    def connect_with_keys(self, merchant: Merchant, system: System, given_address: str, keys: ShopKeys) -> Connection:
        """Connect a shop with keys that its owner made by hand; they count once they have worked."""
        if keys.system is not system:
            raise other_keys(system, keys)
        keys = keys.checked()
        address = self._address(system, given_address)
        found = self.prove(address, keys, self.sells(merchant))
        place = Place(merchant.merchant_id, system, new_connection_id(self.reception.new_token))
        return self._connect(place, found, keys).connection

    def _address(self, system: System, given: str) -> str:
        address = self.addresses.of(system, given)
        if system not in AT_THE_VENDOR:
            self.check_address(address)
        return address

    def _keep_until_return(self, attempt: Attempt, invitation: Invitation, handed: HandedKeys) -> None:
        """Prove, then claim the attempt, then store: of two deliveries for one nonce only one can come through."""
        if handed.permissions != READ_WRITE:
            raise weak_keys(handed.permissions)
        selling = self.sells(self.reception.merchants.get(invitation.merchant_id))
        found = self.prove(attempt.address, handed.keys, selling)
        if not self.reception.attempts.prove(attempt.state_hash, found):
            raise stale()
        self.grants.keep_keys(invitation.place, handed.keys)

    def _connect(self, place: Place, found: Found, keys: ShopKeys) -> Connected:
        connected = self.book.choose(place, found)
        self.grants.keep_keys(connected.connection.place, keys)
        put = self.book.put(connected)
        self.grants.connected(put.connection.place)
        return put
