"""Connect a Magento shop: its own server brings an integration's secrets, then its admin opens our page in a pop-up.

    expect      our page asks for the shop's address and waits for it, one hour; the merchant makes the integration
    activated   the shop's server posts consumer pair and verifier: kept, and answered at once. Nothing proves who
                posted them, so that they are taken only for a shop that is expected, and believed by nobody yet
    finish      the pop-up comes, in the browser that began, with the same consumer key: the handshake with the
                shop's own address proves the secrets; shop checked; access token stored, connection stored and woken

The handshake works once, and within 300 seconds of the activation (facts/magento.md, section 1). A crash after it
leaves an integration that has to be reauthorised; Reauthorize goes the same way and replaces what was there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Merchant, System
from tillbridge.flows.connect_book import Connected, ConnectionBook
from tillbridge.flows.connect_errors import no_activation, not_expected, wrong_shop
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_ports import CheckAddress, Grants, Handshake, Prove, WayBack, sells_nothing
from tillbridge.flows.shop_addresses import ShopAddresses


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoDoor:
    """Connects a merchant's Magento shops."""

    reception: Reception
    check_address: CheckAddress
    handshake: Handshake
    way_back: WayBack
    prove: Prove
    grants: Grants
    book: ConnectionBook
    addresses: ShopAddresses
    sells: Callable[[Merchant], bool] = sells_nothing
    """Tells whether a merchant's web orders are to become sales, which needs more rights."""
    system: System = System.MAGENTO

    def expect(self, token: str, browser: str, given_address: str) -> str:
        """Wait for a shop; gives its address."""
        invitation = self.reception.find(token)  # before anything is looked up on behalf of whoever asks
        address = self.addresses.of(self.system, given_address)
        if invitation.address and (asked := self.addresses.of(self.system, invitation.address)) != address:
            raise wrong_shop(asked, address)
        self.check_address(address)
        self.reception.expect(token, browser, self.system, address)
        return address

    def activated(self, given_address: str, consumer_key: str, told: Secret) -> None:
        """Keep what a shop's server brings, if the shop is expected; it waits for five seconds, and no longer."""
        address = self.addresses.of(self.system, given_address)
        attempt = self.reception.expected(self.system, address)
        if attempt is None:
            raise not_expected(address)
        invitation = self.reception.invitation_of(attempt)
        self.grants.keep_pending(invitation.place, told)
        self.reception.also_known_as(attempt, consumer_key)

    def finish(self, consumer_key: str, browser: str, success_call_back: str) -> tuple[Connected, str]:
        """Finish in the browser that began; gives the address in the shop's admin that closes the pop-up."""
        attempt = self.reception.expected(self.system, consumer_key)
        if attempt is None:
            raise no_activation()
        invitation = self.reception.invitation_of(attempt)
        told = self.grants.pending(invitation.place)
        if told is None:
            raise no_activation()
        back = self.way_back(told, success_call_back)
        self.reception.met(attempt, browser)
        self.reception.expect_no_more(attempt, attempt.address)
        keys = self.handshake(told)
        selling = self.sells(self.reception.merchants.get(invitation.merchant_id))
        connected = self.book.choose(invitation.place, self.prove(attempt.address, keys, selling))
        place = connected.connection.place
        self.grants.keep_keys(place, keys)
        put = self.book.put(connected)
        self.grants.connected(place)
        if place != invitation.place:
            self.grants.drop(invitation.place)
        self.reception.invitations.use_up(invitation.invitation_hash)
        return put, back
