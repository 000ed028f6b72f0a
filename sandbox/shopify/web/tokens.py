"""Access tokens, refresh tokens and authorization codes of the apps (facts/shopify.md, section 3)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.shopify.settings import App

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 7_776_000
CLIENT_CREDENTIALS_SECONDS = 86_399
CODE_LIFETIME = timedelta(minutes=1)
LOST_ANSWER_GRACE = timedelta(days=30)
"""How long after its first use a refresh token can be used again, while its replacement is unused."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token."""

    value: str
    app: App
    scopes: tuple[str, ...]
    expires: datetime | None = None
    """None for a token that lives until it is revoked."""
    family: int = 0
    """Which refresh token's line it belongs to."""


@dataclass(slots=True)
class RefreshToken:
    """A refresh token and what became of it."""

    value: str
    app: App
    expires: datetime
    family: int
    first_used: datetime | None = None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code, good for one exchange."""

    value: str
    app: App
    scopes: tuple[str, ...]
    expires: datetime


class TokenStore:
    """All tokens of the shop; whoever changes it holds the shop's lock."""

    def __init__(self) -> None:
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._codes: dict[str, Code] = {}

    def add(self, token: Token) -> Token:
        self._access[token.value] = token
        return token

    def add_refresh(self, token: RefreshToken) -> RefreshToken:
        self._refresh[token.value] = token
        return token

    def add_code(self, code: Code) -> None:
        self._codes[code.value] = code

    def take_code(self, value: str) -> Code | None:
        """Give a code and spend it."""
        return self._codes.pop(value, None)

    def find(self, value: str, now: datetime) -> Token | None:
        """Give a living access token."""
        token = self._access.get(value)
        return token if token is not None and (token.expires is None or now < token.expires) else None

    def find_refresh(self, value: str) -> RefreshToken | None:
        return self._refresh.get(value)

    def of_app(self, client_id: str) -> list[Token]:
        return [token for token in self._access.values() if token.app.client_id == client_id]

    def revoke(self, value: str) -> bool:
        return self._access.pop(value, None) is not None

    def drop_refresh(self, value: str) -> None:
        self._refresh.pop(value, None)

    def revoke_app(self, client_id: str) -> int:
        """End everything that an app holds."""
        mine = self.of_app(client_id)
        for token in mine:
            del self._access[token.value]
        for name in [name for name, token in self._refresh.items() if token.app.client_id == client_id]:
            del self._refresh[name]
        return len(mine)

    def revoke_refresh(self, client_id: str) -> int:
        """End an app's refresh tokens only."""
        mine = [name for name, token in self._refresh.items() if token.app.client_id == client_id]
        for name in mine:
            del self._refresh[name]
        return len(mine)

    def expire(self, client_id: str, now: datetime) -> int:
        """Let an app's access tokens expire at once."""
        mine = [token for token in self.of_app(client_id) if token.expires is not None]
        for token in mine:
            self._access[token.value] = replace(token, expires=now)
        return len(mine)

    def change_scopes(self, client_id: str, scopes: tuple[str, ...]) -> None:
        for token in self.of_app(client_id):
            self._access[token.value] = replace(token, scopes=scopes)

    def replace_app(self, app: App) -> None:
        """Let all that an app holds belong to its new registration, such as one with another secret."""
        for token in self.of_app(app.client_id):
            self._access[token.value] = replace(token, app=app)
        for refresh in self._refresh.values():
            if refresh.app.client_id == app.client_id:
                refresh.app = app
