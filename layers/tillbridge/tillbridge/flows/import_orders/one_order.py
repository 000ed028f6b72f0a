"""One order from wherever it is to wherever it can get: step by step, each recorded before the next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from tillbridge.domain.errors import ItemRejectedError, TillbridgeError
from tillbridge.domain.orders.digest import digest
from tillbridge.domain.orders.next_step import Move, Step, next_step
from tillbridge.domain.orders.order import ChargeKind, PlacedOrder
from tillbridge.domain.orders.parked import NotMappedError
from tillbridge.domain.orders.planned import Basis, PlannedSale, SoldItem
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.rules import OrderRules
from tillbridge.domain.orders.whole_plan import announced
from tillbridge.domain.product import ListingRef
from tillbridge.flows.import_orders.booking import book, put_away, sort_out
from tillbridge.flows.import_orders.customer import customer_of
from tillbridge.flows.import_orders.discretion import discreet
from tillbridge.flows.import_orders.park import park
from tillbridge.flows.import_orders.returned import pay_back, without_till_returns
from tillbridge.flows.import_orders.settle import let_go, settle
from tillbridge.flows.import_orders.visit import Visit

ROUTED_BY_THEN = timedelta(minutes=10)
"""An order whose shop has not said by then from where its goods leave is sold at the shop's own location."""

MOST_STEPS = 100
"""No order has so many sales, refunds and corrections that are new at once."""


class Outcome(StrEnum):
    """What came of a look at an order."""

    FINISHED = "finished"  # there is nothing to do until something changes
    PARKED = "parked"
    OWED = "owed"  # a location owes units of it
    UNROUTED = "unrouted"  # the shop has yet to say from where its goods leave


class EndlessOrderError(ItemRejectedError):
    """An order asks for ever more sales."""


def import_order(visit: Visit, *, doubt: bool = False) -> Outcome:
    """Do whatever is to be done for an order by now; with ``doubt`` the till is searched for what came late first.

    Trouble that may pass goes on as an error (``RetryLaterError``, ``ShopTroubleError``); what needs a person parks it,
    once the till's lists have been read anew.
    """
    try:
        order = visit.read()
    except ItemRejectedError as error:
        return _parked(visit, error)
    if visit.stored is None and (order is None or not visit.importer.imports(order.placed_at)):
        return Outcome.FINISHED
    try:
        with discreet(lambda: visit.private):
            if order is not None:
                _introduce(visit, order)
                order = without_till_returns(visit, pay_back(visit, order))
                if _unrouted(visit, order):
                    return Outcome.UNROUTED
            if doubt:
                sort_out(visit)
            _to_the_end(visit, order)
    except ItemRejectedError as error:
        lists = visit.importer.lists
        outdated = lists.outdated()
        if outdated or isinstance(error, NotMappedError):  # what is missing may have been added to the till
            lists.forget()
        return import_order(visit.anew(), doubt=doubt) if outdated else _parked(visit, error)
    return Outcome.OWED if visit.record.state is OrderState.SOLD else Outcome.FINISHED


def _unrouted(visit: Visit, order: PlacedOrder) -> bool:
    """Tell whether to wait for the shop, which decides from where goods leave a moment after the order was placed."""
    new = not visit.record.bookings and visit.record.state is not OrderState.IGNORED
    recent = visit.importer.clock.now() - order.placed_at < ROUTED_BY_THEN
    return new and recent and not order.routed and order.standing in visit.rules().ready


def _parked(visit: Visit, error: TillbridgeError) -> Outcome:
    with discreet(lambda: visit.private):
        park(visit, error)
    return Outcome.PARKED


def _introduce(visit: Visit, order: PlacedOrder) -> None:
    """Note an order that is met for the first time; what is told here is written with the first step."""
    record = visit.record
    if visit.stored is None:
        record = record.noting(f"Seen in the shop as {order.status}.", record.seen_at)
    visit.record = replace(record, number=order.number, placed_at=order.placed_at)


