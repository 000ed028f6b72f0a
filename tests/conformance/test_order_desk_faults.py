"""The shop fails, and we die, at every call about an order: it is read whole or not at all, and written to once."""

import itertools
import logging
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest

from tests.conformance.baskets import PERSONAL, Basket
from tests.conformance.front import Front
from tests.conformance.test_order_desk import TICKET, line_of, parcel, read, sold, stocked
from tests.fakes.crash import Crash, KilledError
from tillbridge.domain.errors import ItemRejectedError, RetryLaterError
from tillbridge.systems.order_desk import OrderDesk

HALVES = ("garbage", "truncate", "html", "empty", "cut_before", "cut_after")

REFUSAL = '{"code":"no","message":"No.","title":"No.","status":400,"data":{"status":400},"errors":"No."}'
"""A refusal in every shop's form."""


def killed_everywhere(front: Front, act: Callable[[OrderDesk], None], check: Callable[[], None]) -> int:
    """Kill an act after one step more each time, do it anew, and check; gives how often it was killed."""
    for at in itertools.count():
        try:
            act(front.desk(Crash(at)))
        except KilledError:
            front.settle()
            act(front.desk())
            check()
        else:
            return at
    raise AssertionError


def lost_everywhere(front: Front, act: Callable[[], None], check: Callable[[], None], calls: int) -> None:
    """Lose one answer more each time, do the act anew as its lane does, and check."""
    for call in range(calls):
        front.fault("cut_after", after=call)
        for _ in range(3):
            try:
                act()
            except RetryLaterError:
                front.settle()
            else:
                break
        act()
        check()


class Orders:
    """Fresh orders of three mugs; an act and its check are about the same one."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.mugs, _ = stocked(front)
        self.next()

    def next(self) -> None:
        self.order_id = self.front.sell(Basket(lines={self.mugs: 3}))
        self.line = line_of(self.front, self.order_id)

    def note(self, desk: OrderDesk) -> None:
        desk.note_sale(self.order_id, TICKET)

    def ship_two(self, desk: OrderDesk) -> None:
        desk.ship(self.order_id, parcel("sale-1", **{self.line: 2}))

    def ship_rest(self, desk: OrderDesk) -> None:
        desk.ship(self.order_id, parcel("sale-1"))

    def noted_once(self) -> None:
        assert read(self.front, self.order_id).noted_sale == TICKET
        assert len(self.front.sale_notes(self.order_id)) == 1
        self.next()

    def two_left(self) -> None:
        assert read(self.front, self.order_id).shipped == {self.line: Decimal(2)}
        self.next()

    def all_left(self) -> None:
        assert read(self.front, self.order_id).shipped == {self.line: Decimal(3)}
        self.next()


def test_a_sale_is_noted_once_wherever_a_worker_dies(front: Front) -> None:  # invariant 8
    orders = Orders(front)

    assert killed_everywhere(front, orders.note, orders.noted_once) >= 4


def test_a_parcel_leaves_once_wherever_a_worker_dies(front: Front) -> None:  # invariant 8
    orders = Orders(front)

    assert killed_everywhere(front, orders.ship_two, orders.two_left) >= 4


def test_the_rest_leaves_once_wherever_a_worker_dies(front: Front) -> None:  # invariant 8
    orders = Orders(front)

    assert killed_everywhere(front, orders.ship_rest, orders.all_left) >= 4


def calls_of(front: Front, act: Callable[[OrderDesk], None]) -> int:
    front.forget_calls()
    act(front.desk())
    return len(front.calls())


def test_a_sale_is_noted_once_whichever_answer_is_lost(front: Front) -> None:  # invariant 8
    orders = Orders(front)
    calls = calls_of(front, orders.note)
    orders.noted_once()

    lost_everywhere(front, lambda: orders.note(front.desk()), orders.noted_once, calls)


def test_a_parcel_leaves_once_whichever_answer_is_lost(front: Front) -> None:  # invariant 8
    orders = Orders(front)
    calls = calls_of(front, orders.ship_two)
    orders.two_left()

    lost_everywhere(front, lambda: orders.ship_two(front.desk()), orders.two_left, calls)


@pytest.mark.parametrize("kind", HALVES)
def test_half_an_order_is_none(front: Front, kind: str) -> None:  # invariant 7
    placed = sold(front)
    front.refund(placed, front.known("42").ref, 1, restock=False)
    front.forget_calls()
    whole = read(front, placed)
    calls = len(front.calls())

    for call in range(calls):
        front.fault(kind, after=call)
        with suppress(RetryLaterError):
            assert front.desk().order(placed) == whole
        front.instruments.faults.clear()

    assert calls >= 1
    assert read(front, placed) == whole


def test_nothing_of_the_buyer_is_in_what_is_said_of_half_an_order(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:  # invariant 5
    caplog.set_level(logging.DEBUG, "tillbridge")
    placed = sold(front)
    said = []
    for kind in HALVES:
        front.fault(kind, times=None)
        with pytest.raises(RetryLaterError) as caught:
            front.desk().order(placed)
        front.instruments.faults.clear()
        said += [str(caught.value), repr(caught.value.as_dict())]

    assert not [word for word in PERSONAL if word in " ".join([*said, caplog.text])]


@pytest.mark.parametrize("act", ["note", "ship_two"])
def test_what_the_shop_refuses_names_the_order_and_what_to_do(front: Front, act: str) -> None:
    orders = Orders(front)
    calls = calls_of(front, getattr(orders, act))
    orders.next()
    front.fault("status", status=400, body=REFUSAL, after=calls - 1)

    with pytest.raises(ItemRejectedError) as caught:
        getattr(orders, act)(front.desk())

    assert caught.value.subject.thing == f"order {orders.order_id}"
    assert caught.value.remedy
