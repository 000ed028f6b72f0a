"""A Shopify order over two locations on its whole way: two sales in the till, and a parcel of the one that has left."""

from decimal import Decimal

import pytest

from tests.proof.orders.market import Market
from tests.proof.orders.money import BY_SHOP, PRICES, Checkout, tills_of
from tests.proof.orders.stalls import Wish, opened
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.orders.order import ChargeKind, PlacedOrder
from tillbridge.flows.import_orders.sweep import NEWS

pytestmark = pytest.mark.simulation


def leave(market: Market, location_id: int) -> None:
    """Have the sale of a location leave the house, and the till asked for its news."""
    (sale,) = (one for one in market.sales() if one.counts and one.shop_id == location_id)
    market.state.retailer.shipments.ship(sale.id, "1Z999AA10123456784")
    market.clock.advance(minutes=5)
    market.wake("till", Lane.ORDERS, NEWS)
    market.run_once()


def test_each_location_sells_and_ships_its_own() -> None:  # invariants 2 and 8
    item, other = map(str, Market().sold_items[:2])
    with opened(System.SHOPIFY, dict(zip((item, other), PRICES, strict=False)), inside=False) as stall:
        market = tills_of(stall)[BY_SHOP]
        order = Checkout(stall, {BY_SHOP: market}).ring_up(Wish({item: 3, other: 1}, {item: 1}))

        def told() -> PlacedOrder:
            read = stall.desk.order(order.order_id, places=True)
            assert read is not None
            return read

        lines = {one.ref: one.line_id for one in order.charges if one.kind is ChargeKind.PRODUCT}
        mugs, cups = lines[stall.refs[item]], lines[stall.refs[other]]
        assert sorted((one.shop_id, one.total == one.paid) for one in market.sales()) == [(1, True), (2, True)]
        leave(market, 2)
        assert told().shipped == {mugs: Decimal(1)}
        leave(market, 1)
        assert told().shipped == {mugs: Decimal(3), cups: Decimal(1)}
        assert told().noted_sale.count(", ") == 1
        assert market.stumbled == []
