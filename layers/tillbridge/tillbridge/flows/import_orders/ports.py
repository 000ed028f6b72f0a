"""What the import of orders needs from the outside, apart from the till and the shops."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from tillbridge.domain.merchant import Connection
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.planned import Basis, PlannedSale
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.domain.orders.sale import CounterLists


class OrderRecords(Protocol):
    """The rows of web orders. The orders' lane writes them, and whoever decides about one.

    A row is forgotten 400 days after the order was done, or has not changed while it waits.
    """

    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, OrderRecord]:
        """Find orders, consistently; unknown ones are absent."""
        ...

    def put(self, record: OrderRecord, former: OrderRecord | None) -> OrderRecord | None:
        """Store a record in the place of ``former`` (``None``: it is new); gives it with its new version.

        ``None`` when something else stands there by now: nothing was written.
        """
        ...

    def listed(self, shop: str, listing: str, limit: int | None = None) -> Iterator[OrderRecord]:
        """Go through the orders listed under a word of ``domain.orders.listing``, the earliest seen first.

        The list lags behind a change by a fraction of a second.
        """
        ...

    def point(self, till: str, ids: Iterable[str], record: OrderRecord) -> None:
        """Note that these sales and lines of the till (``sale_name`` and the like) belong to an order."""
        ...

    def pointed(self, till: str, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """Find whose sales and lines these are: id -> shop and order; unknown ones are absent."""
        ...


class SalesPlan(Protocol):
    """Works out which sales an order asks for by now; ``domain.orders.whole_plan`` does.

    Pure: the same question gives the same answer and the same keys. Raises ``OrderParkedError`` when it cannot.
    """

    def __call__(self, order: PlacedOrder, record: OrderRecord, basis: Basis) -> Sequence[PlannedSale]:
        """Plan what is not completed, up to what has to be completed before anything else can be planned."""
        ...


class Lists(Protocol):
    """What a sale has to point into, kept for some hours."""

    def get(self) -> CounterLists:
        """Give the lists, as they were read not long ago."""
        ...

    def outdated(self) -> bool:
        """Tell whether what was given last may be something else in the till by now."""
        ...

    def forget(self) -> None:
        """Have them read again: something that was chosen is missing in them, or the till does not go by them."""
        ...


def source_name(shop: Connection) -> str:
    """Name a shop as sales of the till name where they come from."""
    return f"{shop.system.value}:{shop.connection_id}"


def sale_name(sale_id: str) -> str:
    """Name a sale of the till among sales and lines."""
    return f"sale {sale_id}"


def customer_name(customer_id: str) -> str:
    """Name a customer of the till that we have made, among sales and lines."""
    return f"customer {customer_id}"


def line_name(line_id: str) -> str:
    """Name a line of a sale among sales and lines."""
    return f"line {line_id}"
