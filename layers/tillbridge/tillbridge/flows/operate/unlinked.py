"""Units in open web orders of listings that no item is linked with: nothing is kept off sale for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tillbridge.domain.choice import Action, listing_key
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import ListingRef, OrderLine, UnlinkedOrder
from tillbridge.flows.ports import Choices, Shelves
from tillbridge.flows.ports_orders import UnlinkedOrders

MOST_ORDERS = 500
"""Orders looked at per shop: more than a person reads."""

CODE = "order_of_unlinked_listing"
REMEDY = (
    "Link the listing with its item (its SKU in the shop, or `tillbridge links --load`): then they are kept off sale. "
    "If the till does not sell it, have it ignored there. Completing or cancelling the order ends it too."
)


@dataclass(frozen=True, slots=True)
class UnlinkedUnits:
    """One line of an order: how many of which listing, and since when."""

    number: str
    line: OrderLine
    since: datetime

    @property
    def happened(self) -> str:
        """Say what is wrong."""
        sku = f" (SKU {self.line.sku})" if self.line.sku else ""
        return (
            f"Order {self.number} has {decimal_text(self.line.units)} of listing {self.line.ref}{sku}, with which no "
            "item is linked: they are taken off no stock."
        )


@dataclass(frozen=True, slots=True)
class UnlinkedBook:
    """Looks and changes nothing. What a person wants ignored is left out."""

    unlinked: UnlinkedOrders
    shelves: Shelves
    choices: Choices

    def units(self, shop: str) -> Sequence[UnlinkedUnits]:
        """List the lines of a shop, by order."""
        orders = list(islice(self.unlinked.every(shop), MOST_ORDERS))
        refs = {ref for order in orders for ref in order.awaited}
        settled = self._settled(shop, refs) if refs else frozenset[ListingRef]()
        return [units for order in orders for units in _lines(order) if units.line.ref not in settled]

    def _settled(self, shop: str, refs: set[ListingRef]) -> frozenset[ListingRef]:
        """Name the listings that are linked by now, or ignored."""
        choices = self.choices.get(shop, {listing_key(ref.product_id) for ref in refs})
        ignored = {key for key, choice in choices.items() if choice.action is Action.IGNORE}
        linked = self.shelves.at(shop, refs)
        return frozenset(ref for ref in refs if ref in linked or listing_key(ref.product_id) in ignored)


def _lines(kept: UnlinkedOrder) -> Iterator[UnlinkedUnits]:
    order = kept.order
    return (UnlinkedUnits(order.number, line, order.changed_at) for line in order.lines if line.ref in kept.awaited)
