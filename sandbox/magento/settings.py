"""How a shop is set up, and what can be switched while it runs."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Generation = Literal["2.4.7", "2.4.8"]
"""The signature rule and the dates differ between the two (facts/magento.md, sections 1 and 7)."""
GENERATIONS: tuple[Generation, ...] = ("2.4.7", "2.4.8")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The four secrets of an integration that was activated without a handshake."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_secret: str


@dataclass(frozen=True, slots=True)
class StoreView:
    """One view of the shop; the views of this shop share its one website."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that work takes; zero by default so that tests run at full speed."""

    call: float = 0
    product_saved: float = 0
    rows_saved: float = 0
    """Per price or stock row."""
    listed: float = 0
    """Per row of a list."""


MEASURED_SPEED = Speed(call=0.06, product_saved=0.9, rows_saved=0.006, listed=0.004)
"""About a second to save a product; a few stock rows in 0.1 to 0.4 s, 2,000 of them in 11 to 60 s."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a merchant chose when setting up the shop."""

    name: str = "Stand-in shop"
    base_path: str = ""
    """Sub-folder the shop lives in, such as ``/shop``."""
    base_url: str | None = None
    """The shop's own address, without a slash at its end; without it, the one it was last called at."""
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    currency: str = "USD"
    weight_unit: str = "lbs"
    tax_percent: Decimal | None = None
    """The rate of every product; without it, the shop calculates no taxes."""
    prices_include_tax: bool = False
    shipping_per_unit: Decimal = Decimal(5)
    """What the flat rate takes for each unit."""
    views: tuple[StoreView, ...] = (StoreView(1, "default", "Default Store View"),)
    integrations: tuple[Secrets, ...] = ()
    admin: tuple[str, str] = ("admin", "admin123")
    """Name and password that the admin token is given for."""
    list_limit: int | None = None
    """Most rows of an array while the input limits are on; by default none, as 2.4.7-p3 showed."""
    speed: Speed = Speed()
    callback_seconds: float = 5
    """How long the receiver of an activation may take to answer."""
    ca_file: str | None = None
    """Authority to trust when calling others; the system's without it."""
    seed: int | None = 0
    """Seed of made-up secrets; None draws them from the system's randomness."""


@dataclass(slots=True)
class Switches:
    """Conditions of the shop that tests and demos turn on and off while it runs."""

    generation: str = "2.4.7"
    multi_source: bool = True
    """Off: the inventory modules are gone, and one figure per product is kept the old way."""
    bearer: bool = False
    """Whether an integration's access token alone opens the API."""
    input_limits: bool = False
    consumer: bool = False
    """Whether anything works off the queue of bulk operations."""
    consumer_seconds: float = 0
    """How long the consumer takes for each; with 0 it is done before the call is answered."""
    deadlocks: int = 0
    """So many of the next operations fail for now, as savings that lock each other out do."""
    silent_operations: bool = False
    """Operations do not say what came of them, only that they were done."""
    bulk: bool = True
    """Off: the modules for bulks are gone."""
    lagging_index: bool = False
    """A category shows the products that it had when the indexer last ran (control action ``reindex``)."""
    hide_version: bool = False
    unstable_order: bool = False
    """Lists that were asked for without an order come in another one each time."""
    repeat_last_page: bool = False
    """A page past the end shows the last one again, as 2.3 did."""
    encoded_slashes: bool = True
    """Off: the web server answers 404 to an encoded slash in the path."""
    strip_authorization: bool = False
    """The host drops the Authorization header."""
    forget_forwarded_proto: bool = False
    """A proxy ends TLS and PHP believes that it is plain HTTP, which is then what it signs."""
    redirect_to: str = ""
    """Scheme and host that every other address of the shop redirects to."""
    maintenance: bool = False
