"""Merchants and their connections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tillbridge.domain.settings import MerchantSettings


class System(StrEnum):
    """The remote systems Tillbridge can talk to."""

    BIGCOMMERCE = "bigcommerce"
    LIGHTSPEED = "lightspeed"
    MAGENTO = "magento"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"

    @property
    def full_name(self) -> str:
        """Say it as its maker writes it."""
        return _FULL_NAMES[self]

    @property
    def is_till(self) -> bool:
        """Tell tills from shops."""
        return self is System.LIGHTSPEED


_FULL_NAMES = {
    System.LIGHTSPEED: "Lightspeed Retail",
    System.WOOCOMMERCE: "WooCommerce",
    System.SHOPIFY: "Shopify",
    System.BIGCOMMERCE: "BigCommerce",
    System.MAGENTO: "Magento",
}


class Lane(StrEnum):
    """Roads that are travelled apart: stock is fast and small, catalogue slow and large, orders go the other way.

    A shop has the first two, a till all three.
    """

    STOCK = "stock"
    CATALOGUE = "catalogue"
    ORDERS = "orders"


SHOP_LANES = (Lane.STOCK, Lane.CATALOGUE)
"""The lanes that every connection has."""


class ConnectionState(StrEnum):
    """``ACTIVE`` works; ``TROUBLED`` mends itself; ``BROKEN`` needs a person; ``DISCONNECTED`` is history.

    ``PAUSED`` was asked for by the operator, and ends when the operator says so.
    """

    ACTIVE = "active"
    TROUBLED = "troubled"
    BROKEN = "broken"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A retailer served by this deployment."""

    merchant_id: str
    name: str
    email: str = field(default="", repr=False)  # where mails about its connections go; personal data (invariant 5)
    settings: MerchantSettings = field(default_factory=MerchantSettings)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a connection is, to what, and its id: together the name of its secret."""

    merchant_id: str
    system: System
    connection_id: str


WARNINGS = "warnings"
"""The trait with what a check noticed that stops nothing, one to a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One authorised link to one remote account.

    ``address`` is the base address of a shop and "" for the till. ``account_id`` is the till's account or the shop's
    address: the identity that a renewed authorisation must match. ``traits`` keeps what the check learnt
    (version, currency, ...), as text. ``granted_at`` is when it was last authorised, ``None`` for "when it was made".
    """

    connection_id: str
    merchant_id: str
    system: System
    account_id: str
    account_name: str = ""
    address: str = ""
    state: ConnectionState = ConnectionState.ACTIVE
    cause: str = ""  # why it is not active
    remedy: str = ""
    retry_at: datetime | None = None  # of a troubled connection
    traits: Mapping[str, str] = field(default_factory=dict)
    migration: str = ""  # the vendor's event that brought it; then its migration's row says which credential serves
    created_at: datetime
    changed_at: datetime
    granted_at: datetime | None = None

    @property
    def place(self) -> Place:
        """Tell where its grant is kept."""
        return Place(self.merchant_id, self.system, self.connection_id)

    @property
    def warnings(self) -> tuple[str, ...]:
        """List what the last check noticed that stops nothing."""
        return tuple(self.traits.get(WARNINGS, "").splitlines())

    @property
    def authorised_at(self) -> datetime:
        """Tell when its grant was given."""
        return self.granted_at or self.created_at

    @property
    def working(self) -> bool:
        """Tell whether work may be asked of it."""
        return self.state in {ConnectionState.ACTIVE, ConnectionState.TROUBLED}
