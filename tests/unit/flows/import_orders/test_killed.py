"""Exactly one sale that counts per booking, whatever dies, gets lost or comes twice (invariants 2 and 8)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.counter import LOST
from tests.fakes.crash import Crash
from tests.fakes.world import SHOP
from tests.unit.domain.order_samples import placed, product_charge, refund
from tests.unit.flows.import_orders.counter_world import BUYER, NORTH, OTHER_SHOP, CounterWorld
from tillbridge.domain.errors import (
    GarbledAnswerError,
    ItemRejectedError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.domain.orders.order import Charge, PlacedOrder, Standing
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.rules import CustomerRule

pytestmark = pytest.mark.unit

TWO_PLACES = placed(
    charges=(product_charge(), product_charge("2", "18", units=1, places=NORTH)), buyer=BUYER, refunds=(refund(),)
)
FAMILIES = [
    SystemDownError("Down."),
    ThrottledError("Too often.", after=5),
    GarbledAnswerError("Rubbish."),
    LOST,
    ItemRejectedError("No.", remedy="Look.", code="Refused"),
]
MOST = 400


def begun() -> CounterWorld:
    """An order over two places, of a buyer whom nobody knows, with a refund: everything there is to do at once."""
    world = CounterWorld()
    world.change_rules(customer=CustomerRule.EACH)
    world.place(TWO_PLACES)
    world.crash.steps.clear()
    return world


def assert_whole(world: CounterWorld, customers: int = 1) -> None:
    """Each booking has one sale that counts, the stock says so, and nothing is reserved or left open."""
    assert world.state() is OrderState.DONE, world.known().reason
    counting = world.counter.counting()
    assert all(sale.completed for sale in counting)
    assert Counter((sale.reference, sale.location_id) for sale in counting) == {
        ("1001", "1"): 1,
        ("1001", "2"): 1,
        ("1001/Rr1", "1"): 1,
    }
    assert {booking.sale_id for booking in world.known().bookings} == {sale.sale_id for sale in counting}
    assert (world.on_hand("1", "1"), world.on_hand("2", "2")) == (9, 9)
    assert (world.mirrored("1", "1"), world.mirrored("2", "2")) == (9, 9)
    assert (world.reserved(), world.order_marks()) == ({}, [])
    assert len(world.counter.customers) == customers
    assert world.known().customer_ours
    assert world.desk.orders["1001"].noted_sale == ", ".join(world.known().tickets)


def steps_of(begin: Callable[[], CounterWorld]) -> int:
    world = begin()
    world.work()
    return len(world.crash.steps)


def test_a_worker_that_dies_at_any_step_loses_and_doubles_nothing() -> None:  # invariants 2 and 8
    steps = steps_of(begun)
    assert 60 < steps < MOST
    for at in range(steps):
        world = begun()
        assert world.survive(world.work, at)
        world.clock.advance(minutes=2)  # the lease of the dead has ended
        world.work_until_quiet()
        assert_whole(world)


def test_a_worker_that_dies_twice_loses_and_doubles_nothing() -> None:  # invariants 2 and 8
    for at in range(0, steps_of(begun), 3):
        for then in (5, 17, 29):
            world = begun()
            world.survive(world.work, at)
            world.clock.advance(minutes=2)
            world.survive(world.work, then)
            world.clock.advance(minutes=2)
            world.work_until_quiet()
            assert_whole(world)


def moved() -> CounterWorld:
    """Three units of one line, sold at two places, of which one more is moved to the second."""
    world = CounterWorld()
    world.place(placed(charges=(spread(1),)))
    world.work()
    world.place(placed(charges=(spread(2),)))
    world.crash.steps.clear()
    return world


def spread(north: int) -> Charge:
    return product_charge(units=3, places={"north": Decimal(north), "here": Decimal(3 - north)})


def test_a_worker_that_dies_while_goods_are_moved_moves_each_once() -> None:  # invariants 2 and 8
    steps = steps_of(moved)
    assert 20 < steps < MOST
    for at in range(steps):
        world = moved()
        assert world.survive(world.work, at)
        world.clock.advance(minutes=2)
        world.work_until_quiet()
        assert (world.state(), world.order_marks(), world.reserved()) == (OrderState.DONE, [], {})
        assert sorted(world.totals()) == [("1", -5), ("1", 10), ("2", 5), ("2", 5)]
        assert all(sale.completed for sale in world.counter.counting())
        assert (world.on_hand("1", "1"), world.on_hand("1", "2")) == (9, 8)


def calls_of(begin: Callable[[], CounterWorld]) -> int:
    world = begin()
    world.work()
    return len(world.counter.faults.calls)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", FAMILIES, ids=lambda error: type(error).__name__)
def test_every_failure_of_the_till_at_every_call(error: TillbridgeError, *, after: bool) -> None:  # invariants 2 and 8
    for number in range(calls_of(begun)):
        world = begun()
        where = world.counter.faults.after if after else world.counter.faults.before
        where[number] = error
        world.work_until_quiet()
        assert_whole(world)


@pytest.mark.parametrize("error", FAMILIES[:4], ids=lambda error: type(error).__name__)
def test_every_failure_of_the_shop_at_every_call(error: TillbridgeError) -> None:
    for number in range(2):
        for where in ("before", "after"):
            world = begun()
            getattr(world.desk.faults, where)[number] = error
            world.work_until_quiet()
            assert_whole(world)


def test_two_workers_at_once_make_one_sale() -> None:  # invariants 2 and 8
    """The second comes at every step of the first: it is turned away, or the first is when its lease is gone."""
    for at in range(steps_of(begun)):
        world = begun()
        late = interrupted(world, at)
        world.work_until_quiet()
        assert late
        assert_whole(world, len(world.counter.customers))
        assert len(world.counter.customers) <= 2  # nobody can stop a request that is on its way


def interrupted(world: CounterWorld, at: int) -> list[int]:
    """Let another worker serve the lane in the middle of the first one's step ``at``, after its lease has ended."""
    met: list[int] = []

    class Interrupt(Crash):
        def step(self, name: str) -> None:
            self.steps.append(name)
            if len(self.steps) - 1 == at and not met:
                met.append(at)
                world.clock.advance(minutes=2)
                world.work_until_quiet()

    interrupt = Interrupt()
    world.crash = world.counter.crash = world.till.crash = interrupt
    for desk in world.desks.values():
        desk.crash = interrupt
    return met


