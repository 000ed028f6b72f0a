"""How a shop is set up, and what can be switched while it runs."""

from dataclasses import dataclass, field
from decimal import Decimal

API_VERSION = "2026-07"
ALL_SCOPES = (
    "read_products", "write_products", "read_inventory", "write_inventory", "read_locations", "read_publications",
    "write_publications", "read_orders", "write_orders", "read_customers", "write_customers", "read_files",
    "write_files", "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders",
)  # fmt: skip
"""Without ``read_all_orders``, which has to be asked for (facts/shopify.md, section 3)."""


@dataclass(frozen=True, slots=True)
class App:
    """An app as its developer registered it."""

    client_id: str
    secret: str
    name: str = "App"
    scopes: tuple[str, ...] = ALL_SCOPES
    """What the app may ask for."""
    redirect_uris: tuple[str, ...] = ()
    """Where the consent page may send back to; empty allows every address."""
    must_expire: bool = False
    """Whether tokens without expiry are refused, as for public apps from 2026-04-01 (facts/shopify.md, section 3)."""
    own_shop: bool = True
    """Whether the shop is of the developer's own organisation, without which client credentials are refused."""
    compliance_uri: str = ""
    """Where the compliance topics go; they are set in the app's configuration, never by the API."""

    @property
    def namespace(self) -> str:
        """The namespace that ``$app`` stands for."""
        return f"app--{int.from_bytes(self.client_id.encode()[-5:], 'big')}"


@dataclass(frozen=True, slots=True)
class Place:
    """A location the shop starts with."""

    name: str
    fulfills_online_orders: bool = True
    fulfillment_service: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The plan's limits (facts/shopify.md, section 5)."""

    bucket: int = 2000
    restore_rate: int = 100
    single_query: int = 1000
    throttled_status: int = 200
    """The status of a THROTTLED answer: 200 by one source, 429 by another."""
    unlimited: bool = False
    """Count costs and never throttle."""


@dataclass(frozen=True, slots=True)
class Lags:
    """Seconds after which things show; nought shows them at once."""

    search: float = 3
    """Until a write is seen by ``query:`` filters and counts."""
    media: float = 2
    """Until a file is READY or FAILED."""
    operation: float = 1
    """Until an asynchronous operation is through; a bulk mutation does its first line only then."""
    line: float = 0
    """How long each line of a bulk mutation takes; Shopify does not say."""
    write: float = 0
    """How long a write with an idempotency key is in flight."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a merchant chose when setting up the shop."""

    domain: str = "stand-in.myshopify.com"
    name: str = "Stand-in shop"
    home_url: str | None = None
    """The address under which files are served; without it, the one it was last called at."""
    time_zone: str = "America/New_York"
    currency: str = "USD"
    taxes_included: bool = False
    tax_percent: Decimal = Decimal(0)
    tax_on_first_line: bool = False
    """Whether an order's line taxes all stand on its first line, as in some shops (facts/shopify.md, section 8)."""
    plus: bool = False
    location_limit: int = 200
    max_options: int = 3
    max_variants: int = 2048
    places: tuple[Place, ...] = (Place("Main street"), Place("Warehouse"))
    channels: tuple[str, ...] = ("Online Store", "Point of Sale")
    """What products can be published to."""
    apps: tuple[App, ...] = ()
    limits: Limits = field(default_factory=Limits)
    lags: Lags = field(default_factory=Lags)
    callback_seconds: float = 5
    """How long the receiver of a web hook may take to answer."""
    ca_file: str | None = None
    """Authority to trust when fetching pictures and calling others; the system's without it."""
    seed: int | None = 0
    """Seed of made-up tokens; None draws them from the system's randomness."""


@dataclass(slots=True)
class Switches:
    """Conditions that tests and demos turn on and off while the shop runs."""

    paused: bool = False
    """The shop does not pay: 402 to everything."""
    locked: bool = False
    """The shop is locked: 423 to everything."""
    drop_webhooks: bool = False
    """What happens fires no web hook, as deliveries have no guarantee."""
    forget_token_answers: int = 0
    """How many of the next token answers are lost on their way: done here, and answered with 502."""
    routing_waits: bool = False
    """Nobody decides yet from where orders leave: they have no fulfilment orders until they are routed."""
    customers_protected: bool = False
    """The app has no approval for protected customer data: those fields are null."""
    idempotency_concurrent: int = 0
    """How many of the next writes with an idempotency key are told that another one is in flight."""
    fail_media: bool = False
    """Every file that is taken from now on fails."""
    fail_bulk: bool = False
    """Bulk operations end as FAILED half way, with what they did until then."""
    untold_lines: int = 0
    """How many of the last lines that a bulk operation did are missing in its result."""
    refuse_catalogs: str = ""
    """The code with which changes of a publication are refused; ACCESS_DENIED to who may not edit catalogues."""
    refuse_bulk: str = ""
    """The code with which bulk mutations are refused."""
    close_uploads: bool = False
    """Places for files are closed before anybody uses them."""
