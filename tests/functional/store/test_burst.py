"""What a burst of orders asks of table and queues: a hundred orders seen in one look, of a merchant with four shops."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.dynamodb import Calls
from tests.fakes.people import connection, merchant
from tests.fakes.repositories import Repositories
from tests.fakes.stores import FakeLanes
from tests.fakes.systems import FakeShop
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.orders.record import mark_key
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.work import Shelf
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook

TILL = "till"
SHOPS = ("shop", "second", "third", "fourth")
SYSTEMS = (System.WOOCOMMERCE, System.SHOPIFY, System.MAGENTO, System.BIGCOMMERCE)
ORDERS, ITEMS = 100, 20


@dataclass
class Place:
    """A merchant's table and queues, and one of the shops."""

    stored: Repositories
    clock: FakeClock
    shop: FakeShop = field(init=False)
    lanes: FakeLanes = field(default_factory=FakeLanes)

    def __post_init__(self) -> None:
        self.shop = FakeShop(self.clock)
        self.stored.merchants.add(merchant())
        self.stored.connections.add(connection(TILL, system=System.LIGHTSPEED))
        for name, system in zip(SHOPS, SYSTEMS, strict=True):
            self.stored.connections.add(connection(name, system=system, account_id=f"https://{name}.example"))
            shelves = [Shelf(item_id=str(one), ref=ListingRef(str(100 + one)), known=9) for one in range(ITEMS)]
            self.stored.shelves.put(name, shelves)

    def look(self) -> int:
        stored = self.stored
        settings = MerchantSettings(orders=OrderSettings(since=NOON - timedelta(days=1)))
        keeper = ShopKeeper(
            merchant=merchant(settings=settings),
            connection=connection("shop"),
            till_id=TILL,
            shop=self.shop,
            mirror=stored.mirror,
            links=stored.links,
            shelves=stored.shelves,
            marks=stored.marks,
            reservations=stored.reservations,
            unlinked=stored.unlinked_orders,
            records=stored.order_records,
            cursors=stored.cursors,
            runs=stored.runs,
            sightings=stored.sightings,
            choices=stored.choices,
            holds=stored.holds,
            rechecks=stored.rechecks,
            clock=self.clock,
            deadline=FakeDeadline(),
        )
        return OrderBook(stored.order_notes, Fanout(stored.connections, stored.marks, self.lanes)).look(keeper)


@pytest.fixture
def place(stored: Repositories, clock: FakeClock) -> Place:
    return Place(stored, clock)


def order(number: int, clock: FakeClock) -> WebOrder:
    """Two units of one item and one of another."""
    lines = [OrderLine(ListingRef(str(100 + (number * 7 + one) % ITEMS)), Decimal(2 - one)) for one in range(2)]
    return WebOrder(
        order_id=str(1000 + number),
        number=str(1000 + number),
        status="processing",
        lines=tuple(lines),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=clock.now(),
        placed_at=clock.now(),
    )


def test_a_hundred_orders_in_one_look(place: Place, calls: Calls) -> None:
    place.look()
    place.clock.advance(minutes=1)
    place.shop.orders = [order(number, place.clock) for number in range(ORDERS)]
    place.lanes.woken.clear()
    calls.take()

    assert place.look() == ORDERS

    used = calls.take()
    assert used.pop("TransactWriteItems") == ORDERS, "what an order holds is changed as a whole"
    assert sum(used.values()) <= 35
    stock = {(shop, Lane.STOCK, "work"): 1 for shop in SHOPS}
    assert Counter(place.lanes.woken) == {**stock, (TILL, Lane.ORDERS, "work"): 1}
    marked = place.stored.marks.due(TILL, Lane.ORDERS, place.clock.now(), 1000)
    assert {mark.key for mark in marked} == {mark_key("shop", order.order_id) for order in place.shop.orders}
    for shop in SHOPS:
        due = place.stored.marks.waiting(shop, Lane.STOCK)
        assert sorted(mark.key for mark in due) == sorted(str(one) for one in range(ITEMS)), "each item once"


def test_the_same_orders_again_cost_a_look_at_the_notes(place: Place, calls: Calls) -> None:
    place.look()
    place.shop.orders = [order(number, place.clock) for number in range(ORDERS)]
    place.look()
    place.lanes.woken.clear()
    calls.take()

    assert place.look() == 0
    assert (calls.take(), place.lanes.woken) == ({"GetItem": 1, "BatchGetItem": 1}, [])


def test_each_order_holds_its_own_units(place: Place) -> None:
    place.look()
    place.shop.orders = [order(number, place.clock) for number in range(ORDERS)]
    place.look()

    reserved = place.stored.reservations.of(TILL, [str(one) for one in range(ITEMS)])
    assert sum(sum(map(int, units.values())) for units in reserved.values()) == 3 * ORDERS
    assert place.stored.reservations.held(TILL, "shop:1000") == {"0": 2, "1": 1}
    assert all(shelf.known is None for shelf in place.stored.shelves.get("shop", ["0", "19"]).values())
    assert all(shelf.known == 9 for shelf in place.stored.shelves.get("second", ["0", "19"]).values())
