"""Whose trouble is whose: no order waits for another's, nor one shop's for another shop's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.counter import LOST, FakeCounter, FakeDesk
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.world import SHOP, TILL
from tests.unit.domain.order_samples import placed, product_charge
from tests.unit.flows.import_orders.counter_world import OTHER_SHOP, CounterWorld
from tillbridge.domain.errors import (
    ItemRejectedError,
    MissingRightError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.domain.orders.record import OrderRecord, OrderState
from tillbridge.domain.orders.rules import CustomerRule
from tillbridge.domain.orders.sale import SaleDraft, TillSale

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    return CounterWorld()


def place_three(world: CounterWorld) -> None:
    for number in ("1001", "1002", "1003"):
        world.place(placed(number))
        world.clock.advance(seconds=1)


def test_an_order_that_the_till_cannot_bear_does_not_stop_the_next(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = world.counter._draft

    def stumbling(self: object, one: SaleDraft) -> TillSale:
        if one.reference == "1001":
            raise SystemDownError("The till stumbles over it.")
        return draft(one)

    monkeypatch.setattr(type(world.counter), "_draft", stumbling)
    place_three(world)
    report = world.work()
    assert (report.failed, report.finished) == (1, True)
    assert [world.state(number) for number in ("1002", "1003")] == [OrderState.DONE] * 2
    assert "stumbles" in world.known("1001").history[-1].what
    assert world.order_marks() == ["shop/1001"]
    monkeypatch.undo()
    world.work_until_quiet()
    assert world.state("1001") is OrderState.DONE


def test_the_pause_grows_and_ends(world: CounterWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbling(*_: object) -> TillSale:
        raise SystemDownError("No.")

    monkeypatch.setattr(type(world.counter), "_draft", stumbling)
    world.place(placed())
    pauses = []
    for _ in range(8):
        world.work()
        [mark] = world.memory.marks[TILL, next(lane for _, lane in world.memory.marks if lane == "orders")]
        pauses.append(mark.due_at - world.clock.now())
        world.clock.time = mark.due_at
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("error", "calls"),
    [(SystemDownError("Down."), 2), (UnauthorisedError("The grant is dead."), 1)],
    ids=["one order alone may be to blame", "it is not the order"],
)
def test_a_till_that_does_not_answer_fails_the_wake_and_costs_few_calls(
    world: CounterWorld, error: TillbridgeError, calls: int
) -> None:
    place_three(world)
    world.counter.faults.always = error
    with pytest.raises(type(error)):
        world.work()
    assert len(world.counter.faults.calls) == calls
    assert len(world.order_marks()) == 3
    world.counter.faults.always = None
    world.work()
    assert len(world.completed()) == 3


def test_without_the_right_to_sell_orders_are_parked_and_the_till_s_connection_is_not_broken(
    world: CounterWorld,
) -> None:
    place_three(world)
    world.counter.faults.always = MissingRightError("Lightspeed does not let us write sales.", remedy="Connect again.")
    assert world.work().parked == 3
    assert {world.state(number) for number in ("1001", "1002", "1003")} == {OrderState.PARKED}
    assert (world.known().remedy, len(world.memory.mails)) == ("Connect again.", 1)
    world.counter.faults.always = None
    world.work_until_quiet()
    assert len(world.completed()) == 3


def test_a_till_that_is_asked_too_often_fails_the_wake(world: CounterWorld) -> None:
    place_three(world)
    world.counter.faults.before[5] = ThrottledError("Too often.", after=9)
    with pytest.raises(ThrottledError):
        world.work()
    assert len(world.order_marks()) >= 2
    world.work()
    assert len(world.completed()) == 3


def test_a_shop_that_is_down_is_asked_twice_and_the_other_goes_on(world: CounterWorld) -> None:
    place_three(world)
    world.place(placed(), OTHER_SHOP)
    world.desk.faults.always = SystemDownError("Down.")
    world.work()
    assert world.desk.faults.calls == ["order", "order"], "one order alone may be to blame"
    assert (world.state("1001", OTHER_SHOP), len(world.order_marks())) == (OrderState.DONE, 3)
    world.desk.faults.always = None
    world.work_until_quiet()
    assert len(world.completed()) == 4


@pytest.mark.parametrize("poisoned", [1, 3])
def test_orders_that_their_shop_cannot_tell_do_not_stop_the_next(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch, poisoned: int
) -> None:
    numbers = [str(1001 + number) for number in range(poisoned)]
    for number in (*numbers, "1009"):
        world.place(placed(number))
    tell = FakeDesk.order

    def stumbling(self: FakeDesk, order_id: str, *, places: bool) -> PlacedOrder | None:
        if order_id in numbers:
            raise SystemDownError("A plugin breaks.")
        return tell(self, order_id, places=places)

    monkeypatch.setattr(FakeDesk, "order", stumbling)
    world.work()
    if poisoned > 1:  # the shop seemed to be down; from now on the one that was not asked comes first
        world.clock.advance(seconds=30)
        world.work()
    assert world.state("1009") is OrderState.DONE
    assert sorted(world.order_marks()) == ["shop/" + number for number in numbers]


def test_an_order_whose_first_call_the_till_never_answers_does_not_stop_the_next(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales_of = type(world.counter).sales_of

    def stumbling(self: FakeCounter, reference: str, source: str) -> Sequence[TillSale]:
        if reference == "1001":
            raise SystemDownError("The till stumbles over it.")
        return sales_of(self, reference, source)

    monkeypatch.setattr(type(world.counter), "sales_of", stumbling)
    place_three(world)
    assert world.work().failed == 1, "it comes last, when the till has answered for the others"
    assert [world.state(number) for number in ("1002", "1003")] == [OrderState.DONE] * 2


@pytest.mark.parametrize("call", [0, 1], ids=["read", "note the number"])
def test_a_right_that_the_shop_does_not_give_is_told(world: CounterWorld, call: int) -> None:
    world.place(placed())
    world.desk.faults.before[call] = MissingRightError("The shop gives no right to orders.", remedy="Connect again.")
    world.work()
    assert (world.state(), world.known().remedy) == (
        OrderState.DONE if call else OrderState.PARKED,
        "Connect again.",
    )
    world.mark_order("1001")
    world.work()
    assert (world.state(), world.known().reason, len(world.completed())) == (OrderState.DONE, "", 1)
    assert world.desk.orders["1001"].noted_sale


def test_the_orders_of_a_shop_that_is_paused_wait(world: CounterWorld) -> None:
    world.place(placed())
    world.memory.connections[SHOP] = replace(world.memory.connections[SHOP], state=ConnectionState.PAUSED)
    world.work()
    assert (world.desk.faults.calls, len(world.order_marks())) == ([], 1)


def test_an_order_that_cannot_be_understood_is_parked(world: CounterWorld) -> None:
    world.place(placed())
    unreadable = ItemRejectedError("Its total is no number.", remedy="Look at the order.", code="Unreadable")
    world.desk.faults.before[0] = unreadable
    world.work()
    assert (world.state(), world.known().code) == (OrderState.PARKED, "Unreadable")
    world.work_until_quiet()
    assert world.state() is OrderState.DONE


def test_an_order_that_we_stumble_over_is_parked_and_the_others_go_on(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def order(order_id: str, *, places: bool) -> PlacedOrder | None:
        del places
        if order_id == "1001":
            raise ValueError("buyer@example.com")  # as a library would
        return world.desk.orders[order_id]

    place_three(world)
    monkeypatch.setattr(world.desk, "order", order)
    world.work()
    assert (world.state("1001"), world.known("1001").code) == (OrderState.PARKED, "Unforeseen")
    assert "buyer@example.com" not in repr(world.memory)  # invariant 5
    assert [type(one) for one in world.stumbled] == [ValueError]
    assert world.state("1002") is OrderState.DONE


def test_units_are_not_let_go_while_the_till_does_not_tell_its_figure(world: CounterWorld) -> None:  # invariant 1
    world.place(placed())
    stock_of = world.till.stock_of
    world.till.stock_of = lambda _: {}  # type: ignore[method-assign, assignment]
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.SOLD, {"1": 2})
    assert "does not tell" in world.known().history[-1].what
    world.till.stock_of = stock_of  # type: ignore[method-assign]
    world.work_until_quiet()
    assert (world.state(), world.reserved(), len(world.completed())) == (OrderState.DONE, {}, 1)


def test_a_person_s_decision_meanwhile_is_seen(world: CounterWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody ignores the order just as its sale is being drafted: nothing of it is left open."""
    draft = world.counter._draft

    def ignoring(self: object, one: SaleDraft) -> TillSale:
        known = world.known()
        FakeOrderRecords(world.memory).put(replace(known, state=OrderState.IGNORED), known)
        return draft(one)

    world.place(placed())
    monkeypatch.setattr(type(world.counter), "_draft", ignoring)
    world.work()
    world.clock.advance(minutes=3)
    world.work_until_quiet()
    assert (world.state(), world.counter.counting(), world.reserved()) == (OrderState.IGNORED, [], {})