def _to_the_end(visit: Visit, order: PlacedOrder | None) -> None:
    rules = visit.rules()
    planned: Sequence[PlannedSale] | None = () if order is not None and _dealt_with(visit, order) else None
    for _ in range(MOST_STEPS):
        ready = order is not None and order.standing in rules.ready
        step = next_step(visit.record, order, ready=ready, planned=planned)
        if step.move is Move.PLAN and order is not None:
            planned = _plan(visit, order, rules)
            continue
        if _carried_out(visit, order, step, planned or (), rules):
            return
        planned = None  # what follows depends on what was done
    raise EndlessOrderError(
        f"The order is not at its end after {MOST_STEPS} steps.",
        remedy="Look at its refunds and edits in the shop; ring the rest up by hand and ignore the order.",
    )


def _carried_out(
    visit: Visit, order: PlacedOrder | None, step: Step, planned: Sequence[PlannedSale], rules: OrderRules
) -> bool:
    """Carry out one step; tells whether it was the last."""
    match step.move:
        case Move.BOOK if step.planned is not None and order is not None:
            visit.record = announced(visit.record, planned)
            book(visit, step.planned, rules.rounding)
        case Move.PUT_AWAY if step.booking is not None:
            put_away(visit, step.booking)
        case Move.SETTLE:
            settle(visit, order)
            return True
        case Move.WAIT:
            return _ended(visit, order, OrderState.WAITING, "It waits until it is ready.")
        case Move.CALL_OFF:
            return _ended(visit, order, OrderState.CANCELLED, "It ended before there was a sale.")
        case Move.LET_GO:
            return _ended(visit, order, OrderState.IGNORED, "It is ignored.")
        case _:
            _rest(visit)
            return True
    return False


def _rest(visit: Visit) -> None:
    """Leave an order that is done; whoever reserved its units at the very moment they were let go did so in vain."""
    let_go(visit)
    if visit.stored is not None and visit.record.returns != visit.stored.returns:
        visit.save(visit.noting("The shop has refunded what came back at the till."))


def _ended(visit: Visit, order: PlacedOrder | None, state: OrderState, what: str) -> bool:
    """Leave an order without a sale, unless one of its drafts turns out to be completed.

    The units of one that only waits stay as its shop counts them.
    """
    for booking in visit.record.open:
        put_away(visit, booking)
    if visit.record.completed and state is not OrderState.IGNORED:
        return False
    if state.is_over:
        let_go(visit)
    known = digest(order) if order is not None else ""
    if (visit.record.state, visit.record.digest) != (state, known) or visit.stored is None:
        standing = f"Its standing is {order.standing.value}." if order is not None else "The shop has it no more."
        changed = visit.noting(what, state=state, digest=known)
        visit.save(changed.because("", standing if state is OrderState.WAITING else "", ""))
    return True


def _dealt_with(visit: Visit, order: PlacedOrder) -> bool:
    """Tell whether nothing that matters to the till has changed since the order was done."""
    record = visit.record
    return record.state is OrderState.DONE and record.digest == digest(order) and not record.open


def _plan(visit: Visit, order: PlacedOrder, rules: OrderRules) -> Sequence[PlannedSale]:
    basis = Basis(
        source=visit.source,
        rules=rules,
        lists=visit.importer.lists.get(),
        items=_items(visit, order),
        customer_id=customer_of(visit, order, rules),
    )
    return visit.importer.plan(order, visit.record, basis)


def _items(visit: Visit, order: PlacedOrder) -> Mapping[ListingRef, SoldItem]:
    """Find the items that the order's listings are linked with."""
    importer = visit.importer
    refs = [charge.ref for charge in order.charges if charge.ref and charge.kind is ChargeKind.PRODUCT]
    linked = importer.shelves.at(visit.shop.connection_id, refs)
    items = importer.mirror.items(importer.till_id, linked.values())
    return {
        ref: SoldItem(item_id, (items[item_id].tax_class_id or "") if item_id in items else "")
        for ref, item_id in linked.items()
    }
