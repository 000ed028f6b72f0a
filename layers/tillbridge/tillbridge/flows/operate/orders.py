"""Show web orders on their way into the till, and write down what people decide about them.

A decision only changes the order's row and marks it; the lane that sells carries it out. So each is safe to repeat, and
none comes between a worker and the till: whoever of the two writes second looks again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import Connection, Lane, Merchant
from tillbridge.domain.orders.forgetting import Trace
from tillbridge.domain.orders.listing import LISTINGS, RETURNED
from tillbridge.domain.orders.record import Booking, OrderRecord, OrderState
from tillbridge.domain.stock import AT_LOCATION, of_spot
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.forget_buyers import BuyerOffice
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.operate.order_answers import (
    BookedLineAnswer,
    BookingAnswer,
    HappeningAnswer,
    OrderAnswer,
    OrderWhole,
    ReturnAnswer,
)
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.ports import Clock, Deadline, Marks, Reservations

OPEN = (OrderState.PARKED, RETURNED, OrderState.DUE, OrderState.DRAFTED, OrderState.SOLD, OrderState.WAITING)
"""What is listed unless a state is named: whatever is not over, that which needs somebody first."""

MOST = 200
"""Orders of one state and shop that are listed."""
SEARCHED = 2000
"""Orders of one state and shop among which a number is looked for."""

FORGOTTEN = "A person decided: forget the buyer."

Change = Callable[[OrderRecord], OrderRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersDesk:
    """Reads and decides; only ``forget`` speaks to the till."""

    register: Register
    records: OrderRecords
    reservations: Reservations
    marks: Marks
    fanout: Fanout
    clock: Clock
    buyers: BuyerOffice

    def list(
        self, merchant_id: str | None, state: str | None, after: str | None, deadline: Deadline
    ) -> Portion[OrderAnswer]:
        """List the orders of one merchant, or of everybody: those in one state, or all that are not over."""
        wanted = (state,) if state else OPEN
        return self.register.each(merchant_id, after, deadline, lambda merchant: list(self._of(merchant, wanted)))

    def show(self, merchant_id: str | None, order: str) -> OrderWhole:
        """Show all that is known of one order."""
        merchant = self.register.merchant(merchant_id)
        shop, record = self._find(merchant, order)
        return self._whole(merchant, shop, record)

    def resend(self, merchant_id: str | None, order: str) -> OrderWhole:
        """Have an order looked at afresh, whatever was decided about it. Repeating it does no harm."""
        return self._decide(merchant_id, order, _afresh)

    def release(self, merchant_id: str | None, order: str) -> OrderWhole:
        """Let a parked order pass with its difference, and with names in the place of missing links."""

        def let_pass(record: OrderRecord) -> OrderRecord:
            if record.state is not OrderState.PARKED and not record.let_pass:
                raise InputError(
                    "order",
                    f"Order {record.number or record.order_id} is {record.state}, not parked.",
                    remedy="`tillbridge orders --state parked` shows those that wait for a person.",
                    code="NotParked",
                )
            return record if record.let_pass else replace(_afresh(record), let_pass=True)

        return self._decide(merchant_id, order, let_pass)

    def ignore(self, merchant_id: str | None, order: str) -> OrderWhole:
        """Make no sale of an order, and reserve nothing of it any more. Repeating it does no harm."""
        return self._decide(
            merchant_id, order, lambda record: replace(record, state=OrderState.IGNORED).because("", "", "")
        )

    def forget(self, merchant_id: str | None, order: str, deadline: Deadline) -> OrderWhole:
        """Take the buyer off the till, if Tillbridge has put them there, and name nobody for the order any more.

        Whatever other orders name the same customer, it is anonymous once for all of them. Repeating it does no harm.
        """
        merchant = self.register.merchant(merchant_id)
        till = self.register.till(merchant)
        shop, record = self._find(merchant, order)
        trace = self.buyers.trace(till, record)
        if trace is Trace.FORGOTTEN:
            return self._whole(merchant, shop, record)
        if trace in {Trace.OTHERS, Trace.ELSEWHERE}:
            raise _not_ours(record)
        if trace is Trace.OURS:
            self.buyers.counter_of(till, deadline).anonymise(record.customer_id)
        stored = None if trace is Trace.UNSURE else self.buyers.let_go(record, FORGOTTEN)
        if stored is None:
            raise _busy()
        return self._whole(merchant, shop, stored)

    def _of(self, merchant: Merchant, wanted: tuple[str, ...]) -> Iterator[OrderAnswer]:
        shops = self.register.shops(merchant)
        for state in wanted:
            for shop in shops:
                for record in self.records.listed(shop.connection_id, state, MOST):
                    yield _answer(merchant, shop, record)

    def _decide(self, merchant_id: str | None, order: str, change: Change) -> OrderWhole:
        """Write a decision down, and have the lane carry it out; what was decided before is only carried out."""
        merchant = self.register.merchant(merchant_id)
        self.register.till(merchant)  # whose lane carries it out
        shop, record = self._find(merchant, order)
        decided = change(record)
        with self.fanout.telling(merchant.merchant_id, Lane.ORDERS, [record.key], self.clock):
            if decided != record:
                record = self._change(shop, record, change, decided.state.value)
        return self._whole(merchant, shop, record)

    def _change(self, shop: Connection, record: OrderRecord, change: Change, what: str) -> OrderRecord:
        """Write in the place of what was read; somebody who was faster is read again."""
        told = f"A person decided: {what}."
        for _ in range(5):
            stored = self.records.put(change(record).noting(told, self.clock.now()), record)
            if stored is not None:
                return stored
            record = self.records.get(shop.connection_id, [record.order_id])[record.order_id]
        raise _busy()

    def _find(self, merchant: Merchant, order: str) -> tuple[Connection, OrderRecord]:
        """Find an order by ``SHOP/ID``, by id, or by the number that people know; anybody else's is not found."""
        shops = {shop.connection_id: shop for shop in self.register.shops(merchant)}
        named, _, rest = order.partition("/")
        found = [self.records.get(named, [rest])] if rest and named in shops else []
        found += [self.records.get(name, [order]) for name in shops]
        records = [record for one in found for record in one.values()] or list(self._numbered(shops, order))
        if len(records) == 1:
            return shops[records[0].shop], records[0]
        if records:
            raise InputError(
                "order",
                f"{len(records)} orders of merchant {merchant.merchant_id} are called {order}.",
                remedy=f"Name one: {', '.join(sorted(record.key for record in records))}.",
            )
        raise NotFoundError(
            "order",
            f"Merchant {merchant.merchant_id} has no order {order} that is brought into the till.",
            remedy="`tillbridge orders` shows them; only orders placed since orders_since are.",
        )

    def _numbered(self, shops: dict[str, Connection], number: str) -> Iterator[OrderRecord]:
        for shop in shops:
            for state in LISTINGS:
                for record in self.records.listed(shop, state, SEARCHED):
                    if record.number == number:
                        yield record

    def _whole(self, merchant: Merchant, shop: Connection, record: OrderRecord) -> OrderWhole:
        till = self.register.till(merchant)
        held = self.reservations.held(till.connection_id, record.reservation)
        marks = self.marks.waiting(till.connection_id, Lane.ORDERS)
        looks = [mark.due_at for mark in marks if mark.key == record.key]
        return OrderWhole(
            about=_answer(merchant, shop, record),
            bookings=tuple(_booking(record, booking) for booking in record.bookings),
            returns=tuple(
                ReturnAnswer(
                    ticket=one.ticket or one.sale_id,
                    total=one.total,
                    returned_at=one.returned_at,
                    refund=one.refund_id,
                )
                for one in record.returns
            ),
            reserved={
                AT_LOCATION.join(filter(None, of_spot(one))): Decimal(units) for one, units in sorted(held.items())
            },
            customer=record.customer_id,
            noted=record.noted,
            shipped=record.shipped,
            waits=bool(looks),
            next_look=min(looks, default=None),
            paused=not till.working,
            history=tuple(
                HappeningAnswer(at=one.at, what=one.what, request_id=one.request_id) for one in record.history
            ),
        )


