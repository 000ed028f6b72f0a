"""What a token server may answer instead of tokens, sorted by who has to act."""

from tillbridge.domain.errors import RetryLaterError, Subject, TillbridgeError, UnauthorisedError
from tillbridge.grants.timing import OPERATOR_PAUSE

RECONNECT = "Connect the till again, with an employee account that is kept for this purpose."
RECONNECT_SHOP = "Connect the shop again, as its owner or with an account that may install apps."
UNINSTALLED = "Uninstalled"
"""Code of a refusal after which there is nothing to refresh: the app is not in the shop any more."""
_CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


class GrantRefusedError(UnauthorisedError):
    """The server does not take this code or refresh token. Whether the grant is dead is decided elsewhere."""


class ClientRefusedError(RetryLaterError):
    """The server does not take the provider's own credentials: no merchant can mend that, and none is told."""


def refusal(error: str, hint: str, subject: Subject) -> TillbridgeError:
    """Sort an OAuth error (RFC 6749, 5.2; facts/lightspeed.md, "Errors"). ``hint`` is the server's own explanation."""
    told = f": {hint}" if hint else ""
    if error == "invalid_grant":
        return GrantRefusedError(
            f"The token server does not take the grant{told}.", remedy=RECONNECT, code="GrantRefused", subject=subject
        )
    if error in _CLIENT_ERRORS:
        return ClientRefusedError(
            f"The token server does not take the provider's own client id and secret{told}.",
            after=OPERATOR_PAUSE.total_seconds(),
            remedy="The operator checks them at the vendor and stores them again: `tillbridge app set`.",
            code="ClientRefused",
            subject=subject,
        )
    return RetryLaterError(
        f"The token server refused the request with {error!r}{told}.",
        after=OPERATOR_PAUSE.total_seconds(),
        remedy="This looks like a change of the vendor's interface; the operator has to look at it.",
        code="TokenRequestRefused",
        subject=subject,
    )
