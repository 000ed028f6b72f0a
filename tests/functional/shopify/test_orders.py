"""Which orders hold stock, and for how long (facts/shopify.md, section 8)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.shopify.sales.fulfillments import fulfil_all
from sandbox.shopify.sales.placing import Basket, Wanted, place
from sandbox.shopify.sales.refunds import refund_everything
from sandbox.shopify.web.cost import page_cost
from tests.functional.shopify.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.product import WebOrder
from tillbridge.systems.shopify.orders import OVERLAP


def long_ago(front: Storefront) -> datetime:
    return front.clock.now() - timedelta(days=30)


def orders(front: Storefront) -> dict[str, WebOrder]:
    return {order.order_id: order for order in front.shop().orders_since(long_ago(front)).orders}


def test_goods_that_have_left_hold_nothing(front: Storefront) -> None:
    front.push(mug("1"))
    placed = front.order((front.known("1").ref, 1))
    fulfil_all(front.state, front.state.orders[int(placed)])
    front.settle()

    order = orders(front)[placed]

    assert (order.holds_stock, order.taken_in_shop, order.status) == (False, True, "fulfilled")


def test_an_order_is_met_before_the_search_knows_of_it(front: Storefront) -> None:
    """A web hook comes sooner than the search (facts/shopify.md, section 7)."""
    front.push(mug("1"))
    row = front._row(front.known("1").ref)
    placed = str(place(front.state, Basket([Wanted(2, row)])).id)
    assert orders(front)[placed].holds_stock
    assert [order.order_id for order in front.shop().orders_since(None).orders] == [placed]
    fulfil_all(front.state, front.state.orders[int(placed)])
    assert not orders(front)[placed].holds_stock, "what it was a moment ago is not what it is now"


def test_a_look_at_orders_is_one_cheap_request(front: Storefront) -> None:
    """A search that finds nothing is free, and so are scalars: what is left is a page of three."""
    front.push(mug("1", of_variant={"quantity": 20}))
    for _ in range(6):
        front.order((front.known("1").ref, 1))
    front.clock.advance(seconds=OVERLAP.total_seconds() + 1)
    front.forget_calls()
    assert not front.shop().orders_since(front.clock.now()).orders
    [look] = front.instruments.ledger.calls()
    assert look.cost == page_cost(3) == 4


@pytest.mark.parametrize(("placed", "calls"), [(2, 2), (3, 3)])
def test_more_are_asked_for_when_many_have_just_changed(front: Storefront, placed: int, calls: int) -> None:
    """The last ones, and those that the search does not know of yet, cost a request each."""
    front.push(mug("1", of_variant={"quantity": 20}))
    row = front._row(front.known("1").ref)
    ids = {str(place(front.state, Basket([Wanted(1, row)])).id) for _ in range(placed)}
    front.forget_calls()
    assert orders(front).keys() == ids
    assert len(front.calls()) == calls


def test_an_order_that_is_paid_back_holds_nothing(front: Storefront) -> None:
    front.push(mug("1"))
    placed = front.order((front.known("1").ref, 1))
    refund_everything(front.state, front.state.orders[int(placed)], "NO_RESTOCK", None)
    front.settle()

    assert not orders(front)[placed].holds_stock


def test_a_test_order_is_none(front: Storefront) -> None:
    front.push(mug("1"))
    row = front._row(front.known("1").ref)
    place(front.state, Basket([Wanted(1, row)], test=True))
    front.settle()

    assert orders(front) == {}


def test_tips_and_what_has_no_variant_are_left_out(front: Storefront) -> None:
    front.push(mug("1"))
    row = front._row(front.known("1").ref)
    placed = place(front.state, Basket([Wanted(1, row), Wanted(1, None, "Gift wrap", Decimal(3))], tip=Decimal(2)))
    front.settle()

    (line,) = orders(front)[str(placed.id)].lines

    assert (line.ref, line.sku) == (front.known("1").ref, "MUG-1")


def test_an_order_of_very_many_lines(front: Storefront) -> None:
    front.push(shirt(sizes=tuple(f"Size {number}" for number in range(40))))
    placed = front.order(*[(known.ref, 1) for known in front.links["M7"].variants])

    assert len(orders(front)[placed].lines) == 80


def test_a_first_look_meets_what_is_open_however_old(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    old = front.order((front.known("1").ref, 1))
    sent = front.order((front.known("2").ref, 1))
    fulfil_all(front.state, front.state.orders[int(sent)])
    front.clock.advance(hours=24 * 40)

    found = front.shop().orders_since(None).orders

    assert [order.order_id for order in found] == [old]


def test_a_search_that_is_not_understood_is_not_believed(front: Storefront) -> None:  # invariant 1
    """Shopify ignores a key that it does not know and answers with everything."""
    front.push(mug("1"))
    front.order((front.known("1").ref, 1))
    front.state.indexes["Order"].keys = frozenset({"status"})

    with pytest.raises(GarbledAnswerError) as caught:
        front.shop().orders_since(long_ago(front))

    assert caught.value.code == "SearchIgnored"


@pytest.mark.parametrize(("times", "met"), [(1, 51), (2, 51), (3, 50)])
def test_a_page_of_orders_that_lost_a_row_is_read_again(front: Storefront, times: int, met: int) -> None:
    """What says the same twice is believed: no page would ever be read otherwise that Shopify itself cuts short.

    Of a list that goes on the very first page, which comes with the look, is not used.
    """
    front.push(mug("1", of_variant={"quantity": 100}))
    for _ in range(51):
        front.order((front.known("1").ref, 1))
    front.fault("lose_rows", times=times)

    assert len(orders(front)) == met


def test_a_page_of_orders_that_says_something_else_each_time_is_not_believed(front: Storefront) -> None:  # invariant 1
    front.push(mug("1", of_variant={"quantity": 100}))
    for _ in range(51):
        front.order((front.known("1").ref, 1))
    front.fault("lose_rows", times=2)  # of the look, and of the list that is read because of it
    front.fault("lose_rows", rows=2)

    with pytest.raises(GarbledAnswerError) as caught:
        orders(front)

    assert caught.value.code == "CutShort"
