"""What a connection check learnt of a store, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.common.traits import listed

ORDER_PLACED, ORDER_SHIPPED = "order_placed", "order_completed_or_shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The part of a store's profile that later work needs; the defaults suit a store that was never checked.

    ``place`` is the location where a figure goes that names none; ``counts_at`` says when the store itself counts the
    units of an order off its stock (facts/bigcommerce.md, "Inventory v3"). ``panel_restocks`` says that units of orders
    which its people refund go back on sale.
    """

    place: str = "1"
    places: tuple[str, ...] = ()
    counts_at: str = ORDER_PLACED
    panel_restocks: bool = False

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Self:
        """Read them from a connection's traits; what is missing takes its default."""
        return cls(
            place=texts.get("place") or "1",
            places=listed(texts.get("places", "")),
            counts_at=texts.get("counts_at") or ORDER_PLACED,
            panel_restocks=texts.get("panel_restocks") == "yes",
        )
