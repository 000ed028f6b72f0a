"""Connect a Shopify shop: its own page asks the merchant, a signed answer brings a code (facts/shopify.md, section 3).

    leave      the shop's name is checked: our secret will be sent there; attempt stored, browser sent to the shop
    come back  signature and time, then the attempt: once, in time, same browser, same shop; code exchanged, scopes
               compared, shop asked who it is; grant stored, connection stored and woken, invitation used up

Up to "grant stored" nothing that was there before is touched. A grant that is not wanted cannot be given back to
Shopify: nobody has it, and it ends unused. A crash leaves the invitation, whose second use finds the same place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import Approved
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.domain.shop_names import shopify_shop
from tillbridge.flows.connect_book import Connected, ConnectionBook
from tillbridge.flows.connect_errors import bad_code, denied, missing_scopes, refused_by_vendor, wrong_shop
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_ports import Grants, Identify, ShopAuthoriser, sells_nothing

NAME = "Shopify"
LONGEST_CODE = 4096


def _nothing_moves(_: Connection) -> None:
    """Do nothing: no connection moves to another kind of credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopifyDoor:
    """Connects a merchant's Shopify shops. ``authorised`` hears of it before a connection works with the new grant."""

    reception: Reception
    authoriser: ShopAuthoriser
    identify: Identify
    grants: Grants
    book: ConnectionBook
    authorised: Callable[[Connection], None] = _nothing_moves
    sells: Callable[[Merchant], bool] = sells_nothing
    """Tells whether a merchant's web orders are to become sales, which needs more rights."""
    system: System = System.SHOPIFY

    def leave(self, token: str, browser: str, given_address: str) -> str:
        """Begin; gives the shop's page to send the browser to."""
        invitation = self.reception.find(token)
        shop = shopify_shop(given_address)
        if invitation.address and (asked := shopify_shop(invitation.address)) != shop:
            raise wrong_shop(asked, shop)
        begun = self.reception.begin(token, browser, self.system, shop)
        return self.authoriser.link(shop, begun.state, selling=self._sells(invitation))

    def rights(self, merchant: Merchant) -> Mapping[str, str]:
        """Name what a merchant is asked for, each with what for."""
        return self.authoriser.rights(selling=self.sells(merchant))

    def come_back(self, query: Mapping[str, str], browser: str) -> Connected:
        """Finish with what the shop sent along; whatever is wrong with it is an error with its remedy."""
        self.authoriser.verify(query)
        attempt = self._attempt(query, browser)
        invitation = self.reception.invitation_of(attempt)
        approved = self._exchange(attempt.address, query)
        if missing := self.authoriser.missing(approved.scopes, selling=self._sells(invitation)):
            raise missing_scopes(NAME, missing)
        connected = self.book.choose_alone(invitation.place, self._found(attempt.address, approved))
        self.grants.keep_tokens(connected.connection.place, approved.pair)
        self.authorised(connected.connection)
        put = self.book.put(connected)
        self.reception.invitations.use_up(invitation.invitation_hash)
        return put

    def begun_elsewhere(self, query: Mapping[str, str]) -> Connection | None:
        """Look at an installation that began in the shop's admin: gives the connection that there is, if any."""
        self.authoriser.verify(query)
        known = self.book.connections.of_account(self.system, query.get("shop", ""))
        return next((connection for connection in known if connection.working), None)

    def _sells(self, invitation: Invitation) -> bool:
        return self.sells(self.reception.merchants.get(invitation.merchant_id))

    def _attempt(self, query: Mapping[str, str], browser: str) -> Attempt:
        """End the attempt, unless another shop answers than the one that was asked."""
        state, shop = query.get("state", ""), query.get("shop", "")
        asked = self.reception.under_way(state, self.system).address
        if shop != asked:
            raise wrong_shop(asked, shop)
        return self.reception.end(state, browser, self.system)

    def _exchange(self, shop: str, query: Mapping[str, str]) -> Approved:
        if error := query.get("error", ""):
            raise denied(NAME) if error == "access_denied" else refused_by_vendor(NAME)
        code = query.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise bad_code(NAME)
        try:
            return self.authoriser.exchange(shop, code)
        except UnauthorisedError:
            raise bad_code(NAME) from None

    def _found(self, shop: str, approved: Approved) -> Found:
        """Ask the shop who it is: the answer has to come from the very shop that was asked."""
        found = self.identify(shop, approved.pair.access)
        if found.account_id != shop:
            raise wrong_shop(shop, found.account_id)
        return found
