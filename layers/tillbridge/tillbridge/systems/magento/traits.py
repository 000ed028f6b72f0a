"""What a connection check learnt of a shop, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.shop import ShopProfile

_YES, _NO = "yes", "no"
DEFAULT_SOURCE = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The part of a shop's profile that later work needs; the defaults suit a shop that was never checked.

    ``multi_source`` says that stock is kept by source; ``source`` is where a figure goes that names no place. ``bulk``
    is no trait of the shop's: the merchant wants large writes to go as bulks (setting ``bulk_shops``).
    """

    multi_source: bool = True
    source: str = DEFAULT_SOURCE
    tax_classes: tuple[str, ...] = ()
    bulk: bool = False

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Self:
        """Read them from a connection's traits; what is missing takes its default."""
        return cls(
            multi_source=texts.get("multi_source", _YES) == _YES,
            source=texts.get("source") or DEFAULT_SOURCE,
            bulk=texts.get("bulk", _NO) == _YES,
            tax_classes=tuple(part for part in texts.get("tax_classes", "").split("\n") if part),
        )


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        "name": profile.name,
        "version": profile.version,
        "currency": profile.currency,
        "prices_include_tax": _YES if profile.prices_include_tax else _NO,
        "price_decimals": str(profile.price_decimals),
        "time_zone": profile.time_zone,
        "brands": _YES if profile.brands else _NO,
        "tax_classes": "\n".join(profile.tax_classes),
        **profile.details,
    }
