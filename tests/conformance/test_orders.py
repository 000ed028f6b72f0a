"""Orders are met once they change, as far as stock needs them, and without personal data."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.conformance.front import Front
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.product import WebOrder


def long_ago(front: Front) -> datetime:
    """As far back as any shop lets us look."""
    return front.clock.now() - timedelta(days=30)


def test_a_paid_order_holds_its_units(front: Front) -> None:
    front.push(mug(), shirt())
    simple, variant = front.known("42").ref, front.known("700").ref
    placed = front.order((simple, 2), (variant, 1))

    (found,) = front.shop().orders_since(long_ago(front)).orders

    assert found.order_id == placed
    assert {line.ref: line.units for line in found.lines} == {simple: Decimal(2), variant: Decimal(1)}
    assert (found.holds_stock, found.taken_in_shop) == (True, True)
    assert found.number
    assert found.changed_at.tzinfo is not None


def test_orders_are_the_same_whether_their_places_are_asked_for_or_not(front: Front) -> None:
    front.push(mug(of_variant={"quantity": 1000}), shirt())
    for units in (1, 2, 3):
        front.order((front.known("42").ref, units), (front.known("700").ref, 1))
    shop = front.shop()
    found = shop.orders_since(long_ago(front)).orders

    located = shop.located(found)

    def without_places(order: WebOrder) -> WebOrder:
        return replace(order, lines=tuple(replace(line, places={}) for line in order.lines))

    assert [without_places(order) for order in located] == [without_places(order) for order in found]
    assert all(order.routed for order in located)
    for line in (line for order in located for line in order.lines):
        assert sum(line.places.values()) in {0, line.units}


def test_a_cancelled_order_gives_its_units_free(front: Front) -> None:
    front.push(mug())
    placed = front.order((front.known("42").ref, 2))
    front.cancel(placed)

    (found,) = front.shop().orders_since(long_ago(front)).orders

    assert (found.order_id, found.holds_stock) == (placed, False)


def test_lines_of_deleted_products_do_not_spoil_the_order(front: Front) -> None:
    front.push(mug("1"), mug("2"))
    front.order((front.known("1").ref, 1), (front.known("2").ref, 3))
    front.delete(front.links["I1"].product_id)

    (found,) = front.shop().orders_since(long_ago(front)).orders

    assert {line.ref: line.units for line in found.lines}[front.known("2").ref] == Decimal(3)


def test_more_orders_than_a_page_holds(front: Front) -> None:
    front.push(mug(of_variant={"quantity": 1000}))
    placed = [front.order((front.known("42").ref, 1)) for _ in range(front.page + 3)]

    found = front.shop().orders_since(long_ago(front)).orders

    assert sorted(order.order_id for order in found) == sorted(placed)


def test_a_later_look_overlaps_and_never_goes_back(front: Front) -> None:
    front.push(mug())
    placed = front.order((front.known("42").ref, 1))
    first = front.shop().orders_since(long_ago(front))

    second = front.shop().orders_since(first.next_look)

    assert second.next_look >= first.next_look
    assert first.next_look <= first.orders[0].changed_at
    assert {order.order_id for order in second.orders} <= {placed}


@pytest.mark.parametrize("kind", ["garbage", "truncate", "html", "empty", "cut_after"])
def test_a_look_that_failed_is_no_look(front: Front, kind: str) -> None:  # invariant 1
    front.push(mug())
    placed = front.order((front.known("42").ref, 1))
    front.fault(kind)

    try:
        page = front.shop().orders_since(long_ago(front))
    except TillbridgeError:
        page = front.shop().orders_since(long_ago(front))

    assert [order.order_id for order in page.orders] == [placed]


def test_a_first_look_meets_the_open_orders(front: Front) -> None:  # invariant 4
    front.push(mug())
    ref = front.known("42").ref
    placed, ended = front.order((ref, 2)), front.order((ref, 1))
    front.cancel(ended)

    page = front.shop().orders_since(None)

    holding = {order.order_id: order for order in page.orders if order.holds_stock}
    assert set(holding) == {placed}
    assert {line.ref: line.units for line in holding[placed].lines} == {ref: Decimal(2)}
    assert page.next_look <= front.clock.now()
