"""Where the client gets its access token from; ``grants`` implements it."""

from typing import Protocol


class TokenSource(Protocol):
    """The access token of one connection."""

    def current(self) -> str:
        """Give the token to use, renewed already when it is about to end."""
        ...

    def renew(self, rejected: str, told: str) -> str:
        """Give another token than ``rejected``, which the till refused, saying ``told``; ``UnauthorisedError``."""
        ...

    def forbidden(self, what: str) -> None:
        """Learn that the token is good, but does not let us read something."""
        ...