def test_work_stops_in_time_and_says_so(world: CounterWorld) -> None:
    place_three(world)
    world.deadline.remaining, world.deadline.cost = timedelta(seconds=100), timedelta(seconds=25)
    report = world.work()
    assert (report.finished, report.looked_at) == (False, 1)


def test_an_hour_without_a_till_costs_nothing_but_the_hour(world: CounterWorld) -> None:
    place_three(world)
    world.counter.faults.always = SystemDownError("Down.")
    for _ in range(30):
        with pytest.raises(SystemDownError):
            world.work()
        world.clock.advance(minutes=2)
    world.counter.faults.always = None
    world.work()
    assert [sale.reference for sale in world.completed()] == ["1001", "1002", "1003"]


def test_a_draft_that_came_late_is_put_away(world: CounterWorld) -> None:  # invariants 2 and 8
    world.place(placed())
    world.counter.faults.before[2] = LOST  # the first draft is on its way for a minute
    world.work()
    world.clock.advance(seconds=40)
    world.work()
    [done] = world.completed()
    late = replace(done, sale_id="998", completed=False, paid=Decimal(0))
    world.counter.sales["998"] = late
    world.clock.advance(minutes=2)
    world.work()
    assert world.counter.counting() == [done]
    assert world.order_marks() == []


