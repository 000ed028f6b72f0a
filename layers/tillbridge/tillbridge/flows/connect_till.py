"""Connect a till: send the browser to the vendor, take it back with a code, and find out whose the grant is.

    leave      attempt stored, browser sent to the vendor
    come back  attempt ended (once, in time, same browser), code exchanged, account and rights looked at,
               grant stored, connection stored and woken, invitation used up

Up to "grant stored" nothing that was there before is touched, and a grant that is not wanted is given back. A crash
after that leaves the invitation as it is: the merchant opens the link again and finds the same place.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from tillbridge.domain.connecting import Found, Invitation
from tillbridge.domain.errors import TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import TokenPair
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.flows.connect_book import Connected, ConnectionBook
from tillbridge.flows.connect_errors import bad_code, denied, missing_rights, refused_by_vendor
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_ports import Authoriser, Grants, TillOf, sells_nothing

NAME = "Lightspeed"
LONGEST_CODE = 4096


def _nothing_moves(_: Connection) -> None:
    """Do nothing: no connection moves to another kind of credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorAnswer:
    """What the vendor sent the browser back with (RFC 6749, 4.1.2)."""

    state: str
    code: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillDoor:
    """Connects a merchant's till. ``authorised`` hears of it before the connection works with the new grant."""

    reception: Reception
    authoriser: Authoriser
    till_of: TillOf
    grants: Grants
    book: ConnectionBook
    authorised: Callable[[Connection], None] = _nothing_moves
    sells: Callable[[Merchant], bool] = sells_nothing
    """Tells whether a merchant's web orders are to become sales, which needs more rights."""
    system: System = System.LIGHTSPEED

    def leave(self, token: str, browser: str) -> str:
        """Begin; gives the vendor's page to send the browser to."""
        begun = self.reception.begin(token, browser, self.system)
        return self.authoriser.link(begun.state, browser, selling=self._sells(begun.invitation))

    def rights(self, merchant: Merchant) -> Mapping[str, str]:
        """Name what a merchant is asked for, each with what for."""
        return self.authoriser.rights(selling=self.sells(merchant))

    def come_back(self, answer: VendorAnswer, browser: str) -> Connected:
        """Finish; whatever is wrong with the answer is an error with its remedy."""
        attempt = self.reception.end(answer.state, browser, self.system)
        invitation = self.reception.invitation_of(attempt)
        pair = self._exchange(answer, browser)
        try:
            connected = self.book.choose(invitation.place, self._found(pair, selling=self._sells(invitation)))
        except TillbridgeError:
            with suppress(TillbridgeError):  # one that could not be given back ends by itself, unused for 30 days
                self.authoriser.revoke(pair)
            raise
        self.grants.keep_tokens(connected.connection.place, pair)
        self.authorised(connected.connection)
        put = self.book.put(connected)
        self.reception.invitations.use_up(invitation.invitation_hash)
        return put

    def _exchange(self, answer: VendorAnswer, browser: str) -> TokenPair:
        if answer.error:
            raise denied(NAME) if answer.error == "access_denied" else refused_by_vendor(NAME)
        if not 0 < len(answer.code) <= LONGEST_CODE:
            raise bad_code(NAME)
        try:
            return self.authoriser.exchange(answer.code, answer.state, browser)
        except UnauthorisedError:
            raise bad_code(NAME) from None

    def _sells(self, invitation: Invitation) -> bool:
        return self.sells(self.reception.merchants.get(invitation.merchant_id))

    def _found(self, pair: TokenPair, *, selling: bool) -> Found:
        account = self.till_of(pair).account()
        missing = (*account.missing, *(account.missing_to_sell if selling else ()))
        if missing:
            raise missing_rights(missing)
        return Found(account_id=account.account_id, name=account.name)
