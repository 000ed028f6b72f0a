"""Where a client of the till gets its access token from (``systems.lightspeed.tokens.TokenSource``)."""

from datetime import datetime, timedelta

from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import Rejected, Secret
from tillbridge.domain.merchant import Place
from tillbridge.grants.clock import Clock
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.timing import Deadline
from tillbridge.grants.token_errors import RECONNECT

LOOK_AGAIN = timedelta(seconds=5)
"""Within one invocation the record is not read more often: another process's rotation shows as a 401 meanwhile."""


class GrantTokens:
    """The tokens of one connection during one invocation."""

    def __init__(self, refresher: Refresher, place: Place, deadline: Deadline, clock: Clock) -> None:
        self._refresher, self._place, self._deadline, self._clock = refresher, place, deadline, clock
        self._seen: tuple[datetime, Secret] | None = None

    def current(self) -> str:
        """Give the token to use, renewed already when it is about to end."""
        if self._seen is not None and self._clock.now() - self._seen[0] < LOOK_AGAIN:
            return self._seen[1].reveal()
        return self._take(self._refresher.token(self._place, self._deadline))

    def renew(self, rejected: str, told: str) -> str:
        """Give another token than the one that the till has just refused."""
        return self._take(self._refresher.token(self._place, self._deadline, rejected=Rejected(Secret(rejected), told)))

    def forbidden(self, what: str) -> None:
        """Note that the till did not let us read something, in spite of a good token."""
        self._refresher.forbidden(self._place, what)

    def _take(self, token: Secret) -> str:
        self._seen = (self._clock.now(), token)
        return token.reveal()


class OneToken:
    """The token of a grant that is not stored yet: to find out whose it is."""

    def __init__(self, token: Secret, remedy: str = RECONNECT) -> None:
        self._token, self._remedy = token, remedy

    def current(self) -> str:
        """Give the token."""
        return self._token.reveal()

    def renew(self, rejected: str, told: str) -> str:
        """Give up: a token that was issued a moment ago and is refused will not become better."""
        del rejected, told
        raise UnauthorisedError(
            "The vendor does not take the token that it issued a moment ago.",
            remedy=self._remedy,
            code="FreshTokenRefused",
        )

    def forbidden(self, what: str) -> None:
        """Note nothing: there is no grant yet whose end could be explained."""