def test_prices_of_an_order_that_does_not_add_up_are_a_person_s_matter(world: CounterWorld) -> None:
    world.place(replace(placed(charges=(product_charge(),)), total=Decimal(99)))
    world.work()
    assert (world.state(), world.known().code) == (OrderState.PARKED, "FiguresDisagree")


def test_an_order_that_cannot_even_be_parked_neatly_does_not_stop_the_next(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft differs, and the till refuses to put it away as well."""
    refusal = ItemRejectedError("The till keeps it.", remedy="Look at it.", code="Kept")

    def refuse(*_: object) -> None:
        raise refusal

    place_three(world)
    world.counter.off = Decimal("0.50")
    monkeypatch.setattr(type(world.counter), "_archive", refuse)
    assert world.work().parked == 3
    assert {world.known(number).code for number in ("1001", "1002", "1003")} == {"Kept"}
    monkeypatch.undo()
    world.counter.off = Decimal(0)
    world.work_until_quiet()
    assert [sale.completed for sale in world.counter.counting()] == [True] * 3


def test_a_row_that_cannot_be_read_does_not_stop_the_next(world: CounterWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    get = FakeOrderRecords.get

    def unreadable(self: FakeOrderRecords, shop: str, order_ids: Iterable[str]) -> Mapping[str, OrderRecord]:
        if "1001" in order_ids:
            raise TillbridgeError("The row cannot be read.", remedy="Deploy the version that wrote it.")
        return get(self, shop, order_ids)

    place_three(world)
    monkeypatch.setattr(FakeOrderRecords, "get", unreadable)
    report = world.work()
    assert (report.failed, report.finished, len(world.completed())) == (1, True, 2)
    assert world.order_marks() == ["shop/1001"]


ECHO = "Refused for Ann Ashworth (buyer@example.com, 555 0100 200), 1 Way, Springfield."


def errors_that_name_the_buyer() -> list[TillbridgeError]:
    return [
        ItemRejectedError(ECHO, remedy=ECHO),
        SystemDownError(ECHO),
        MissingRightError(ECHO, remedy=ECHO),
        LOST.__class__(ECHO),
    ]


WORDS = ("Ann", "Ashworth", "buyer@", "0100", "1 Way", "Springfield")
HOME = Address(first_name="Ann", last_name="Ashworth", street="1 Way", city="Springfield")
ANN = Buyer(email="buyer@example.com", phone="555 0100 200", address=HOME)


def said(world: CounterWorld, *more: object) -> str:
    """Give all that is kept, mailed or logged, and see that nobody is named."""
    told = repr((world.memory.records, world.memory.mails, *more))
    assert not [word for word in WORDS if word in told]
    return told


@pytest.mark.parametrize("number", range(4))
def test_a_till_that_repeats_who_buys_has_it_written_nowhere(world: CounterWorld, number: int) -> None:  # invariant 5
    """Whatever is asked, and whatever is answered: errors are stored, told in mails and logged."""
    world.change_rules(customer=CustomerRule.EACH)
    heard: list[TillbridgeError] = []
    for call in range(12):
        error = errors_that_name_the_buyer()[number]
        world.counter.faults.before = {len(world.counter.faults.calls) + call % 6: error}
        world.place(placed(str(call), buyer=ANN))
        try:
            world.work()
        except TillbridgeError as caught:
            heard.append(caught)
        world.clock.advance(minutes=30)
    assert "Refused for *** (***" in said(world, [error.as_dict() for error in heard])


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("call", ["with_consent", "note_sale"])
def test_a_shop_that_repeats_who_buys_has_it_written_nowhere(
    world: CounterWorld, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:  # invariant 5
    world.change_rules(customer=CustomerRule.EACH)
    error = errors_that_name_the_buyer()[number]

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.desk, call, refuse)
    world.place(placed(buyer=ANN))
    world.work()
    told = said(world, error.as_dict())
    assert ("Refused for *** (***" in told.partition("'code'")[0]) is (number in {0, 2}), "what passes is not noted"
    assert error.happened.startswith("Refused for *** (***")
