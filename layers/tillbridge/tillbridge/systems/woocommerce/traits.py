"""What a connection check learnt of a shop, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.shop import ShopProfile

_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The part of a shop's profile that later work needs; the defaults suit a shop that was never checked."""

    query_keys: bool = False
    brands: bool = True
    tax_classes: tuple[str, ...] = ()
    order_statuses: tuple[str, ...] = ()

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Self:
        """Read them from a connection's traits; what is missing takes its default."""
        return cls(
            query_keys=texts.get("query_keys") == _YES,
            brands=texts.get("brands", _YES) == _YES,
            tax_classes=_listed(texts.get("tax_classes", "")),
            order_statuses=_listed(texts.get("order_statuses", "")),
        )


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        "name": profile.name,
        "version": profile.version,
        "currency": profile.currency,
        "prices_include_tax": _word(answer=profile.prices_include_tax),
        "price_decimals": str(profile.price_decimals),
        "time_zone": profile.time_zone,
        "brands": _word(answer=profile.brands),
        "query_keys": _word(answer=profile.query_keys),
        "tax_classes": ",".join(profile.tax_classes),
        "order_statuses": ",".join(profile.order_statuses),
    }


def _word(*, answer: bool) -> str:
    return _YES if answer else _NO


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
