"""What a stand-in is set up with: the retailer, the clients that may connect, and which year's rules hold."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

BASE_BUCKET, BASE_DRIP = 90.0, 1.0
_PER_EXTRA_REGISTER = (10.0, 0.5)
_REGISTERS = 2


class Rotation(Enum):
    """What becomes of a refresh token that was used at the current token server."""

    AT_ONCE = "at once"
    """It dies (since 2024-07-31)."""
    ON_FIRST_USE = "on first use"
    """It dies when the new access token is first used (since 2026-01-15)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which year's rules hold for credentials and limits. The data API is that of 2026 under all of them."""

    year: int
    current_server: bool = True
    """The token server of 2024-07-31 exists."""
    old_header: bool = False
    """``Authorization: OAuth ...`` is taken beside ``Bearer`` (before 2016-06-01 it was the only form)."""
    rotation: Rotation = Rotation.ON_FIRST_USE
    reuse_ends_grant: bool = False
    """A refresh token that was used and has died ends the whole grant when it comes again (RFC 9700, 4.14.2). The
    vendor does not say that it does so; it is in no year's rules, and tests ask for it."""
    idle_refresh_tokens_die: bool = True
    https_redirects_only: bool = True
    prices_of_2026: bool = True
    burst_limiter: bool = True

    @classmethod
    def of(cls, year: int) -> "Rules":
        """Give the rules of 2016, 2024 or 2026. Raises ValueError for other years."""
        if year not in RULES:
            raise ValueError(f"rules: {year} is none of {', '.join(map(str, RULES))}")
        return RULES[year]


RULES = {
    2016: Rules(
        2016,
        current_server=False,
        old_header=True,
        idle_refresh_tokens_die=False,
        https_redirects_only=False,
        prices_of_2026=False,
        burst_limiter=False,
    ),
    2024: Rules(2024, rotation=Rotation.AT_ONCE, prices_of_2026=False, burst_limiter=False),
    2026: Rules(2026),
}


@dataclass(frozen=True, slots=True)
class Client:
    """A registered OAuth client. There is one redirect URI, and it must be https (facts/lightspeed.md, A1)."""

    id: str
    secret: str
    redirect_uri: str
    name: str = "Till connector"
    public: bool = False
    """Publicly distributed: PKCE is required and the secret optional."""
    blocked: bool = False
    number: int = 51_661
    """The number in X-LS-OAuth-Client-Id."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the time before OAuth2."""

    key: str
    rights: tuple[str, ...] = ("all",)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen when the stand-in starts."""

    items: int = 500
    seed: int = 7
    account_id: int = 182_255
    currency: str = "USD"
    rules: Rules = field(default_factory=lambda: Rules.of(2026))
    clients: tuple[Client, ...] = ()
    api_keys: tuple[ApiKey, ...] = ()
    api_keys_until: datetime | None = datetime(2017, 1, 1, tzinfo=UTC)
    """From this moment no key is taken any more; None means that keys never end."""
    token_seconds: int = 3_600
    bucket_size: float = BASE_BUCKET + (_REGISTERS - 1) * _PER_EXTRA_REGISTER[0]
    drip_rate: float = BASE_DRIP + (_REGISTERS - 1) * _PER_EXTRA_REGISTER[1]
    loopback_redirects: bool = False
    """Also take plain http redirect URIs on this machine. The real server does not."""
    public_url: str | None = None
    """Where clients reach the stand-in; by default whatever host they asked for."""
