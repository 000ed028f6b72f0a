"""What ``links`` answers, and what it takes back."""

from dataclasses import dataclass

from tillbridge.domain.choice import Action
from tillbridge.domain.judging import LinkState
from tillbridge.domain.merchant import System


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """An item of the till and its listing in one shop, or one of the two without the other.

    ``listing`` is the shop's id of a product, or of a product and a variant ("17/18"). ``decision`` is what a person
    decided about it, "" when nobody has.
    """

    merchant: str
    connection: str
    system: System
    state: LinkState
    product: str
    item: str
    name: str
    sku: str
    gtin: str
    options: str
    listing: str
    listing_name: str
    listing_sku: str
    listing_gtin: str
    listing_options: str
    reason: str
    remedy: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedAnswer:
    """A decision about a product, or about a listing (``key`` "L17").

    ``changed`` is false when it had been made before; ``paused`` when the connection has to be mended first.
    """

    connection: str
    key: str
    action: Action
    listing: str
    changed: bool
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One line of a file of decisions, as it stands there; ``line`` is where."""

    line: int
    connection: str = ""
    product: str = ""
    item: str = ""
    listing: str = ""
    action: str = ""
