"""The access token that requests carry; one that expires and one that does not are the same to the client."""

from dataclasses import dataclass
from typing import Protocol

from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import Secret

RECONNECT = "Open the link that you were sent, and connect the shop anew; nothing is lost meanwhile."


class TokenSource(Protocol):
    """The access token of one connection (facts/shopify.md, section 3)."""

    def current(self) -> str:
        """Give the token to use, renewed already when it is about to end."""
        ...

    def renew(self, rejected: str, told: str) -> str:
        """Give another token than ``rejected``, which the shop refused, saying ``told``; ``UnauthorisedError``."""
        ...


@dataclass(frozen=True, slots=True)
class StaticToken:
    """The token of an app made in the shop's own admin; it never expires."""

    token: Secret

    def current(self) -> str:
        """Give the token."""
        return self.token.reveal()

    def renew(self, rejected: str, told: str) -> str:
        """Give up: such a token is never replaced by another one."""
        del rejected, told
        raise UnauthorisedError(
            "Shopify does not accept the access token any more: the app was uninstalled, or its token replaced.",
            remedy=RECONNECT,
            code="TokenRefused",
        )
