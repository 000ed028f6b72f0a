"""From where the lines of an order leave is read from its fulfilment orders, and only from there they are shipped."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from sandbox.common.server import TlsFiles
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.placing import Basket, Wanted
from sandbox.shopify.sales.placing import place as placed_by_shopper
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.domain.grant import Secret
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.product import WebOrder
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.tokens import StaticToken

Units = dict[str, Decimal]
Found = TypeVar("Found")


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    with storefront(tls) as opened:
        opened.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 50}), shirt())
        opened.settle()
        opened.edit(opened.known("42").ref, stock=50, place=opened.other_places[0])
        opened.edit(opened.known("700").ref, stock=50)
        yield opened


def at(front: Storefront, here: int = 0, there: int = 0) -> Units:
    counts = {front.place: here, front.other_places[0]: there}
    return {place: Decimal(count) for place, count in counts.items() if count}


def sell(front: Storefront, here: int = 0, there: int = 0, **fields: Any) -> str:
    """Sell mugs that leave two places, and a shirt that leaves the first."""
    places = {int(place): int(count) for place, count in at(front, here, there).items()}
    mugs = Wanted(here + there, front._row(front.known("42").ref), places=places)
    shirts = Wanted(1, front._row(front.known("700").ref))
    placed = placed_by_shopper(front.state, Basket([mugs, shirts], **fields))
    front.settle()
    return str(placed.id)


def read(front: Storefront, order_id: str) -> PlacedOrder:
    order = front.desk().order(order_id, places=True)
    assert order is not None
    assert order.adds_up
    return order


def places(front: Storefront, order_id: str) -> Units:
    return dict(read(front, order_id).charges[0].places)


def counted(front: Storefront, ask: Callable[[], Found]) -> tuple[Found, int]:
    """Count the calls that something takes."""
    before = front.instruments.ledger.total
    return ask(), front.instruments.ledger.total - before


def act(front: Storefront, action: str, order_id: str, **body: Any) -> None:
    front.control(action, order=gid("Order", int(order_id)), **body)
    front.settle()


def mugs_of(front: Storefront, order_id: str) -> str:
    return read(front, order_id).charges[0].line_id


def parcel(front: Storefront, order_id: str, units: int, *leaves: str, key: str = "sale-1") -> Parcel:
    return Parcel(key=key, units={mugs_of(front, order_id): Decimal(units)}, places=leaves)


def sent(front: Storefront, order_id: str) -> list[tuple[str, int]]:
    made = (front.state.fulfillments[number] for number in front.state.orders[int(order_id)].fulfillment_ids)
    return [(str(one.location_id), one.total_quantity) for one in made]


# --- what is read -----------------------------------------------------------------------------------------------------


def test_one_line_leaves_several_places(front: Storefront) -> None:
    order = read(front, sell(front, here=2, there=1))
    assert [dict(charge.places) for charge in order.charges] == [at(front, 2, 1), at(front, 1)]
    assert order.routed


def test_places_are_not_asked_for_where_they_make_no_difference(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    order, calls = counted(front, lambda: front.desk().order(placed))
    assert order is not None
    assert ([dict(charge.places) for charge in order.charges], order.routed, calls) == ([{}, {}], True, 1)
    assert counted(front, lambda: front.desk().order(placed, places=True))[1] == 2


def test_what_has_left_stays_where_it_left_and_the_rest_can_be_moved(front: Storefront) -> None:
    placed = sell(front, here=3, there=1)
    act(front, "fulfil", placed, items=[{"sku": "MUG-42", "quantity": 1}], location=front.place)
    act(front, "move", placed, sku="MUG-42", quantity=2, location=front.other_places[0])
    rows = [front.state.fulfillment_orders[one] for one in front.state.orders[int(placed)].fulfillment_order_ids]
    assert "CLOSED" in {row.status for row in rows}  # it goes on counting what is in another by now
    assert places(front, placed) == at(front, 1, 3)


def test_an_order_that_is_moved_whole_keeps_its_fulfilment_order(front: Storefront) -> None:
    placed = sell(front, here=3)
    act(front, "move", placed, sku="MUG-42", location=front.other_places[0])
    assert places(front, placed) == at(front, 0, 3)


def test_units_taken_back_before_they_left_are_at_no_place(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    back = {"sku": "MUG-42", "quantity": 1, "location": front.other_places[0]}
    act(front, "refund", placed, items=[back], restock="CANCEL")
    order = read(front, placed)
    assert (order.charges[0].units, dict(order.charges[0].places)) == (Decimal(3), at(front, 2))
    assert [line.place for line in order.refunds[0].lines] == [front.other_places[0]]


def test_a_refund_tells_where_its_goods_are_again(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    act(front, "fulfil", placed)
    back = {"sku": "MUG-42", "quantity": 1, "location": front.other_places[0]}
    act(front, "refund", placed, items=[back], restock="RETURN")
    act(front, "refund", placed, items=[{"sku": "MUG-42", "quantity": 1}], restock="NO_RESTOCK")
    order = read(front, placed)
    assert [[line.place for line in one.lines if line.restocked] for one in order.refunds] == [
        [front.other_places[0]],
        [],
    ]
    assert dict(order.charges[0].places) == at(front, 2, 1)


def test_an_order_is_not_routed_until_shopify_has_decided(front: Storefront) -> None:
    front.state.switches.routing_waits = True
    placed = sell(front, here=2, there=1)
    assert not read(front, placed).routed
    act(front, "route", placed)
    assert (read(front, placed).routed, places(front, placed)) == (True, at(front, 2, 1))


def test_an_order_with_more_lines_and_places_than_fit_one_page_is_read_whole(front: Storefront) -> None:
    own = [Wanted(1, title=f"Own {number}", price=Decimal(1)) for number in range(120)]
    placed = str(placed_by_shopper(front.state, Basket(own)).id)
    order = read(front, placed)
    assert [dict(charge.places) for charge in order.charges] == [at(front, 1)] * 120


def test_without_the_right_the_order_is_not_sold_in_the_wrong_place(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    allowed = tuple(scope for scope in APP.scopes if "fulfillment" not in scope)
    front.token = StaticToken(Secret(front.state.issue(APP, allowed).value))
    with pytest.raises(MissingRightError):
        front.desk().order(placed, places=True)
    assert front.desk().order(placed) is not None


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_a_parcel_takes_its_own_units_of_a_line_that_two_places_send(front: Storefront) -> None:
    placed = sell(front, here=2, there=2)
    for _ in range(2):
        front.desk().ship(placed, parcel(front, placed, 2, front.other_places[0]))
    assert sent(front, placed) == [(front.other_places[0], 2)]
    front.desk().ship(placed, parcel(front, placed, 2, front.place, key="sale-2"))
    assert sent(front, placed) == [(front.other_places[0], 2), (front.place, 2)]


@pytest.mark.parametrize("by_hand", [1, 2])
def test_what_people_have_shipped_from_a_place_is_not_taken_from_another(front: Storefront, by_hand: int) -> None:
    placed = sell(front, here=2, there=2)
    act(front, "fulfil", placed, items=[{"sku": "MUG-42", "quantity": by_hand}], location=front.place)
    front.desk().ship(placed, parcel(front, placed, 2, front.place))
    rest = [(front.place, 2 - by_hand)] if by_hand < 2 else []
    assert sent(front, placed) == [(front.place, by_hand), *rest]


def test_what_was_moved_meanwhile_is_shipped_by_whoever_has_it(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    act(front, "move", placed, sku="MUG-42", quantity=2, location=front.other_places[0])
    front.desk().ship(placed, parcel(front, placed, 2, front.place))
    assert sent(front, placed) == []
    front.desk().ship(placed, parcel(front, placed, 3, front.other_places[0], key="sale-2"))
    assert sent(front, placed) == [(front.other_places[0], 3)]


def test_goods_that_people_hold_back_are_not_shipped_silently(front: Storefront) -> None:
    placed = sell(front, here=2)
    for number in front.state.orders[int(placed)].fulfillment_order_ids:
        front.state.fulfillment_orders[number].status = "ON_HOLD"
    for one in (parcel(front, placed, 2, front.place), Parcel(key="sale-2", units={})):
        with pytest.raises(ItemRejectedError, match="on hold"):
            front.desk().ship(placed, one)
    assert sent(front, placed) == []


# --- for the stock lane -----------------------------------------------------------------------------------------------


def located(front: Storefront) -> dict[str, WebOrder]:
    shop = front.shop()
    return {one.order_id: one for one in shop.located(shop.orders_since(None).orders)}


def test_many_orders_are_located_at_once(front: Storefront) -> None:
    placed = [sell(front, here=2, there=1) for _ in range(12)]
    shop = front.shop()
    orders = shop.orders_since(None).orders
    found, calls = counted(front, lambda: shop.located(orders))
    assert calls == 2
    assert [one.order_id for one in found] == [one.order_id for one in orders]
    assert {one.order_id for one in found} == set(placed)
    for one in found:
        assert [dict(line.places) for line in one.lines] == [at(front, 2, 1), at(front, 1)]


def test_an_order_is_located_by_what_has_left_and_what_waits(front: Storefront) -> None:
    placed = sell(front, here=3)
    act(front, "fulfil", placed, items=[{"sku": "MUG-42", "quantity": 1}], location=front.place)
    act(front, "move", placed, sku="MUG-42", quantity=2, location=front.other_places[0])
    assert dict(located(front)[placed].lines[0].places) == at(front, 1, 2)


def test_an_order_without_fulfilment_orders_is_not_routed_yet(front: Storefront) -> None:
    front.state.switches.routing_waits = True
    placed = sell(front, here=2, there=1)
    order = located(front)[placed]
    assert (order.routed, [dict(line.places) for line in order.lines]) == (False, [{}, {}])


def test_an_app_that_may_not_see_fulfilment_orders_gets_the_orders_as_they_are(front: Storefront) -> None:
    placed = sell(front, here=2, there=1)
    allowed = tuple(scope for scope in APP.scopes if "fulfillment" not in scope)
    front.token = StaticToken(Secret(front.state.issue(APP, allowed).value))
    order = located(front)[placed]
    assert (order.routed, [dict(line.places) for line in order.lines]) == (True, [{}, {}])
