"""What a connection check learnt of a store, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.shop import ShopProfile

ORDER_PLACED, ORDER_SHIPPED = "order_placed", "order_completed_or_shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The part of a store's profile that later work needs; the defaults suit a store that was never checked.

    ``place`` is the location where a figure goes that names none; ``counts_at`` says when the store itself counts the
    units of an order off its stock (facts/bigcommerce.md, "Inventory v3").
    """

    place: str = "1"
    places: tuple[str, ...] = ()
    counts_at: str = ORDER_PLACED

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Self:
        """Read them from a connection's traits; what is missing takes its default."""
        return cls(
            place=texts.get("place") or "1",
            places=tuple(part for part in texts.get("places", "").split(",") if part),
            counts_at=texts.get("counts_at") or ORDER_PLACED,
        )


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        "name": profile.name,
        "version": profile.version,
        "currency": profile.currency,
        "prices_include_tax": "yes" if profile.prices_include_tax else "no",
        "price_decimals": str(profile.price_decimals),
        "time_zone": profile.time_zone,
        **profile.details,
    }
