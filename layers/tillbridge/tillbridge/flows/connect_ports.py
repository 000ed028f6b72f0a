"""What connecting needs from the outside; ``grants`` and ``runtime`` implement it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.grant import Approved, DueGrant, Secret, TokenPair
from tillbridge.domain.merchant import Merchant, Place
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.ports import Deadline
from tillbridge.systems.till import Till


class Invitations(Protocol):
    """Open invitations, by the hash of their token. Expired ones may still be found."""

    def add(self, invitation: Invitation) -> None:
        """Keep an invitation until it expires."""
        ...

    def find(self, invitation_hash: str) -> Invitation | None:
        """Find an invitation."""
        ...

    def note(self, invitation_hash: str, problem: str, remedy: str) -> None:
        """Note how the last try ended, for the page that the merchant sees next."""
        ...

    def use_up(self, invitation_hash: str) -> None:
        """Make it worthless; one that is gone already is no error."""
        ...


class Attempts(Protocol):
    """Attempts under way, by the hash of their state. Expired ones may still be found."""

    def begin(self, attempt: Attempt) -> None:
        """Keep an attempt until it expires."""
        ...

    def expect(self, attempt: Attempt, now: datetime) -> bool:
        """Keep an attempt under a name that is no secret, unless another invitation's lives under it; tells whether."""
        ...

    def find(self, state_hash: str) -> Attempt | None:
        """Find an attempt."""
        ...

    def prove(self, state_hash: str, found: Found) -> bool:
        """Note that keys came and work; only the first time, which is told."""
        ...

    def take(self, state_hash: str, browser_hash: str) -> Attempt | None:
        """Take an attempt out if it began in this browser; only one taker gets it."""
        ...


class Grants(Protocol):
    """Keeps grants safe; none of its methods ever shows one."""

    def keep_tokens(self, place: Place, pair: TokenPair) -> None:
        """Store a pair of a new authorisation in the place of whatever is there."""
        ...

    def keep_keys(self, place: Place, keys: ShopKeys) -> None:
        """Store keys in the place of whatever is there; without a connection they are deleted within the hour."""
        ...

    def keys(self, place: Place) -> ShopKeys | None:
        """Read keys that were stored a moment ago; ``None`` when there are none."""
        ...

    def keep_pending(self, place: Place, told: Secret) -> None:
        """Store what a vendor's server brought, until somebody comes back for it; else deleted within the hour."""
        ...

    def pending(self, place: Place) -> Secret | None:
        """Read what is kept so; ``None`` when there is nothing."""
        ...

    def connected(self, place: Place) -> None:
        """Note that the connection of these keys exists."""
        ...

    def watch(self, place: Place) -> None:
        """Have it looked at soon, in case the next steps are not finished."""
        ...

    def drop(self, place: Place) -> str:
        """Revoke at the vendor where it can be done, and delete; returns what is left for a person to do, or ""."""
        ...


class Authoriser(Protocol):
    """The authorisation code grant of one till vendor."""

    def rights(self, *, selling: bool = False) -> Mapping[str, str]:
        """Name the scopes that are asked for, each with what for; more where web orders become sales."""
        ...

    def link(self, state: str, browser: str, *, selling: bool = False) -> str:
        """Give the vendor's page at which the merchant decides."""
        ...

    def exchange(self, code: str, state: str, browser: str) -> TokenPair:
        """Turn a code into a pair; ``UnauthorisedError`` when the vendor does not take it."""
        ...

    def revoke(self, pair: TokenPair) -> None:
        """Give a grant back that is not wanted."""
        ...


class ShopAuthoriser(Protocol):
    """The authorisation code grant of a vendor whose shops each have an address of their own."""

    def rights(self, *, selling: bool) -> Mapping[str, str]:
        """The scopes that are asked for, each with what for; ``selling`` for web orders to become sales."""
        ...

    def link(self, shop: str, state: str, *, selling: bool) -> str:
        """Give the shop's page at which the merchant decides."""
        ...

    def verify(self, query: Mapping[str, str]) -> None:
        """Make sure that the vendor has written this query, just now; ``InputError``."""
        ...

    def exchange(self, shop: str, code: str) -> Approved:
        """Turn a code into a pair; ``UnauthorisedError`` when the shop does not take it."""
        ...

    def missing(self, granted: Collection[str], *, selling: bool) -> Sequence[str]:
        """List the scopes that were not granted, each with what would not work."""
        ...


class DueGrants(Protocol):
    """The grants that have to be looked at, by time."""

    def due(self, now: datetime) -> Iterable[DueGrant]:
        """Go through what is due, a bounded number of them."""
        ...

    def later(self, grant: DueGrant, at: datetime) -> None:
        """Have it looked at another time."""
        ...

    def never(self, connection_id: str) -> None:
        """Have it looked at no more."""
        ...


TillOf = Callable[[TokenPair], Till]
"""Makes a till that uses a pair which is not stored yet."""

Prove = Callable[[str, ShopKeys, bool], Found]
"""Calls the shop at an address with keys and says what it is; raises when anything does not work.

The third says that the rights to sell are asked for as well.
"""

CheckAddress = Callable[[str], None]
"""Refuses an address that may not be called (``BrokenConnectionError``), after name resolution too."""

HandOffLink = Callable[[str, str], str]
"""Gives the page of the shop at an address that hands its keys over, for a nonce."""

Renew = Callable[[Place, Deadline], None]
"""Renews the tokens of a connection ahead of time, if it is time."""

ExchangeInstall = Callable[[str, str, str], tuple[ShopKeys, frozenset[str]]]
"""Turns the code, scope and context of an installation into a token and the scopes that it has."""

MissingScopes = Callable[[Collection[str], bool], Sequence[str]]
"""Lists the scopes that the work needs and that are not among these."""

Handshake = Callable[[Secret], ShopKeys]
"""Gets the access token for what an activation brought."""

WayBack = Callable[[Secret, str], str]
"""Checks the address that the vendor wants the browser at; ``InputError`` when it leads elsewhere."""

Identify = Callable[[str, Secret], Found]
"""Asks the shop of this name whose a token is, which is not stored yet."""

NewToken = Callable[[], str]
"""Makes a random text that nobody can guess."""

Sign = Callable[[str], str]
"""Signs a text with a key that nobody else has: 43 letters of URL-safe base64."""


def sells_nothing(_: Merchant) -> bool:
    """Say that no merchant's web orders become sales: what a door supposes unless it is told."""
    return False
