"""What vendors ask of us by law or by their rules, for a customer or for a shop as a whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.merchant import System

SHOP_REDACT = "shop/redact"
"""Shopify's word for: delete what you have of this shop."""

CUSTOMERS_REDACT = "customers/redact"
"""Shopify's word for: delete what you have of this customer; it names the customer's orders."""

LEGAL_TIME = timedelta(days=30)
"""Shopify wants a request dealt with within 30 days of its receipt (shopify.dev, "Privacy law compliance")."""

GRACE = timedelta(hours=48)
"""How long a disconnected shop can come back before its data goes, as Shopify itself waits before ``shop/redact``
(facts/shopify.md, section 4)."""

BY_ITSELF = "tillbridge"
"""Who settled a request that no person had to look at."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One request: ``topic`` as the vendor names it, the account that it is about, and when it came.

    It is open until ``done_at``; ``done_by`` and ``done`` then say who settled it and how. Until then ``orders`` are
    the shop's ids of the customer's orders, and ``waits`` is what stood in its way at ``looked_at``, with what to do.
    Nothing of a customer is in it (invariant 5).
    """

    notice_id: str
    system: System
    topic: str
    account_id: str
    at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    done: str = ""
    orders: tuple[str, ...] = ()
    waits: str = ""
    looked_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Tell whether it waits to be settled."""
        return self.done_at is None

    @property
    def due_at(self) -> datetime:
        """Tell by when it has to be settled."""
        return self.at + LEGAL_TIME
