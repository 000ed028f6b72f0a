"""Who buys: found or made in the till, with the shop's consent, and forgotten."""

import pytest

from tests.fakes.counter import LOST
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.world import TILL
from tests.unit.domain.order_samples import placed, refund
from tests.unit.flows.import_orders.counter_world import BUYER, CounterWorld
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.orders.forgetting import without_customer
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.rules import CustomerRule
from tillbridge.flows.import_orders.ports import customer_name

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    return CounterWorld()


@pytest.mark.parametrize("known", [True, False])
def test_a_buyer_is_found_or_made_once(world: CounterWorld, *, known: bool) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    if known:
        world.counter.customers["8"] = ("buyer@example.com", "")
    for number in ("1001", "1002"):
        world.place(placed(number, buyer=BUYER))
    world.work()
    assert len(world.counter.customers) == 1
    assert {sale.customer_id for sale in world.completed()} == set(world.counter.customers)
    assert [world.known(number).customer_ours for number in ("1001", "1002")] == [not known, not known]


@pytest.mark.parametrize("consent", [None, False, True])
def test_a_buyer_is_made_with_the_consent_that_the_shop_holds(world: CounterWorld, *, consent: bool | None) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    world.desk.may_mail = consent
    world.place(placed("1001", buyer=BUYER))
    world.place(placed("1002", buyer=BUYER))
    world.work()
    assert [one.may_mail for one in world.counter.made] == [consent]
    assert world.desk.faults.calls.count("consent") == 1, "it is asked for when somebody is made, and only then"


def test_a_buyer_who_is_forgotten_is_not_made_anew_by_a_refund(world: CounterWorld) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    world.place(placed(buyer=BUYER))
    world.work()
    forgotten = without_customer(world.known())
    FakeOrderRecords(world.memory).put(forgotten, world.known())
    world.counter.customers.clear()
    world.place(placed(buyer=BUYER, refunds=(refund(),)))
    world.work()
    assert [one.kind for one in world.known().completed] == ["sale", "refund"]
    assert (len(world.counter.made), world.counter.faults.calls.count("find customers")) == (1, 1)


def test_a_customer_of_ours_is_known_as_such_for_as_long_as_an_order_names_them(world: CounterWorld) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    world.place(placed(buyer=BUYER))
    world.work()
    (customer,) = world.counter.customers
    pointer = (TILL, customer_name(customer))
    del world.memory.pointers[pointer]  # so late that it has ended
    world.place(placed(buyer=BUYER, refunds=(refund(),)))
    world.work()
    assert pointer in world.memory.pointers


def test_a_customer_whom_the_till_knows_is_not_written_whatever_the_shop_says(world: CounterWorld) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    world.counter.customers["8"] = ("buyer@example.com", "")
    world.desk.may_mail = True
    world.place(placed(buyer=BUYER))
    world.work()
    assert (world.state(), world.counter.made) == (OrderState.DONE, [])
    assert "consent" not in world.desk.faults.calls


def test_a_shop_that_does_not_tell_of_consent_for_now_is_asked_again(world: CounterWorld) -> None:
    world.change_rules(customer=CustomerRule.EACH)
    world.desk.may_mail = True
    world.desk.faults.before[1] = SystemDownError("The shop is down.")  # order, consent
    world.place(placed(buyer=BUYER))
    world.work()
    assert (world.state(), world.counter.made) == (None, [])
    world.work_until_quiet()
    assert [one.may_mail for one in world.counter.made] == [True]


def test_a_buyer_whose_making_was_not_answered_is_ours(world: CounterWorld) -> None:  # invariant 8
    world.change_rules(customer=CustomerRule.EACH)
    world.place(placed(buyer=BUYER))
    world.counter.faults.after[2] = LOST  # lists, find customers, make customer
    world.work_until_quiet()
    assert (len(world.counter.customers), world.known().customer_ours) == (1, True)
    assert world.state() is OrderState.DONE


def test_one_customer_for_all(world: CounterWorld) -> None:
    world.change_rules(customer=CustomerRule.ONE, web_customer="77")
    world.place(placed(buyer=BUYER))
    world.work()
    assert ([sale.customer_id for sale in world.completed()], world.counter.customers) == (["77"], {})


def test_no_record_holds_personal_data(world: CounterWorld) -> None:  # invariant 5
    world.change_rules(customer=CustomerRule.EACH)
    world.place(placed(buyer=BUYER))
    world.work()
    assert "buyer@example.com" not in repr(world.memory.records)
