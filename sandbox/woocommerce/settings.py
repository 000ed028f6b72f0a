"""How a shop is set up, and what can be switched while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

WOOCOMMERCE_VERSION = "10.0.2"
WORDPRESS_VERSION = "6.8.7"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One REST API key; what it may do also depends on its user's role (facts/woocommerce.md, "Reaching the API")."""

    key: str
    secret: str
    permissions: str = "read_write"
    """``read``, ``write`` or ``read_write``."""
    role: str = "administrator"
    key_id: int = 1

    def may_read(self) -> bool:
        return self.permissions in {"read", "read_write"}

    def may_write(self) -> bool:
        return self.permissions in {"write", "read_write"}

    def may_manage(self) -> bool:
        """Tell whether the user has the capability manage_woocommerce."""
        return self.role in {"administrator", "shop_manager"}


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that work takes; zero by default so that tests run at full speed."""

    call: float = 0
    created: float = 0
    updated: float = 0
    listed: float = 0


MEASURED_SPEED = Speed(call=0.06, created=0.037, updated=0.021, listed=0.0034)
"""As timed on a two-core machine: 100 creates 3.7 s, 100 updates 2.1 s, a list of 100 0.4 s, one GET 60 ms."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A way to pay."""

    id: str
    title: str
    refunds: bool = False
    """Whether it can give money back by itself, without which ``api_refund`` fails."""
    paid_at_once: bool = False
    """Whether an order is paid when it is placed; cash on delivery is not."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a merchant chose when setting up the shop."""

    name: str = "Stand-in shop"
    base_path: str = ""
    """Sub-folder the shop lives in, such as ``/shop``."""
    home_url: str | None = None
    """The shop's own address; without it, the one it was last called at."""
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    """West of UTC by default, where a date without zone can be seen to mean shop time."""
    currency: str = "USD"
    country: str = "US:NY"
    prices_include_tax: bool = False
    tax_percent: Decimal | None = None
    """The standard rate; without it, the shop calculates no taxes."""
    coupons: Mapping[str, Decimal] = field(default_factory=lambda: {"tenoff": Decimal(10)})
    """Percentage off per coupon code."""
    gateways: tuple[Gateway, ...] = (
        Gateway("cod", "Cash on delivery"),
        Gateway("bacs", "Direct bank transfer"),
        Gateway("sandbox_card", "Card", refunds=True, paid_at_once=True),
    )
    keys: tuple[ApiKey, ...] = ()
    speed: Speed = Speed()
    callback_seconds: float = 60
    """How long the receiver of a new key or a web hook may take to answer."""
    ca_file: str | None = None
    """Authority to trust when fetching pictures and calling others; the system's without it."""
    seed: int | None = 0
    """Seed of made-up keys; None draws them from the system's randomness."""

    def gateway(self, name: str) -> Gateway | None:
        return next((gateway for gateway in self.gateways if gateway.id == name), None)


@dataclass(slots=True)
class Switches:
    """Conditions of the shop's host that tests and demos turn on and off while it runs."""

    strip_authorization: bool = False
    """The host drops the Authorization header."""
    plain_permalinks: bool = False
    """/wp-json answers 404 in HTML; the ``?rest_route=`` form answers without authentication."""
    forget_forwarded_proto: bool = False
    """A proxy ends TLS and PHP believes that it is plain HTTP."""
    maintenance: bool = False
    login_first: bool = False
    """The key hand-off page asks to log in."""
    brands: bool = True
    sequential_numbers: bool = False
    """A plugin gives orders numbers that differ from their ids."""
    redirect_to: str = ""
    """Scheme and host that every other address of the shop redirects to."""
