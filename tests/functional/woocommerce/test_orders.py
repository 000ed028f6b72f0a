"""Orders are met once they change, however the list moves meanwhile, and without personal data."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.shop import OrderPage

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def order(front: Storefront, *lines: dict[str, Any], **fields: Any) -> Any:
    body = {"set_paid": True, "line_items": list(lines), "billing": {"email": "someone@example.com"}, **fields}
    return front.change("/orders", body, "POST")


def look(front: Storefront, since: datetime = LONG_AGO) -> OrderPage:
    return front.adapter().orders_since(since)


def by_id(page: OrderPage) -> dict[str, WebOrder]:
    return {entry.order_id: entry for entry in page.orders}


def test_a_paid_order_holds_its_units(front: Storefront) -> None:
    front.push(mug(), shirt())
    simple = front.links["I42"].variants[0].ref
    variation = front.links["M7"].variants[0].ref
    placed = order(
        front,
        {"product_id": int(simple.product_id), "quantity": 2},
        {"product_id": int(variation.product_id), "variation_id": int(variation.variant_id), "quantity": 1},
    )

    (found,) = look(front).orders

    assert (found.order_id, found.status) == (str(placed["id"]), "processing")
    assert found.lines == (OrderLine(simple, Decimal(2), "MUG-42"), OrderLine(variation, Decimal(1), "SHIRT-7-Black-S"))
    assert (found.holds_stock, found.taken_in_shop) == (True, True)
    assert found.changed_at.tzinfo is not None


@pytest.mark.parametrize(
    ("status", "holds", "taken"),
    [
        ("processing", True, True),
        ("on-hold", True, True),
        ("completed", False, True),
        ("cancelled", False, False),
        ("refunded", False, False),
        ("failed", False, False),
        ("pending", False, False),
    ],
)
def test_what_each_status_means(front: Storefront, status: str, *, holds: bool, taken: bool) -> None:
    placed = order(front)
    front.change(f"/orders/{placed['id']}", {"status": status})

    (found,) = look(front).orders

    assert (found.status, found.holds_stock, found.taken_in_shop) == (status, holds, taken)


def test_an_order_in_the_trash_gives_its_units_free(front: Storefront) -> None:
    placed = order(front)
    front.change(f"/orders/{placed['id']}", None, "DELETE")

    (found,) = look(front).orders

    assert (found.status, found.holds_stock) == ("trash", False)


def test_carts_are_no_orders(front: Storefront) -> None:
    placed = order(front)
    front.change(f"/orders/{placed['id']}", {"status": "checkout-draft"})

    assert look(front).orders == ()


def test_lines_of_deleted_products_do_not_count(front: Storefront) -> None:
    order(front, {"product_id": 99999, "quantity": 1})
    row = front.state.orders[next(iter(front.state.orders))]
    assert row.status == "processing"

    (found,) = look(front).orders

    assert [line.ref for line in found.lines] in ([], [ListingRef("99999")])


def test_the_next_look_overlaps_this_one(front: Storefront) -> None:
    order(front)
    first = look(front)

    second = look(front, first.next_look)

    assert datetime.now(UTC) - timedelta(minutes=2) < first.next_look < datetime.now(UTC)
    assert by_id(second) == by_id(first), "what changed in the last moment is met again"
    assert look(front, datetime.now(UTC) + timedelta(hours=1)).orders == ()


def test_a_look_never_goes_back(front: Storefront) -> None:
    later = datetime.now(UTC) + timedelta(days=1)

    assert look(front, later).next_look == later


def test_an_order_of_the_very_second_is_met(front: Storefront) -> None:
    placed = order(front)
    moment = datetime.fromisoformat(placed["date_modified_gmt"]).replace(tzinfo=UTC)

    assert str(placed["id"]) in by_id(look(front, moment))


def test_no_personal_data_is_asked_for(front: Storefront) -> None:  # invariant 5
    order(front)
    front.forget_calls()
    shop = front.adapter()
    bodies: list[bytes] = []
    send = shop.client._http.send

    def listening(request: Request) -> Answer:
        answer = send(request)
        bodies.append(answer.body)
        return answer

    shop.client._http.send = listening  # type: ignore[method-assign]
    shop.orders_since(LONG_AGO)

    assert bodies
    assert not any(b"someone@example.com" in body or b"billing" in body for body in bodies)


def test_orders_that_change_while_pages_are_read_are_not_lost(front: Storefront) -> None:
    placed = [order(front) for _ in range(250)]
    shop = front.adapter()
    client = shop.client
    page = client.page
    turned = iter([str(entry["id"]) for entry in placed[:100]])

    def moving(route: str, params: Any, number: int = 1) -> Any:
        listing = page(route, params, number)
        for _ in range(20):
            front.change(f"/orders/{next(turned)}", {"status": "completed"})
        return listing

    client.page = moving  # type: ignore[method-assign]

    found = by_id(shop.orders_since(LONG_AGO))

    assert set(found) == {str(entry["id"]) for entry in placed}


def test_an_order_deleted_meanwhile_has_the_list_read_again(front: Storefront) -> None:
    placed = [order(front) for _ in range(150)]
    shop = front.adapter()
    page = shop.client.page
    gone = iter([placed[0]["id"]])

    def shrinking(route: str, params: Any, number: int = 1) -> Any:
        listing = page(route, params, number)
        if (order_id := next(gone, None)) is not None:
            front.change(f"/orders/{order_id}?force=true", None, "DELETE")
        return listing

    shop.client.page = shrinking  # type: ignore[method-assign]

    found = by_id(shop.orders_since(LONG_AGO))

    assert set(found) == {str(entry["id"]) for entry in placed[1:]}


def test_a_list_that_never_stops_shrinking_is_given_up(front: Storefront) -> None:
    placed = [order(front) for _ in range(110)]
    shop = front.adapter()
    page = shop.client.page
    gone = iter([entry["id"] for entry in placed])

    def shrinking(route: str, params: Any, number: int = 1) -> Any:
        listing = page(route, params, number)
        if number == 1:
            front.change(f"/orders/{next(gone)}?force=true", None, "DELETE")
        return listing

    shop.client.page = shrinking  # type: ignore[method-assign]

    with pytest.raises(GarbledAnswerError, match="shrinks"):
        shop.orders_since(LONG_AGO)


def test_a_first_look_meets_what_is_open_and_nothing_else(front: Storefront) -> None:  # invariant 4
    placed = {status: order(front, status=status) for status in ("processing", "on-hold", "completed", "cancelled")}
    front.forget_calls()

    page = front.adapter().orders_since(None)

    assert set(by_id(page)) == {str(placed["processing"]["id"]), str(placed["on-hold"]["id"])}
    assert len(front.calls()) == 1
    assert datetime.now(UTC) - timedelta(minutes=2) < page.next_look < datetime.now(UTC)


def test_open_orders_that_end_while_pages_are_read_hide_no_other(front: Storefront) -> None:  # invariant 4
    placed = [str(order(front)["id"]) for _ in range(220)]
    shop = front.adapter()
    page = shop.client.page
    ended: list[str] = []

    def ending(route: str, params: Any, number: int = 1) -> Any:
        """Some at the beginning end and as many come behind, so that the total stays as it is."""
        listing = page(route, params, number)
        for order_id in placed[len(ended) : len(ended) + 20]:
            front.change(f"/orders/{order_id}", {"status": "completed"})
            ended.append(order_id)
            order(front)
        return listing

    shop.client.page = ending  # type: ignore[method-assign]

    found = shop.orders_since(None)

    assert set(by_id(found)) >= set(placed) - set(ended)
    assert set(by_id(look(front, found.next_look))) >= set(ended)


def test_one_quiet_look_is_one_call(front: Storefront) -> None:
    look(front)

    assert len(front.calls()) == 1