@st.composite
def lives(draw: st.DrawFn) -> list[PlacedOrder]:
    """Draw what an order says one time after the other; what was refunded or cancelled once stays so."""
    told: list[PlacedOrder] = []
    refunded, standing = False, Standing.AWAITING
    for _ in range(draw(st.integers(1, 4))):
        if standing is not Standing.CANCELLED:
            standing = draw(st.sampled_from([Standing.AWAITING, Standing.PAID, Standing.PAID, Standing.CANCELLED]))
        refunded = refunded or (standing is Standing.PAID and draw(st.booleans()))
        charges = (product_charge(units=draw(st.integers(1, 3))),)
        told.append(placed(charges=charges, standing=standing, refunds=(refund(),) if refunded else ()))
    return told


@settings(deadline=None, max_examples=150)
@given(
    orders=lives(),
    kills=st.lists(st.integers(0, 60), max_size=4),
    lost=st.sets(st.integers(0, 15), max_size=3),
)
def test_an_order_that_changes_all_the_time_ends_as_its_shop_says(
    orders: list[PlacedOrder], kills: list[int], lost: set[int]
) -> None:
    """# invariants 2 and 8: whatever happens on the way, the books hold what the order says in the end"""
    world = CounterWorld()
    world.counter.faults.after.update(dict.fromkeys(lost, LOST))
    for order in orders:
        world.place(order)
        for at in kills:
            world.survive(lambda: quietly(world), at)
            world.clock.advance(minutes=2)
    world.work_until_quiet()
    sold = sum((sale.total for sale in world.completed()), Decimal(0))
    units = 10 - world.on_hand()
    assert all(sale.completed for sale in world.counter.counting())
    assert len({(sale.reference, sale.location_id) for sale in world.completed()}) == len(world.completed())
    last = orders[-1]
    given_back = sum((one.total for one in last.refunds), Decimal(0))
    if world.state() is OrderState.WAITING:
        assert world.completed() == []
    elif world.state() is OrderState.CANCELLED:
        assert (world.completed(), world.reserved()) == ([], {})
    elif world.state() is OrderState.DONE:
        assert sold == (Decimal(0) if last.cancelled else last.total - given_back)
        assert Decimal(units) * 5 == sold
        assert (world.reserved(), world.mirrored()) == ({}, world.on_hand())
    else:
        raise AssertionError(world.known().reason)


def quietly(world: CounterWorld) -> None:
    """Serve a wake whose failure is the queue's matter."""
    try:
        world.work()
    except TillbridgeError:
        return


def test_the_same_order_of_two_shops_and_others_beside_it() -> None:
    world = CounterWorld()
    for number in ("1001", "1002", "1003"):
        world.place(placed(number), SHOP)
        world.place(placed(number, charges=(product_charge(units=1),)), OTHER_SHOP)
    world.survive(world.work, 40)
    world.clock.advance(minutes=2)
    world.work_until_quiet()
    assert Counter((sale.source, sale.reference) for sale in world.completed()) == dict.fromkeys(
        [(source, number) for source in ("woocommerce:shop", "magento:other") for number in ("1001", "1002", "1003")], 1
    )
