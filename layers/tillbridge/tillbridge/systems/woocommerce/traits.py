"""What a connection check learnt of a shop, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.common import traits as common
from tillbridge.systems.common.traits import YES, listed, word
from tillbridge.systems.shop import ShopProfile


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
            query_keys=texts.get("query_keys") == YES,
            brands=texts.get("brands", YES) == YES,
            tax_classes=listed(texts.get("tax_classes", "")),
            order_statuses=listed(texts.get("order_statuses", "")),
        )


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        **common.traits_of(profile),
        "brands": word(answer=profile.brands),
        "query_keys": word(answer=profile.query_keys),
        "tax_classes": ",".join(profile.tax_classes),
        "order_statuses": ",".join(profile.order_statuses),
    }
