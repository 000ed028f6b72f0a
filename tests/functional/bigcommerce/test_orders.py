"""What orders mean for stock, by the ids of their statuses and by the store's own settings."""

from datetime import UTC, datetime

import pytest

from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import OrderLine, WebOrder
from tillbridge.systems.bigcommerce.traits import ORDER_SHIPPED, Traits

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOLDS = {1, 3, 7, 8, 9, 11, 12, 13, 14}
GIVEN_BACK = {4, 5, 6}


def orders(front: Storefront, **traits: str) -> list[WebOrder]:
    shop = front.adapter(traits=Traits(**traits)) if traits else front.adapter()  # type: ignore[arg-type]
    return list(shop.orders_since(LONG_AGO).orders)


def placed(front: Storefront, units: int = 1) -> int:
    return int(front.order((front.known("42").ref, units)))


@pytest.mark.parametrize("status", range(1, 15))
def test_every_status(front: Storefront, status: int) -> None:
    front.push(mug())
    number = placed(front)
    front.control("status", {"order_id": number, "status_id": status})

    (found,) = orders(front)

    assert (found.order_id, found.status) == (str(number), str(status))
    assert found.holds_stock == (status in HOLDS)
    assert found.taken_in_shop == (status not in GIVEN_BACK)


@pytest.mark.parametrize(("status", "taken"), [(11, False), (7, False), (3, False), (2, True), (10, True), (5, False)])
def test_a_store_that_counts_when_it_ships(front: Storefront, status: int, taken: bool) -> None:  # noqa: FBT001
    front.push(mug())
    number = placed(front)
    front.control("status", {"order_id": number, "status_id": status})

    (found,) = orders(front, counts_at=ORDER_SHIPPED)

    assert found.taken_in_shop == taken


def test_an_order_that_nobody_finished_is_none(front: Storefront) -> None:
    front.push(mug())
    front.control("order", {"items": [{"sku": "MUG-42", "quantity": 1}], "stage": "incomplete"})

    assert orders(front) == []


def test_an_empty_list_has_no_body_at_all(front: Storefront) -> None:
    assert orders(front) == []
    assert [call.status for call in front.calls()] == [204]


def test_refunded_units_are_free(front: Storefront) -> None:
    front.push(mug(), shirt())
    number = int(front.order((front.known("42").ref, 3), (front.known("700").ref, 2)))
    front.control("refund", {"order_id": number, "items": [{"sku": "MUG-42", "quantity": 2}]})

    (found,) = orders(front)

    assert {str(line.ref): int(line.units) for line in found.lines} == {
        str(front.known("42").ref): 1,
        str(front.known("700").ref): 2,
    }


def test_a_product_that_is_gone_leaves_its_line_as_the_order_names_it(front: Storefront) -> None:
    front.push(mug(), shirt())
    front.order((front.known("700").ref, 1))
    line = OrderLine(front.known("700").ref, orders(front)[0].lines[0].units)
    front.delete(front.links["M7"].product_id)

    assert orders(front)[0].lines == (line,)


def test_orders_that_change_while_they_are_read_hide_none(front: Storefront) -> None:
    """Pages begin behind the last id: an order that moves in the order of changes takes no other one's place."""
    front.push(mug(of_variant={"quantity": 1000}))
    numbers = [placed(front) for _ in range(255)]
    front.forget_calls()

    found = orders(front)

    assert sorted(int(order.order_id) for order in found) == sorted(numbers)
    assert len(front.calls("orders")) == 2


def test_what_changed_before_is_not_asked_for(front: Storefront) -> None:
    front.push(mug())
    placed(front)
    front.clock.advance(hours=2)
    later = placed(front)

    page = front.adapter().orders_since(front.clock.now())

    assert [order.order_id for order in page.orders] == [str(later)]


def test_no_personal_data_leaves_here(front: Storefront) -> None:  # invariant 5
    front.push(mug())
    items = [{"sku": "MUG-42", "quantity": 1}]
    front.control("order", {"items": items, "billing": {"first_name": "Maude", "email": "maude@example.com"}})

    assert "Maude" not in repr(orders(front))
    assert "maude@example.com" not in repr(orders(front))
