"""Shops count whole seconds: what changes twice within one, or while a list is read, is met in its last state."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

import pytest

from sandbox.common.server import TlsFiles
from tests.conformance.baskets import Basket
from tests.conformance.front import Front
from tests.conformance.fronts import FRONTS, STANDING_STILL
from tests.fakes.crash import Crash
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.product import WebOrder

Looks = Sequence[dict[str, WebOrder]]
"""What two looks have told, by order."""


@pytest.fixture(params=sorted(FRONTS))
def still(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Front]:
    """Open a shop in which no time passes unless it is told to."""
    with STANDING_STILL[request.param](tls) as opened:
        yield opened


def seen(front: Front, order_id: str) -> WebOrder:
    page = front.shop().orders_since(front.clock.now() - timedelta(days=1))
    return next(order for order in page.orders if order.order_id == order_id)


def test_two_states_of_one_second_are_told_apart(still: Front) -> None:  # invariant 2
    """Money that is given back without any goods changes neither the units nor, the second time, the status."""
    still.push(mug(of_variant={"quantity": 9}))
    placed = still.sell(Basket(lines={still.known("42").ref: 3}))
    still.settle()
    states = [seen(still, placed)]
    for _ in range(2):
        still.pay_back(placed, Decimal(1))
        states.append(seen(still, placed))
    still.clock.advance(seconds=2)
    last = seen(still, placed)

    assert states[1].changed_at == states[2].changed_at
    assert (states[1].status, states[1].lines) == (states[2].status, states[2].lines)
    if still.shop().system == "bigcommerce":  # its list tells no refunds: an order is a new one once its second is over
        states[2] = last
    assert states[1].content != states[2].content
    assert seen(still, placed) == last, "what stays as it is does not look new"


@dataclass
class Meddling(Crash):
    """Does something in the shop before each of our requests."""

    meddle: Callable[[], object] = lambda: None

    def step(self, name: str) -> None:
        if name.startswith("before"):
            self.meddle()


HALF_PAST_ONE = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
"""In New York, half an hour before its clocks go back from two to one."""

ROWS = {"bigcommerce": 250, "magento": 100, "shopify": 50, "woocommerce": 100}
"""Orders that a page of each shop's list holds."""


def many(front: Front) -> list[str]:
    """Have more orders placed within one second than a page holds."""
    front.push(mug(of_variant={"quantity": 1000}))
    number = ROWS[front.shop().system] + 40
    placed = [front.order((front.known("42").ref, 1)) for _ in range(number)]
    front.settle()
    return placed


def looks(front: Front, since: datetime | None, meddle: Callable[[], object]) -> Looks:
    """Look while somebody meddles, and once more from where the next look begins, when all is quiet."""
    page = front.shop(Meddling(meddle=meddle)).orders_since(since)
    front.settle()
    again = front.shop().orders_since(page.next_look)
    return [{order.order_id: order for order in one.orders} for one in (page, again)]


def ending_meanwhile(front: Front, placed: Sequence[str], since: datetime | None) -> tuple[Looks, set[str]]:
    """Look twice while the first sixty orders end, a dozen with each page; gives the looks, and what has ended."""
    ending = iter(placed[:60])

    def end() -> None:
        front.clock.advance(seconds=1)
        for order_id in islice(ending, 12):
            front.cancel(order_id)

    found = looks(front, since, end)
    return found, set(placed[:60]) - set(ending)


def test_orders_that_change_while_a_list_is_read_hide_no_other(still: Front) -> None:  # invariant 4
    """All are of one second, so that the border of a page goes through it; what changes moves to the list's end."""
    placed = many(still)
    still.clock.advance(hours=1)
    (first, second), changed = ending_meanwhile(still, placed, still.clock.now() - timedelta(days=1))
    assert set(first) == set(placed)
    assert len(changed) >= 12
    assert {order_id for order_id, order in (first | second).items() if not order.holds_stock} == changed


def test_open_orders_that_end_while_they_are_read_hide_no_other(still: Front) -> None:  # invariant 4
    placed = many(still)
    still.clock.advance(hours=1)
    (first, second), ended = ending_meanwhile(still, placed, None)
    assert {order_id for order_id, order in (first | second).items() if order.holds_stock} == set(placed) - ended


def test_the_hour_that_a_shop_s_own_clock_goes_through_twice(still: Front) -> None:
    """In New York, where the shops are, it is half past one twice in this night; nothing is missed or taken twice."""
    still.push(mug(of_variant={"quantity": 9}))
    first, second = HALF_PAST_ONE, HALF_PAST_ONE + timedelta(hours=1)
    placed: dict[str, datetime] = {}
    for moment in (first, second):
        still.clock.time = moment
        placed[still.order((still.known("42").ref, 1))] = moment
        still.settle()

    found = {since: still.shop().orders_since(since).orders for since in (first, second)}

    assert {order.order_id: order.placed_at for order in found[first]} == placed
    assert [order.placed_at for order in found[second]] == [second]
    assert [order.changed_at for order in found[second]] == [second]
    assert still.shop().orders_since(first).next_look > second - timedelta(minutes=10)
