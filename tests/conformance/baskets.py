"""What a shopper of the suite buys, who the shopper is, and what nobody may ever read of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tillbridge.domain.product import ListingRef

FIRST_NAME, EMAIL, STREET, CITY, POSTCODE = "Quillon", "quillon@example.com", "1 Umbra Way", "Zephyrhill", "78701"
PHONE = "+1 512 555 0155"
PERSONAL = (FIRST_NAME, EMAIL, STREET, CITY, PHONE)
"""Words that are found nowhere else."""

TAX = Decimal("8.875")
"""The rate of the shops that have one, in per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Units by listing. ``way`` is how it is paid: at once, in cash when it is handed over, or by a later transfer.

    ``discounted`` takes ten per cent off the goods. ``shipped`` lets shipping cost something. ``agrees`` is the
    shopper's consent to be written to, as the shop takes it: with the order, or as somebody who is registered.
    """

    lines: Mapping[ListingRef, int]
    way: Literal["card", "cash", "transfer"] = "card"
    discounted: bool = False
    shipped: bool = False
    agrees: bool | None = None  # None of a guest who says nothing
