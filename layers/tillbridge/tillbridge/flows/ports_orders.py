"""What the flows need to remember of web orders whose listings belong to no item of the till yet."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from tillbridge.domain.product import ListingRef, UnlinkedOrder


class UnlinkedOrders(Protocol):
    """Open orders of one shop with lines whose listing is not linked (written by the stock lane only).

    One is kept until it ends, until all its listings are linked, or until it has not changed for four months.
    """

    def keep(self, shop: str, order: UnlinkedOrder) -> None:
        """Keep an order with all its lines, in place of what was kept of it."""
        ...

    def kept(self, shop: str, order_ids: Iterable[str]) -> frozenset[str]:
        """Tell which of these orders are kept."""
        ...

    def awaiting(self, shop: str, refs: Collection[ListingRef]) -> Iterator[UnlinkedOrder]:
        """Find the orders that await one of these listings; as good as free when none is kept."""
        ...

    def every(self, shop: str) -> Iterator[UnlinkedOrder]:
        """Go through all of them, by order id as text."""
        ...

    def forget(self, shop: str, order_ids: Iterable[str]) -> None:
        """Drop orders that ended or have no unlinked line any more."""
        ...
