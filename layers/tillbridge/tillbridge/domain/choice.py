"""What a person decided about a product or a listing, against what matching would do by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What may be decided."""

    LINK = "link"  # this product is that listing
    UNLINK = "unlink"  # this product and its listing have nothing to do with each other, and it is not created
    IGNORE = "ignore"  # leave this product, or this listing, alone
    CREATE = "create"  # make a listing for it, although it had one that was deleted or unlinked
    AUTO = "auto"  # forget the decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision. ``key`` is a product's key, or a listing's (``listing_key``).

    With ``LINK``, ``product_id`` is the listing, and ``variants`` holds the shop's variant id by item id as far as they
    were named.
    """

    key: str
    action: Action
    product_id: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    decided_at: datetime

    @property
    def leaves_alone(self) -> bool:
        """Tell whether nothing of it may be written."""
        return self.action in {Action.UNLINK, Action.IGNORE}


def listing_key(product_id: str) -> str:
    """Key of a decision about a listing as such, e.g. ``L17``."""
    return f"L{product_id}"
