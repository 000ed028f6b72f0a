"""A burst of orders wakes the shops a few times, not for every order; and a wake that is lost is repeated."""

import pytest

from tests.fakes.crash import KilledError
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import FakeLanes, FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.domain.order_samples import placed, product_charge
from tests.unit.flows.import_orders.counter_world import OTHER_SHOP, CounterWorld
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.rules import UnlinkedRule
from tillbridge.flows.gathered import LONGEST_WAIT, GatheredWakes, gathered
from tillbridge.flows.import_orders.park import parked_orders

pytestmark = pytest.mark.unit

STOCK = {(SHOP, Lane.STOCK, "work"), (OTHER_SHOP, Lane.STOCK, "work")}


@pytest.fixture
def world() -> CounterWorld:
    return CounterWorld()


def test_thirty_sales_of_one_wake_wake_each_shop_once(world: CounterWorld) -> None:
    for number in range(30):
        world.place(placed(str(1000 + number)))
    world.lanes.woken.clear()
    world.work()
    assert len(world.completed()) == 30
    assert sorted(world.lanes.woken) == sorted(STOCK)


def test_what_is_held_back_is_sent_also_when_the_work_fails(world: CounterWorld) -> None:
    world.lanes.woken.clear()

    def work() -> None:
        with gathered(world.lanes, world.clock) as wakes:
            wakes.wake(world.memory.connections[SHOP], Lane.STOCK)
            raise RetryLaterError("The till is down.")

    with pytest.raises(RetryLaterError):
        work()
    assert world.lanes.woken == [(SHOP, Lane.STOCK, "work")]


def test_who_waits_for_long_is_woken_meanwhile(world: CounterWorld) -> None:
    wakes, lanes = GatheredWakes(world.lanes, world.clock), world.lanes
    shop = world.memory.connections[SHOP]
    lanes.woken.clear()
    for _ in range(5):
        wakes.wake(shop, Lane.STOCK)
    assert lanes.woken == []
    world.clock.advance(seconds=LONGEST_WAIT.total_seconds())
    wakes.wake(shop, Lane.STOCK)
    assert lanes.woken == [(SHOP, Lane.STOCK, "work")]
    wakes.send()
    assert len(lanes.woken) == 1


def test_who_dies_with_wakes_in_hand_leaves_marks_that_the_sweep_meets(world: CounterWorld) -> None:  # invariant 4
    world.place(placed())
    world.lanes = FakeLanes(crash=world.crash)
    world.lanes.woken.clear()
    world.crash.at = len(_steps_of_a_sale()) - 1
    with pytest.raises(KilledError):
        world.work()
    world.crash.at = None
    world.clock.advance(minutes=5)
    for shop in (SHOP, OTHER_SHOP):
        due = FakeMarks(world.memory).due(shop, Lane.STOCK, world.clock.now(), 10)
        assert {mark.key for mark in due} == {"1"}
    assert (TILL, Lane.ORDERS, "work") not in world.lanes.woken


def _steps_of_a_sale() -> list[str]:
    """Name the steps up to the first wake."""
    world = CounterWorld()
    world.place(placed())
    world.lanes = FakeLanes(crash=world.crash)
    world.crash.steps.clear()
    world.work()
    return world.crash.steps[: world.crash.steps.index("before wake") + 1]


def test_a_hundred_orders_parked_for_the_same_reason_make_one_mail_a_day(world: CounterWorld) -> None:
    """The mail names the first; all of them are listed, and none is told of again when it is tried again."""
    world.change_rules(unlinked=UnlinkedRule.PARK)
    orders = [placed(str(number), charges=(product_charge(ref="99"),)) for number in range(1000, 1100)]
    for order in orders:
        world.place(order)
    for _ in range(3):
        world.work()
        world.clock.advance(hours=3)
    assert parked_orders(FakeOrderRecords(world.memory), [SHOP, OTHER_SHOP]) == len(orders)
    [posted] = world.memory.mails.values()
    assert (posted.mail.about["order"], posted.mail.about["cause"]) == ("1000", world.known("1000").reason)
    assert world.memory.mails_woken == [("m1", posted.mail.key)] * len(orders), "the postman sends it once"
    world.place(orders[0], OTHER_SHOP)
    world.work()
    assert len(world.memory.mails) == 2, "another shop is told of by itself"
    world.clock.advance(hours=24)
    world.place(placed("2000", charges=(product_charge(ref="99"),)))
    world.work()
    assert len(world.memory.mails) == 3, "of what begins on another day, too"
