"""What the import of one merchant's orders works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tillbridge.domain.merchant import Connection
from tillbridge.domain.orders.rules import OrderRules
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.import_orders.ports import Lists, OrderRecords, SalesPlan
from tillbridge.flows.lane_fence import Fence
from tillbridge.flows.ports import Clock, Cursors, Deadline, Marks, Mirror, Outbox, Reservations, Shelves
from tillbridge.systems.counter import Counter
from tillbridge.systems.order_desk import OrderDesk
from tillbridge.systems.till import Till

Answer = TypeVar("Answer")

STOP_MARGIN = timedelta(seconds=60)
"""Time kept back for one more order: half a dozen calls to a slow till, and recording them."""

SEVERAL = 2
"""Orders in a row with which a system cannot go on before it is left alone: a single one may be to blame itself."""


@dataclass(slots=True)
class Hearing:
    """Who has answered during one wake: by that the trouble of one order is told from that of a whole system."""

    till: bool = False
    failures: dict[str, int] = field(default_factory=dict)  # by shop: how many orders in a row

    def __call__(self, answer: Answer) -> Answer:
        """Note that the till has answered, and pass the answer on."""
        self.till = True
        return answer

    def failed(self, shop: str) -> None:
        """Note that a shop could not go on with an order."""
        self.failures[shop] = self.failures.get(shop, 0) + 1

    def answered(self, shop: str) -> None:
        """Note that a shop has answered for an order."""
        self.failures.pop(shop, None)

    def silent(self, shop: str) -> bool:
        """Tell whether it is the shop, not one order: it could go on with none of several."""
        return self.failures.get(shop, 0) >= SEVERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderImporter:
    """One merchant's till that sells, the shops whose orders it gets, and where their state is kept.

    ``rules_of`` gives the merchant's choices for a shop, ``imports`` whether an order placed then becomes a sale,
    ``return_money`` whether a refund at the till is paid back through the shop, and ``backorders`` whether shops are
    shown what a location owes.
    """

    till: Connection
    shops: Mapping[str, Connection]
    counter: Counter
    stock: Till
    desk_of: Callable[[Connection], OrderDesk]
    rules_of: Callable[[str], OrderRules]
    imports: Callable[[datetime], bool]
    plan: SalesPlan
    lists: Lists
    records: OrderRecords
    marks: Marks
    mirror: Mirror
    reservations: Reservations
    shelves: Shelves
    cursors: Cursors
    outbox: Outbox
    fanout: Fanout
    clock: Clock
    deadline: Deadline
    fence: Fence
    return_money: bool = False
    backorders: bool = False
    hearing: Hearing = field(default_factory=Hearing)

    @property
    def till_id(self) -> str:
        """The till's connection."""
        return self.till.connection_id

    def out_of_time(self) -> bool:
        """Tell whether it is too late to begin another order."""
        return self.deadline.left() < STOP_MARGIN
