"""Errors of the token servers and of tokens at the API. Their form is documented; the wording of hints is ours."""

from http import HTTPStatus

_DESCRIPTIONS = {
    "invalid_request": "A required field is missing or wrong; see the hint.",
    "invalid_client": "Client authentication failed.",
    "invalid_grant": "The code or refresh token is wrong, expired, revoked or another client's.",
    "invalid_scope": "A scope is missing, unknown or malformed.",
    "unsupported_grant_type": "This grant type is not supported here.",
    "access_denied": "The resource owner or authorization server denied the request.",
    "too_many_requests": "Too many requests; wait before the next one.",
}
UNVERIFIED, REVOKED = "Access token could not be verified", "Access token has been revoked"


class OAuthError(Exception):
    """A request is refused with an OAuth error body."""

    def __init__(self, status: int, error: str, hint: str = "", *, retry_after: int | None = None) -> None:
        """Keep what the answer has to say."""
        super().__init__(f"{error}: {hint}")
        self.status, self.error, self.hint, self.retry_after = status, error, hint, retry_after

    def body(self) -> dict[str, str]:
        """Build the answer."""
        body = {"error": self.error, "error_description": _DESCRIPTIONS[self.error]}
        return {**body, "hint": self.hint} if self.hint else body


def invalid_request(hint: str) -> OAuthError:
    """A field is missing or wrong."""
    return OAuthError(HTTPStatus.BAD_REQUEST, "invalid_request", hint)


def invalid_grant(hint: str) -> OAuthError:
    """The code or refresh token is of no use."""
    return OAuthError(HTTPStatus.BAD_REQUEST, "invalid_grant", hint)


def invalid_client(status: int = HTTPStatus.UNAUTHORIZED) -> OAuthError:
    """The client is unknown, blocked, or its secret is wrong."""
    return OAuthError(status, "invalid_client")


def access_denied(hint: str) -> OAuthError:
    """The access token is of no use."""
    return OAuthError(HTTPStatus.UNAUTHORIZED, "access_denied", hint)


def too_many(seconds: int) -> OAuthError:
    """The client asks too often. The vendor documents the limits, not this answer."""
    return OAuthError(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", retry_after=seconds)
