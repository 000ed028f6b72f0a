"""What a connection check learnt of a shop, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.common import traits as common
from tillbridge.systems.common.traits import NO, YES, listed, word
from tillbridge.systems.shop import ShopProfile

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
            multi_source=texts.get("multi_source", YES) == YES,
            source=texts.get("source") or DEFAULT_SOURCE,
            bulk=texts.get("bulk", NO) == YES,
            tax_classes=listed(texts.get("tax_classes", ""), "\n"),
        )


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        **common.traits_of(profile),
        "brands": word(answer=profile.brands),
        "tax_classes": "\n".join(profile.tax_classes),
    }
