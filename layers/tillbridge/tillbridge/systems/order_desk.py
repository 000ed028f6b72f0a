"""The protocol of a shop's orders: what the flows of orders ask of it. Implemented beside each shop's adapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What has left: units by the order's line ids. ``key`` is ours, by which a repeated call is known.

    Nothing named means all that is left. ``tracking`` is the parcel's number, "" where nobody knows one. ``places`` are
    the shop's places that its orders tell the goods leave, none where they do not tell; ``source`` is the place whose
    stock is shown for the location that sold them, "" for the shop's own choice.
    """

    key: str
    units: Mapping[str, Decimal]
    tracking: str = ""
    carrier: str = ""
    places: tuple[str, ...] = ()
    source: str = ""


class OrderDesk(Protocol):
    """The orders of one shop, one by one.

    An order that cannot be understood, or does not add up, raises ``ItemRejectedError`` that names the field; one that
    is gone is ``None``. A bad shop raises as in ``systems.shop.Shop``.
    """

    def check_selling(self) -> None:
        """Prove that our keys may do whatever web orders need, and change nothing.

        ``MissingRightError`` names every right that is missing, with what to do.
        """
        ...

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        """Read one order whole: charges, payments, refunds, buyer, what has been shipped.

        ``places`` asks from where its goods leave, where that takes a further call.
        """
        ...

    def with_consent(self, buyer: Buyer) -> Buyer:
        """Add to a buyer of ``order`` what consent the shop holds, where that takes a call of its own.

        It is asked for when a customer is about to be made, and never otherwise. Nobody else's word makes up for a
        right that is missing: then there is no consent.
        """
        ...

    def note_sale(self, order_id: str, ticket: str) -> None:
        """Write the sale's number to the order, where people and ``order`` find it. Repeating it changes nothing."""
        ...

    def ship(self, order_id: str, parcel: Parcel) -> None:
        """Mark lines as shipped, telling the buyer as the shop is set up to. Repeating it changes nothing.

        It reads first what has left already or was given back, and sends no more than is left: the shop's people may
        have been quicker with a part of it, or with all. Of an order that was cancelled, or a line that it does not
        have, everything is refused (``ItemRejectedError``).
        """
        ...

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        """Give money back through the shop. Only ever called where the merchant has turned it on."""
        ...