def _not_ours(record: OrderRecord) -> InputError:
    return InputError(
        "order",
        f"The buyer is customer {record.customer_id}, whom Tillbridge has not made in this till.",
        remedy="Anonymise the customer in the till, if the merchant wants that.",
        code="NotOurs",
    )


def _busy() -> InputError:
    happened = "The order is being dealt with at this very moment, or its buyer is being made a customer."
    return InputError("order", happened, remedy="Try again in a minute; `tillbridge order show` tells.", code="Busy")


def _afresh(record: OrderRecord) -> OrderRecord:
    """Give an order as if nobody had dealt with what it says; what is in the till stays known."""
    return replace(record, state=OrderState.DUE, digest="").because("", "", "")


def _answer(merchant: Merchant, shop: Connection, record: OrderRecord) -> OrderAnswer:
    return OrderAnswer(
        order=record.key,
        merchant=merchant.merchant_id,
        connection=shop.connection_id,
        system=shop.system,
        number=record.number,
        state=record.state,
        code=record.code,
        reason=record.reason,
        remedy=record.remedy,
        sales=record.tickets,
        tasks=len(record.tasks),
        placed_at=record.placed_at,
        seen_at=record.seen_at,
        changed_at=record.changed_at,
    )


def _booking(record: OrderRecord, booking: Booking) -> BookingAnswer:
    names = {charge.line_id: charge.name for one in record.bookings for charge in one.charges}
    return BookingAnswer(
        booking=booking.key,
        state=booking.state,
        reference=booking.reference,
        location=booking.location_id,
        sale=booking.sale_id,
        ticket=booking.ticket,
        expected=booking.expected,
        total=booking.total,
        rounding=booking.rounding,
        difference=booking.expected - booking.total if booking.completed else Decimal(0),
        completed_at=booking.completed_at,
        lines=tuple(
            BookedLineAnswer(
                line=line.line_id,
                name=names.get(line.line_id, ""),
                item=line.item_id,
                units=line.units,
                unit_price=line.unit_price,
                till_line=line.till_line_id,
            )
            for line in booking.lines
        ),
    )
