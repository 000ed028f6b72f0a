"""What a request to the till is signed with: an access token, or an API key of the time before OAuth2."""

import base64
from collections.abc import Callable
from typing import Protocol

from tillbridge.domain.errors import UnauthorisedError

FIXED_WORD = "apikey"  # the word that goes with every key (facts/lightspeed.md, "The old API key")


class TokenSource(Protocol):
    """The access token of one connection; ``grants`` implements it."""

    def current(self) -> str:
        """Give the token to use, renewed already when it is about to end."""
        ...

    def renew(self, rejected: str, told: str) -> str:
        """Give another token than ``rejected``, which the till refused, saying ``told``; ``UnauthorisedError``."""
        ...

    def forbidden(self, what: str) -> None:
        """Learn that the token is good, but does not let us read something."""
        ...


class OldKey:
    """The API key of one connection; ``read`` gives it, or says why it may be used no longer."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    def current(self) -> str:
        """Give the Authorization header: HTTP Basic with the key as user name."""
        return "Basic " + base64.b64encode(f"{self._read()}:{FIXED_WORD}".encode()).decode("ascii")

    def renew(self, rejected: str, told: str) -> str:
        """Give up: a key is never replaced by another one."""
        del rejected, told
        raise UnauthorisedError(
            "Lightspeed does not accept the API key any more.",
            remedy="Open the link that you were sent, and authorise the till anew; nothing is lost meanwhile.",
            code="KeyRefused",
        )

    def forbidden(self, what: str) -> None:
        """Note nothing: a key's end needs no explanation."""


class Bearer:
    """Signs with whatever token is in force."""

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens

    def current(self) -> str:
        """Give the Authorization header."""
        return _bearer(self._tokens.current())

    def renew(self, rejected: str, told: str) -> str:
        """Give another header than the one that the till has just refused."""
        return _bearer(self._tokens.renew(rejected.removeprefix(_BEARER), told))

    def forbidden(self, what: str) -> None:
        """Pass on that the token is good, but does not let us read something."""
        self._tokens.forbidden(what)


_BEARER = "Bearer "


def _bearer(token: str) -> str:
    return f"{_BEARER}{token}"
