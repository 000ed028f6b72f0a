"""Fill in what a merchant has not chosen about web orders, and hold what was chosen against the till's own lists.

What was saved is tried at once on the orders that may have been waiting for it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, TillbridgeError
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.domain.orders.proposal import problems, proposed
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.sale import CounterLists
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.systems.counter import Counter
from tillbridge.systems.order_desk import OrderDesk
from tillbridge.systems.till import Till

ORDERS = "orders_"
"""What the names of the settings about web orders begin with."""

READINESS = frozenset({"orders_ready", "orders_statuses"})
"""Those that say which orders may become a sale at all."""

TIME_FOR_A_SHOP = timedelta(seconds=10)
"""A few calls, each of them short: a person waits."""

DeskOf = Callable[[Connection, Deadline], OrderDesk]
Seller = Callable[[Connection, Deadline], tuple[Counter, Till]]


@dataclass(frozen=True, slots=True)
class OrderChoices:
    """The choices about web orders, the till that they have to fit, and the orders that wait for them."""

    register: Register
    seller: Seller
    desk_of: DeskOf
    records: OrderRecords
    fanout: Fanout
    clock: Clock

    def fitted(self, merchant: Merchant, deadline: Deadline) -> tuple[Merchant, tuple[str, ...]]:
        """Give the merchant with what the till proposes, and what keeps an order from becoming a sale.

        Nothing is asked for while orders are not imported. A till that cannot be asked is no reason to refuse what
        was chosen: the right to sell is only asked for once orders are imported.
        """
        if not merchant.settings.orders.imported:
            return merchant, ()
        till = next((one for one in self.register.of(merchant) if one.system.is_till and one.working), None)
        connecting = f"tillbridge connect lightspeed --merchant {merchant.merchant_id}"
        if till is None:
            return merchant, (f"No till is connected. Connect one, then save these settings again: {connecting}",)
        counter, house = self.seller(till, deadline)
        try:
            unsold, lists = house.account().missing_to_sell, counter.lists()
        except BrokenConnectionError as error:
            return merchant, (f"{error.happened} Connect the till, then save these settings again: {connecting}",)
        orders = proposed(merchant.settings.orders, _locations(merchant, lists), lists)
        fitted = replace(merchant, settings=replace(merchant.settings, orders=orders))
        rights = [f"The till lacks the right {right}. Connect it again: {connecting}" for right in unsold]
        return fitted, (*rights, *dict.fromkeys(self._problems(fitted, lists)))

    def lacking(self, merchant: Merchant, deadline: Deadline) -> Iterator[str]:
        """Ask each shop that works whether our keys may do what orders need; one that cannot be asked is told, too.

        It is the last that is done of a command: shops may be slow.
        """
        shops = self.register.shops(merchant) if merchant.settings.orders.imported else ()
        for shop in (one for one in shops if one.working):
            named = f"The shop {shop.connection_id} ({shop.system})"
            if deadline.left() < TIME_FOR_A_SHOP:
                yield f"{named} was not asked for its rights for want of time. Save these settings again."
                continue
            try:
                self.desk_of(shop, deadline).check_selling()
            except BrokenConnectionError as error:
                yield f"{named}: {error.happened} {error.remedy}"
            except TillbridgeError as error:
                yield f"{named} could not be asked for its rights: {error.happened} Save these settings again later."

    def try_again(self, merchant: Merchant, names: Collection[str]) -> int:
        """Have the orders looked at that settings of these names may have been in the way of; tells how many.

        Repeating it does no harm: an order that still cannot become a sale stays as it is, without another mail.
        """
        if not merchant.settings.orders.imported:
            return 0
        states = [OrderState.PARKED, *([OrderState.WAITING] if READINESS & set(names) else [])]
        keys = [
            record.key
            for shop in self.register.shops(merchant)
            for state in states
            for record in self.records.listed(shop.connection_id, state)
        ]
        self.fanout.tell_of_orders(merchant.merchant_id, keys, self.clock.now())
        return len(keys)

    def _problems(self, merchant: Merchant, lists: CounterLists) -> Iterator[str]:
        for shop in self.register.shops(merchant):
            yield from problems(merchant.settings.order_rules(shop.connection_id), lists)


def _locations(merchant: Merchant, lists: CounterLists) -> Sequence[str]:
    """Name the locations whose stock counts; all where registers stand, if the merchant has chosen none."""
    standing = {one.location_id for one in lists.registers if not one.archived}
    return merchant.settings.stock_locations or sorted(standing, key=int)
